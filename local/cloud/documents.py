"""Firestore: read documents, and commit writes under preconditions.

No transactions, queries or transforms: our one collection is compared and set by `update_time`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
from google.cloud.firestore_v1.types import document, firestore, write
from google.protobuf.timestamp_pb2 import Timestamp

from local.cloud.calls import Rejected, streaming, unary, unimplemented
from local.cloud.fields import check_document, check_name, copy_masked
from local.cloud.store import Store, Transaction

SERVICE = "/google.firestore.v1.Firestore"
Document = document.Document.pb()


class Documents:
    """What a Firestore client may ask."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def calls(self) -> dict[str, grpc.RpcMethodHandler]:
        """Name what is served."""
        get, commit = firestore.BatchGetDocumentsRequest.pb(), firestore.CommitRequest.pb()
        return {
            f"{SERVICE}/BatchGetDocuments": streaming(self._get, get),
            f"{SERVICE}/Commit": unary(self._commit, commit),
        }

    def _get(self, request: Any) -> Iterator[Any]:  # noqa: ANN401
        if request.WhichOneof("consistency_selector"):
            raise unimplemented("BatchGetDocuments in a transaction or at a time")
        answers = []
        with self._store.transaction() as transaction:
            read_time = _timestamp(self._store.tick())
            for name in dict.fromkeys(request.documents):
                check_name(name)
                stored = _find(transaction, name)
                answer = firestore.BatchGetDocumentsResponse.pb()(read_time=read_time)
                if stored is None:
                    answer.missing = name
                else:
                    answer.found.CopyFrom(_masked(stored, request))
                answers.append(answer)
        yield from answers

    def _commit(self, request: Any) -> Any:  # noqa: ANN401
        if request.transaction:
            raise unimplemented("Commit of a transaction")
        answer = firestore.CommitResponse.pb()()
        with self._store.transaction() as transaction:
            now_us = self._store.tick()
            for one in request.writes:
                updated_us = _apply(transaction, one, now_us)
                result = write.WriteResult.pb()()
                if updated_us:
                    result.update_time.CopyFrom(_timestamp(updated_us))
                answer.write_results.append(result)
        answer.commit_time.CopyFrom(_timestamp(now_us))
        return answer


def _apply(transaction: Transaction, one: Any, now_us: int) -> int:  # noqa: ANN401
    """Make one write; the answer is the document's update time, 0 for a delete."""
    kind = one.WhichOneof("operation")
    if kind not in ("update", "delete") or one.update_transforms:
        raise unimplemented(f"the write {kind} with {len(one.update_transforms)} transforms")
    name = one.update.name if kind == "update" else one.delete
    check_name(name)
    stored = _find(transaction, name)
    _check_precondition(one.current_document, name, stored)
    if kind == "delete":
        transaction.execute("delete from documents where name = ?", (name,))
        return 0
    return _update(transaction, one, stored, now_us)


def _update(transaction: Transaction, one: Any, stored: Any, now_us: int) -> int:  # noqa: ANN401
    changed = Document(name=one.update.name)
    if one.HasField("update_mask"):
        if stored is not None:
            changed.fields.MergeFrom(stored.fields)
        copy_masked(one.update.fields, changed.fields, list(one.update_mask.field_paths))
    else:
        changed.fields.MergeFrom(one.update.fields)
    check_document(changed)
    content = changed.SerializeToString(deterministic=True)
    if stored is None:
        transaction.execute(
            "insert into documents values (?, ?, ?, ?)", (changed.name, content, now_us, now_us)
        )
        return now_us
    # An equal write does not move the time: Google's server does the same.
    (updated_us,) = transaction.execute(
        "update documents set updated_us = iif(content = ?, updated_us, ?), content = ?"
        " where name = ? returning updated_us",
        (content, now_us, content, changed.name),
    ).fetchone()
    return int(updated_us)


def _check_precondition(condition: Any, name: str, stored: Any) -> None:  # noqa: ANN401
    kind = condition.WhichOneof("condition_type")
    if kind == "exists" and condition.exists != (stored is not None):
        code = grpc.StatusCode.NOT_FOUND if condition.exists else grpc.StatusCode.ALREADY_EXISTS
        raise Rejected(code, f"{name} {'is missing' if condition.exists else 'exists already'}")
    if kind == "update_time" and (stored is None or stored.update_time != condition.update_time):
        raise Rejected(grpc.StatusCode.FAILED_PRECONDITION, f"{name} is another version by now")


def _find(transaction: Transaction, name: str) -> Any:  # noqa: ANN401
    row = transaction.execute(
        "select content, created_us, updated_us from documents where name = ?", (name,)
    ).fetchone()
    if row is None:
        return None
    stored = Document.FromString(row[0])
    stored.create_time.CopyFrom(_timestamp(row[1]))
    stored.update_time.CopyFrom(_timestamp(row[2]))
    return stored


def _masked(stored: Any, request: Any) -> Any:  # noqa: ANN401
    if not request.HasField("mask"):
        return stored
    picked = Document(
        name=stored.name, create_time=stored.create_time, update_time=stored.update_time
    )
    copy_masked(stored.fields, picked.fields, list(request.mask.field_paths))
    return picked


def _timestamp(time_us: int) -> Timestamp:
    stamp = Timestamp()
    stamp.FromMicroseconds(time_us)
    return stamp
