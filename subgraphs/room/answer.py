"""Running an operation and writing its answer.

What comes in: the room's schema, a checked document, variables, the call. What goes out: the answer's bytes. Value masks of the
contract are put on every field's value here, at one place, so that no resolver can forget them. Errors that clients may see
keep their words and code; every other one becomes an id that the log explains.
"""

from __future__ import annotations

import inspect
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLResolveInfo, GraphQLSchema, MiddlewareManager, execute

from authz.mask import Mask
from authz.values import MaskKeys
from kernel.errors import ClientError, InternalError

_log: Final = logging.getLogger(__name__)
_ENCODER: Final = msgspec.json.Encoder()

Resolver = Callable[..., Any]


async def run(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None,
    variables: Mapping[str, object],
    call: object,
    masks: MiddlewareManager | None,
) -> bytes:
    """The answer to one operation, as JSON."""
    result = execute(
        schema,
        document,
        context_value=call,
        variable_values=dict(variables),
        operation_name=operation_name,
        middleware=masks,
        hide_suggestions=True,
    )
    if inspect.isawaitable(result):
        result = await result
    assert isinstance(result, ExecutionResult)
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = [told(error) for error in result.errors]
    return _ENCODER.encode(answer)


def value_masks(mask: Mask, keys: MaskKeys | None) -> MiddlewareManager | None:
    """What puts the contract's value masks on the answer; None when the contract masks nothing."""
    if not mask.values:
        return None
    key = b"" if keys is None else keys.of(mask.contract_id)

    def masked(resolve: Resolver, source: object, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        value = resolve(source, info, **arguments)
        value_mask = mask.values.get(f"{info.parent_type.name}.{info.field_name}")
        if value_mask is None:
            return value
        if not inspect.isawaitable(value):
            return value_mask.apply(value, key)

        async def later() -> object:
            return value_mask.apply(await value, key)

        return later()

    return MiddlewareManager(masked)


def told(error: GraphQLError) -> dict[str, Any]:
    """An error as the answer tells it."""
    cause = error.original_error
    shown: dict[str, Any] = {"message": error.message}
    if isinstance(cause, ClientError):
        shown["extensions"] = {"code": cause.code, **cause.extensions}
    elif cause is None or isinstance(cause, GraphQLError):
        shown["extensions"] = {"code": "GRAPHQL_VALIDATION_FAILED"}
    else:
        shown |= hidden(cause)
    if error.path:
        shown["path"] = error.path
    return shown


def hidden(cause: BaseException) -> dict[str, Any]:
    """An internal error as clients see it: an id; the log has the rest under the same id."""
    error_id = secrets.token_hex(8)
    code = cause.code if isinstance(cause, InternalError) else "INTERNAL_ERROR"
    _log.error("internal error", exc_info=cause, extra={"error_id": error_id, "code": code})
    return {"message": "The register could not answer.", "extensions": {"code": "INTERNAL_ERROR", "errorId": error_id}}


def refusal(errors: Sequence[dict[str, Any]]) -> bytes:
    """An answer that holds errors and nothing else."""
    return _ENCODER.encode({"errors": list(errors)})
