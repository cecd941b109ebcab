"""Entity look-ups with arguments that an ancestor supplies (`@fromContext`).

In: the data so far, the path of a look-up, what its ancestors supply. Out: the sites in groups of equal supplied values, and
those for which a value is missing or of another type. Each group is a look-up of its own, since an argument is the same for
all entities of one (`request.py` writes them).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec
from graphql import ListTypeNode, NonNullTypeNode, TypeNode

from gateway.execution.input_shapes import is_input, kind_of
from gateway.execution.raw import Json, Place, ResponsePath, written_out
from gateway.execution.representations import Incomplete, IsTainted, Requirement, applies
from gateway.execution.sites import Site, find_sites
from gateway.planning.plan import ContextInput, Path, RequiredFragment

Values = tuple[bytes, ...]


class Unsupplied(NamedTuple):
    """A site without a value that an ancestor should supply, and the place of that value, which may be there but wrong."""

    site: Site
    missing: ResponsePath
    is_wrong: bool


@dataclass(slots=True)
class Groups:
    """Sites by the values (as JSON, in the order of the contexts) that their ancestors supply."""

    sites: dict[Values, list[Site]] = field(default_factory=dict)
    unsupplied: list[Unsupplied] = field(default_factory=list)


def group_sites(data: Json, path: Path, contexts: Sequence[ContextInput], is_tainted: IsTainted) -> Groups:
    """The sites at `path`, grouped."""
    found = Groups()
    encode = msgspec.json.Encoder().encode
    order = sorted(range(len(contexts)), key=lambda number: contexts[number].above)
    for values, missing, site in _walk(Site(data, ()), 0, path, [(number, contexts[number]) for number in order], is_tainted):
        if missing is not None:
            found.unsupplied.append(Unsupplied(site, written_out(missing.place), missing.is_wrong))
            continue
        key = tuple(encode(values[number]) for number in range(len(contexts)))
        found.sites.setdefault(key, []).append(site)
    return found


def _walk(
    start: Site, done: int, path: Path, contexts: Sequence[tuple[int, ContextInput]], is_tainted: IsTainted
) -> Iterator[tuple[dict[int, Json], Incomplete | None, Site]]:
    """(Supplied values, what is missing of them, site), ancestor by ancestor down the path."""
    if not contexts:
        for site in find_sites(start.item, path[done:], start.place):
            yield {}, None, site
        return
    (number, context), *others = contexts
    for ancestor in find_sites(start.item, path[done : context.above], start.place):
        value: Json = None
        lost: Incomplete | None = None
        try:
            value = _supplied(context.selections, ancestor.item, ancestor.place, is_tainted, kind_of(context.type))
            if value is None and context.type.endswith("!"):
                lost = Incomplete(ancestor.place)
        except Incomplete as incomplete:
            lost = incomplete
        for values, missing, site in _walk(ancestor, context.above, path, others, is_tainted):
            yield {**values, number: value}, lost if missing is None else missing, site


def _supplied(
    selections: Sequence[Requirement], item: dict[str, Json], at: Place, is_tainted: IsTainted, kind: TypeNode
) -> Json:
    """The value of the one leaf that `selections` lead to; null when no fragment of theirs is for this object. `kind` is the
    type of the argument, as far as it is not used up by lists above `item`.
    """
    for one in selections:
        if isinstance(one, RequiredFragment):
            typename = item.get("__typename")
            if isinstance(typename, str) and applies(one, typename):
                return _supplied(one.selections, item, at, is_tainted, kind)
        elif one.name != "__typename":
            place = (at, one.source)
            if one.source not in item:
                raise Incomplete(place)
            return _leaf(item[one.source], one.selections, place, is_tainted, kind)
    return None


def _leaf(value: Json, selections: Sequence[Requirement], place: Place, is_tainted: IsTainted, kind: TypeNode) -> Json:
    kind = kind.type if isinstance(kind, NonNullTypeNode) else kind
    if value is None:
        if is_tainted(written_out(place)):
            raise Incomplete(place)
        return None
    if isinstance(value, list) and isinstance(kind, ListTypeNode):
        return [_leaf(item, selections, (place, index), is_tainted, kind.type) for index, item in enumerate(value)]
    if not selections and is_input(value, kind):
        return value
    if not selections or not isinstance(value, dict):
        raise Incomplete(place, is_wrong=True)
    return _supplied(selections, value, place, is_tainted, kind)
