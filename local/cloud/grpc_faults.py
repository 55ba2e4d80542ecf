"""Faults on the gRPC port: calls that are refused, or done without anybody hearing of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import grpc

from local.cloud.fault_rules import Fault
from local.cloud.faults import Faults

REFUSALS = {
    "unavailable": grpc.StatusCode.UNAVAILABLE,
    "429": grpc.StatusCode.RESOURCE_EXHAUSTED,
}
Names = Callable[[Any], Iterator[str]]


class FaultyCalls(grpc.ServerInterceptor):  # type: ignore[misc]  # grpcio brings no types
    """Stands before every call that has a name among the faults."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def intercept_service(
        self,
        continuation: Callable[[Any], grpc.RpcMethodHandler],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler:
        """Give the handler of a call, with faults before it; gRPC asks this."""
        handler = continuation(handler_call_details)
        named = CALLS.get(handler_call_details.method)
        if named is None:
            return handler
        call, names = named
        if handler.response_streaming:

            def stream(asked: Any, context: grpc.ServicerContext) -> Iterator[Any]:  # noqa: ANN401
                yield from self._guarded(call, names, asked, context, _listed(handler.unary_stream))

            return grpc.unary_stream_rpc_method_handler(
                stream, handler.request_deserializer, handler.response_serializer
            )

        def serve(asked: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401
            return self._guarded(call, names, asked, context, handler.unary_unary)

        return grpc.unary_unary_rpc_method_handler(
            serve, handler.request_deserializer, handler.response_serializer
        )

    def _guarded(
        self,
        call: str,
        names: Names,
        asked: Any,  # noqa: ANN401
        context: grpc.ServicerContext,
        answer: Callable[[Any, grpc.ServicerContext], Any],
    ) -> Any:  # noqa: ANN401
        strike = self._faults.strike(call, lambda: names(asked))
        if strike is None:
            return answer(asked, context)
        fault = strike.fault
        if fault.action in REFUSALS:
            context.abort(REFUSALS[fault.action], f"fault {strike.rule}")
        try:
            answer(asked, context)
        finally:  # also a refusal gets lost
            _lose(fault, context)


def _lose(fault: Fault, context: grpc.ServicerContext) -> None:
    if fault.action == "hang":
        ended = threading.Event()
        if context.add_callback(ended.set):
            ended.wait(fault.seconds)
    context.abort(grpc.StatusCode.UNAVAILABLE, "the answer got lost")


def _listed(stream: Callable[..., Iterator[Any]]) -> Callable[..., list[Any]]:
    return lambda asked, context: list(stream(asked, context))


def _read(asked: Any) -> Iterator[str]:  # noqa: ANN401
    return (_path(name) for name in asked.documents)


def _written(asked: Any) -> Iterator[str]:  # noqa: ANN401
    for one in asked.writes:
        yield _path(one.update.name or one.delete)
        if "key" in one.update.fields:
            yield one.update.fields["key"].string_value


def _published(asked: Any) -> Iterator[str]:  # noqa: ANN401
    yield asked.topic.rpartition("/")[2]
    for message in asked.messages:
        yield message.data.decode("utf-8", "replace")


def _path(document: str) -> str:
    return document.partition("/documents/")[2]


CALLS: Mapping[str, tuple[str, Names]] = {
    "/google.firestore.v1.Firestore/BatchGetDocuments": ("firestore.BatchGetDocuments", _read),
    "/google.firestore.v1.Firestore/Commit": ("firestore.Commit", _written),
    "/google.pubsub.v1.Publisher/Publish": ("pubsub.Publish", _published),
}
