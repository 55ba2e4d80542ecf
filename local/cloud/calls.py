"""The plumbing of our gRPC port: which calls there are, and a clear no to all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

from local.cloud.faults import Faults
from local.cloud.grpc_faults import FaultyCalls
from local.cloud.store import Full

THREADS = 32
MOST_BYTES = 16 * 1024 * 1024


class Rejected(Exception):
    """The call is answered with a gRPC status: one of the codes that Google's services give."""

    def __init__(self, code: grpc.StatusCode, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def invalid(text: str) -> Rejected:
    """Say that the request itself is wrong."""
    return Rejected(grpc.StatusCode.INVALID_ARGUMENT, text)


def unimplemented(what: str) -> Rejected:
    """Say that this cloud does not do it."""
    return Rejected(grpc.StatusCode.UNIMPLEMENTED, f"the local cloud does not implement {what}")


def unary(answer: Callable[[Any], Any], request: Any) -> grpc.RpcMethodHandler:  # noqa: ANN401
    """Serve a call with one answer; `request` is its message class."""

    def serve(asked: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401
        try:
            return answer(asked)
        except Rejected as rejected:
            context.abort(rejected.code, rejected.text)
        except Full as full:
            context.abort(grpc.StatusCode.UNAVAILABLE, str(full))

    return grpc.unary_unary_rpc_method_handler(serve, request.FromString, _encode)


def streaming(answer: Callable[[Any], Iterator[Any]], request: Any) -> grpc.RpcMethodHandler:  # noqa: ANN401
    """Serve a call with many answers."""

    def serve(asked: Any, context: grpc.ServicerContext) -> Iterator[Any]:  # noqa: ANN401
        try:
            yield from answer(asked)
        except Rejected as rejected:
            context.abort(rejected.code, rejected.text)
        except Full as full:
            context.abort(grpc.StatusCode.UNAVAILABLE, str(full))

    return grpc.unary_stream_rpc_method_handler(serve, request.FromString, _encode)


class Calls:
    """Looks a call up by its full name; every other one is told that it is not implemented."""

    def __init__(self, known: Mapping[str, grpc.RpcMethodHandler]) -> None:
        self._known = known

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        """Find who serves a call; gRPC asks this."""
        return self._known.get(details.method) or _refuse(details.method)


def serve(
    known: Mapping[str, grpc.RpcMethodHandler], host: str, port: int, faults: Faults
) -> tuple[grpc.Server, int]:
    """Start serving; port 0 takes a free one, the answer says which.

    Raises OSError when the port is taken.
    """
    options = [("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", MOST_BYTES)]
    server = grpc.server(
        ThreadPoolExecutor(THREADS), options=options, interceptors=(FaultyCalls(faults),)
    )
    server.add_generic_rpc_handlers((Calls(known),))
    try:
        bound = int(server.add_insecure_port(f"{host}:{port}"))
    except RuntimeError as error:
        raise OSError(f"port {port} is taken") from error
    server.start()
    return server, bound


def _refuse(method: str) -> grpc.RpcMethodHandler:
    def serve(_asked: object, context: grpc.ServicerContext) -> None:
        rejected = unimplemented(method)
        context.abort(rejected.code, rejected.text)

    return grpc.stream_stream_rpc_method_handler(serve)


def _encode(message: Any) -> bytes:  # noqa: ANN401
    encoded: bytes = message.SerializeToString()
    return encoded
