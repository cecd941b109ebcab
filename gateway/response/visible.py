"""Errors at places that the client asked for.

In: the errors of `Raw` and the client's form. Out: those whose path the client knows. An error at an internal field (a key, a
required value) is shown where it did harm: the executor repeats it, with the same origin, at each field that waited for it.
When no such field is visible, it is shown at the nearest place above, or it did no harm: then only fields that the client's own
conditions skip would have needed the value, and the client is not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from graphql import GraphQLNamedType, is_composite_type, is_object_type

from gateway.execution.raw import Json, Raw, RawError, ResponsePath
from gateway.response.projection import Form, Projection


def visible_errors(raw: Raw, projection: Projection) -> Iterator[RawError]:
    """The errors of `raw` in order, at places of the client's answer."""
    if not raw.errors:
        return
    located = [(error, _known_part(error.path, raw.data, projection)) for error in raw.errors]
    shown_origins = {error.origin for error, known in located if known == error.path}
    seen: set[tuple[int, ResponsePath | None]] = set()
    for error, known in located:
        if error.path is not None and known is not None and known != error.path:
            if error.origin in shown_origins or _is_harmless(error.path, len(known), raw.data):
                continue
            shown_origins.add(error.origin)
        if (error.origin, known) not in seen:
            seen.add((error.origin, known))
            yield error if known == error.path else replace(error, path=known or None)


def _is_harmless(path: ResponsePath, known: int, data: Json) -> bool:
    """True when an error at `path`, of which the client has `known` steps, left nothing but an internal value null.

    Whoever waited for that value met the null and has the error too. That cannot be said of a null that spread to what the
    client has, nor of an error at a value that is there.
    """
    value: Json = data
    for at, step in enumerate(path):
        if value is None:
            return at > known
        if isinstance(step, int):
            if not isinstance(value, list) or not 0 <= step < len(value):
                return False
            value = value[step]
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return False
    return value is None


def _known_part(path: ResponsePath | None, data: Json, projection: Projection) -> ResponsePath | None:
    """The longest beginning of `path` that the client's operation has."""
    if path is None:
        return None
    forms: list[Form] = [projection.root]
    kinds: list[GraphQLNamedType] = [projection.root_type]
    value: Json = data
    for at, step in enumerate(path):
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and 0 <= step < len(value) else None
            continue
        if at and isinstance(value, dict):
            kinds = _narrowed(kinds, value.get("__typename"), projection)
        candidates = [(kind, form) for form in forms for kind in kinds if step in form.of(kind).forms]
        if not candidates:
            return path[:at]
        forms, kinds = _below(candidates, step, projection)
        value = value.get(step) if isinstance(value, dict) else None
    return path


def _below(
    candidates: list[tuple[GraphQLNamedType, Form]], step: str, projection: Projection
) -> tuple[list[Form], list[GraphQLNamedType]]:
    forms: list[Form] = []
    kinds: dict[str, GraphQLNamedType] = {}
    for kind, form in candidates:
        fields = form.of(kind)
        forms.append(fields.forms[step])
        for member in projection.types_under(kind, fields, step):
            kinds[member.name] = member
    return forms, list(kinds.values())


def _narrowed(kinds: list[GraphQLNamedType], name: Json, projection: Projection) -> list[GraphQLNamedType]:
    kind = projection.schema.get_type(name) if isinstance(name, str) else None
    if kind is not None and is_composite_type(kind) and is_object_type(kind) and kind in kinds:
        return [kind]
    return kinds
