"""What is sent to `_entities`: one representation per different object, and which places wait for it.

In: sites and what a look-up requires. Out: representations in order of first appearance, each with the sites that asked; and
the sites that cannot be asked for, with the place of the value that is missing.

Equal representations are found by their bytes as a dict key, so by equality and never by a hash alone: two records that
share a hash must not become one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec

from gateway.execution.raw import Json, Place, ResponsePath, written_out
from gateway.execution.reduced import fields_without, missed, needs, reduced_part
from gateway.execution.sites import Site
from gateway.execution.step import Key, Part
from gateway.planning.plan import RequiredField, RequiredFragment

Requirement = RequiredField | RequiredFragment
IsTainted = Callable[[ResponsePath], bool]
_MISSING: Final = object()
_NO_KEY: Final[Key] = {}


class Unasked(NamedTuple):
    """A site without an entity to ask for: its type as it would have been sent, and the place of the value it lacks.

    `keys`: what is not asked there; None for everything. `is_wrong`: the value is there, but is of another type.
    """

    site: Site
    typename: str
    missing: ResponsePath
    keys: frozenset[str] | None = None
    is_wrong: bool = False


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
    _position: dict[bytes, int] = field(default_factory=dict)
    unasked: list[Unasked] = field(default_factory=list)

    def add(self, encoded: bytes, typename: str, site: Site) -> None:
        """One more site; equal representations are sent once."""
        at = self._position.setdefault(encoded, len(self.encoded))
        if at < len(self.encoded):
            self.sites[at].append(site)
        else:
            self.encoded.append(encoded)
            self.types.append(typename)
            self.sites.append([site])


class Incomplete(Exception):
    """Raised when a required value is not there, or is of another type (`is_wrong`); `place` says where."""

    def __init__(self, place: Place, *, is_wrong: bool = False) -> None:
        super().__init__()
        self.place = place
        self.is_wrong = is_wrong


def represent(
    sites: Sequence[Site], part: Part, is_tainted: IsTainted, variables: Mapping[str, object]
) -> list[Representations]:
    """Build the representations of `sites`: of the look-up itself, then of reduced ones for entities of which an input failed.

    `part.keys` are, per type, the response keys that entity keys read: a null there means that there is nothing to ask for,
    while a null in another required field is a value like any. A null that an error left (`is_tainted`) is neither: the
    entity is not asked for what needs it.
    """
    whole = Representations(part)
    reduced: dict[tuple[str, frozenset[str]], Representations] = {}
    encode = msgspec.json.Encoder().encode
    for site in sites:
        typename = _typename_of(site.item, part.requires)
        fragments = [fragment for fragment in part.requires if typename is not None and applies(fragment, typename)]
        if typename is None or not fragments:
            continue
        sent = next((rewrite.name for rewrite in part.input_rewrites if typename in rewrite.of_types), typename)
        values: dict[str, Json] = {"__typename": sent}
        lost: dict[str, Incomplete] = {}
        try:
            for fragment in fragments:
                keys = part.keys.get(typename, _NO_KEY)
                _check_found(fragment.selections, site.item, site.place, keys)
                _add(values, fragment.selections, site.item, site.place, is_tainted, keys, lost if part.dependents else None)
        except Incomplete as missing:
            whole.unasked.append(_unasked(site, sent, missing))
            continue
        target = _reduced(site, sent, lost, whole, reduced, variables) if lost else whole
        if target is not None:
            kept = {name: value for name, value in values.items() if name not in lost}
            target.add(encode({**kept, "__typename": sent}), sent, site)
    return [whole, *reduced.values()]


def _reduced(
    site: Site,
    sent: str,
    lost: Mapping[str, Incomplete],
    whole: Representations,
    reduced: dict[tuple[str, frozenset[str]], Representations],
    variables: Mapping[str, object],
) -> Representations | None:
    """The look-up for an entity that lacks inputs; None when nothing can be asked of it."""
    part = whole.part
    gone = {path: lost[path] for path in missed(part, sent, lost, variables)}
    if not gone:
        return whole
    without = fields_without(part, sent, gone)
    if not without or part.contexts or not part.expected.without(without).keys(sent, variables):
        whole.unasked.append(_unasked(site, sent, next(iter(gone.values()))))
        return None
    whole.unasked += _blamed(part, site, sent, gone)
    return reduced.setdefault((sent, without), Representations(reduced_part(part, sent, without)))


def _unasked(site: Site, sent: str, missing: Incomplete, keys: frozenset[str] | None = None) -> Unasked:
    return Unasked(site, sent, written_out(missing.place), keys, missing.is_wrong)


def _blamed(part: Part, site: Site, sent: str, lost: Mapping[str, Incomplete]) -> Iterator[Unasked]:
    """What is not asked of an entity that is asked for the rest: each field with the place of an input it lacks."""
    for one in part.dependents:
        missing = next((why for path, why in lost.items() if needs(one, path)), None)
        if one.type_name == sent and missing is not None:
            yield _unasked(site, sent, missing, part.expected.shown_as(frozenset({one.key})))


def _typename_of(item: dict[str, Json], requires: tuple[RequiredFragment, ...]) -> str | None:
    name = item.get("__typename")
    if isinstance(name, str):
        return name
    possible = {name for fragment in requires for name in fragment.possible_types}
    return next(iter(possible)) if len(possible) == 1 else None


def applies(fragment: RequiredFragment, typename: str) -> bool:
    """Whether a fragment is for objects of that type."""
    return typename in fragment.possible_types or typename == fragment.type_condition


def _check_found(selections: tuple[Requirement, ...], item: dict[str, Json], at: Place, keys: Key) -> None:
    """Raises Incomplete where a key is null: there is nothing to ask for."""
    for selection in selections:
        match selection:
            case RequiredField():
                if selection.source in keys and item.get(selection.source, _MISSING) is None:
                    raise Incomplete((at, selection.source))
            case RequiredFragment():
                if applies(selection, str(item.get("__typename"))):
                    _check_found(selection.selections, item, at, keys)


def _add(
    values: dict[str, Json],
    selections: tuple[Requirement, ...],
    item: dict[str, Json],
    at: Place,
    is_tainted: IsTainted,
    keys: Key = _NO_KEY,
    lost: dict[str, Incomplete] | None = None,
) -> None:
    """Adds what `selections` read of `item`. What is not there goes into `lost` by its path; a key of it raises Incomplete."""
    typename = item.get("__typename")
    for selection in selections:
        if isinstance(selection, RequiredFragment):
            if isinstance(typename, str) and applies(selection, typename):
                values.setdefault("__typename", typename)
                _add(values, selection.selections, item, at, is_tainted, keys, lost)
            continue
        below: dict[str, Incomplete] | None = None if lost is None else {}
        try:
            built = _required(selection, item, at, is_tainted, keys.get(selection.source, _NO_KEY), below)
        except Incomplete as incomplete:
            if lost is None or selection.source in keys:
                raise
            lost[selection.name] = incomplete
            continue
        if lost is not None and below:
            lost.update({f"{selection.name}.{path}": why for path, why in below.items()})
        known = values.get(selection.name)
        if isinstance(known, dict) and isinstance(built, dict):
            built = {**known, **built}
        values[selection.name] = built


def _required(
    selection: RequiredField,
    item: dict[str, Json],
    at: Place,
    is_tainted: IsTainted,
    keys: Key,
    lost: dict[str, Incomplete] | None,
) -> Json:
    place = (at, selection.source)
    value = item.get(selection.source, _MISSING)
    if value is _MISSING or (value is None and is_tainted(written_out(place))):
        raise Incomplete(place)
    return _value(value, selection, place, is_tainted, keys, lost)


def _value(
    value: Json,
    selection: RequiredField,
    place: Place,
    is_tainted: IsTainted,
    keys: Key,
    lost: dict[str, Incomplete] | None,
) -> Json:
    """The value as it is sent. Nulls inside lists stay where they are, so that positions do not shift."""
    if isinstance(value, list):
        return [_value(item, selection, (place, index), is_tainted, keys, lost) for index, item in enumerate(value)]
    if value is None:
        if is_tainted(written_out(place)):
            raise Incomplete(place)
        return None
    if not selection.selections:
        return value
    if not isinstance(value, dict):
        raise Incomplete(place, is_wrong=True)
    nested: dict[str, Json] = {}
    _add(nested, selection.selections, value, place, is_tainted, keys, lost)
    if lost and not nested:  # nothing is left of it
        raise next(iter(lost.values()))
    return nested
