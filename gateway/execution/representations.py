"""What is sent to `_entities`: one representation per different object, and which places wait for it.

In: sites and what a look-up requires. Out: representations in order of first appearance, each with the sites that asked; and
the sites that cannot be asked for, with the place of the value that is missing.

Equal representations are found by their bytes as a dict key, so by equality and never by a hash alone: two records that
share a hash must not become one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec

from gateway.execution.compile import Part
from gateway.execution.raw import Json, Place, ResponsePath, written_out
from gateway.execution.sites import Site
from gateway.planning.plan import RequiredField, RequiredFragment

Requirement = RequiredField | RequiredFragment
IsTainted = Callable[[ResponsePath], bool]
_MISSING: Final = object()


class Unasked(NamedTuple):
    """A site without an entity to ask for: its type as it would have been sent, and the place of the value it lacks."""

    site: Site
    typename: str
    missing: ResponsePath


@dataclass(slots=True)
class Representations:
    """What a look-up asks for. `encoded[i]` is asked on behalf of `sites[i]`; `types[i]` is its type name as sent.

    `supplied` are further variables of the look-up, as JSON.
    """

    part: Part
    supplied: dict[str, bytes] = field(default_factory=dict)
    encoded: list[bytes] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    sites: list[list[Site]] = field(default_factory=list)
    unasked: list[Unasked] = field(default_factory=list)


class Incomplete(Exception):
    """Raised when a required value is not there; `place` says where."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


def represent(sites: Sequence[Site], part: Part, is_tainted: IsTainted) -> Representations:
    """Build the representations of `sites`.

    `part.keys` are, per type, the response keys that an entity key reads: a null there means that there is nothing to ask for,
    while a null in another required field is a value like any. A null that an error left (`is_tainted`) is neither: the
    entity is not asked.
    """
    result = Representations(part)
    position: dict[bytes, int] = {}
    encode = msgspec.json.Encoder().encode
    for site in sites:
        typename = _typename_of(site.item, part.requires)
        fragments = [fragment for fragment in part.requires if typename is not None and applies(fragment, typename)]
        if typename is None or not fragments:
            continue
        sent = next((rewrite.name for rewrite in part.input_rewrites if typename in rewrite.of_types), typename)
        values: dict[str, Json] = {"__typename": sent}
        try:
            for fragment in fragments:
                _add(values, fragment.selections, site.item, site.place, is_tainted, part.keys.get(typename, frozenset()))
        except Incomplete as missing:
            result.unasked.append(Unasked(site, sent, written_out(missing.place)))
            continue
        encoded = encode({**values, "__typename": sent})
        at = position.setdefault(encoded, len(result.encoded))
        if at < len(result.encoded):
            result.sites[at].append(site)
        else:
            result.encoded.append(encoded)
            result.types.append(sent)
            result.sites.append([site])
    return result


def _typename_of(item: dict[str, Json], requires: tuple[RequiredFragment, ...]) -> str | None:
    name = item.get("__typename")
    if isinstance(name, str):
        return name
    possible = {name for fragment in requires for name in fragment.possible_types}
    return next(iter(possible)) if len(possible) == 1 else None


def applies(fragment: RequiredFragment, typename: str) -> bool:
    """Whether a fragment is for objects of that type."""
    return typename in fragment.possible_types or typename == fragment.type_condition


def _add(
    values: dict[str, Json],
    selections: tuple[Requirement, ...],
    item: dict[str, Json],
    at: Place,
    is_tainted: IsTainted,
    keys: frozenset[str] = frozenset(),
) -> None:
    typename = item.get("__typename")
    for selection in selections:
        if isinstance(selection, RequiredFragment):
            if isinstance(typename, str) and applies(selection, typename):
                values.setdefault("__typename", typename)
                _add(values, selection.selections, item, at, is_tainted, keys)
            continue
        place = (at, selection.source)
        value = item.get(selection.source, _MISSING)
        if value is _MISSING or (value is None and (selection.source in keys or is_tainted(written_out(place)))):
            raise Incomplete(place)
        built = _value(value, selection, place, is_tainted)
        known = values.get(selection.name)
        if isinstance(known, dict) and isinstance(built, dict):
            built = {**known, **built}
        values[selection.name] = built


def _value(value: Json, selection: RequiredField, place: Place, is_tainted: IsTainted) -> Json:
    """The value as it is sent. Nulls inside lists stay where they are, so that positions do not shift."""
    if isinstance(value, list):
        return [_value(item, selection, (place, index), is_tainted) for index, item in enumerate(value)]
    if value is None:
        if is_tainted(written_out(place)):
            raise Incomplete(place)
        return None
    if not selection.selections:
        return value
    if not isinstance(value, dict):
        raise Incomplete(place)
    nested: dict[str, Json] = {}
    _add(nested, selection.selections, value, place, is_tainted)
    return nested
