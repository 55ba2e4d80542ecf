"""Tell how far a request is.  HTTP: GET /requests/… -> JSON; nothing is written."""

import flask
import functions_framework

from shared.status.http import Asked
from shared.status.wired import front


@functions_framework.http
def status(request: flask.Request) -> flask.Response:
    """Start here."""
    query = tuple(request.args.items(multi=True))
    answer = front().answer(Asked(request.method, request.path, query, dict(request.headers)))
    return flask.Response(answer.body, answer.status, answer.headers)
