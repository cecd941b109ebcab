"""Maps what a subgraph reports to the places of the client's answer that are concerned.

In: errors as the subgraph wrote them, or the fault that took the whole answer. Out: `RawError` entries with client paths.

    root fetch      ["user", "name"]              → ["user", "name"], below every place where the root is entered again
    look-up         ["_entities", 3, "name"]      → every place that asked for representation 3, + ["name"]
    no usable path  → every place of the fetch that has no value

Every entry of one event has the same origin, so that the response can tell one fault at many places from many faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Final

from gateway.execution.errors import SubgraphFault
from gateway.execution.raw import Json, RawError, ResponsePath
from gateway.execution.representations import Representations
from gateway.execution.rewrite import renamed_path
from gateway.execution.sites import Site
from gateway.execution.step import Part

MAX_PLACES: Final = 1000
UNNAMED: Final = "DOWNSTREAM_SERVICE_ERROR"

_origins = count(1)


def next_origin() -> int:
    """A number that no other event of this process has."""
    return next(_origins)


def fault_at(places: Iterable[ResponsePath | None], service: str, fault: SubgraphFault) -> list[RawError]:
    """The entries for a fault that took everything at `places`."""
    origin = next_origin()
    return [
        RawError(fault.shown, place, fault.code, service, origin, retryable=fault.retryable, detail=fault.message)
        for place in _bounded(places)
    ]


def reported_at(error: Mapping[str, Json], places: Iterable[ResponsePath | None], service: str) -> list[RawError]:
    """The entries for an error that a subgraph reported."""
    message = error.get("message")
    extensions = error.get("extensions")
    extensions = extensions if isinstance(extensions, dict) else {}
    code = extensions.get("code")
    origin = next_origin()
    return [
        RawError(
            message=message if isinstance(message, str) and message else "The subgraph reported an error without a message.",
            path=place,
            code=code if isinstance(code, str) and code else UNNAMED,
            service=service,
            origin=origin,
            from_subgraph=True,
            extensions=extensions,
        )
        for place in _bounded(places)
    ]


def root_places(part: Part, sites: Iterable[Site], variables: Mapping[str, object]) -> list[ResponsePath | None]:
    """The fields of a root fetch that have no value at `sites`; [None] when there are none."""
    return [*entity_places(part, sites, None, variables)] or [None]


def entity_places(
    part: Part, sites: Iterable[Site], typename: str | None, variables: Mapping[str, object]
) -> Iterator[ResponsePath]:
    """The fields that a fetch answers at `sites` and that have no value there. `typename` is None for a root fetch."""
    shown = partial(renamed_path, rewrites=part.output_rewrites)
    for site in sites:
        for place in part.expected.lacking(site.item, typename, variables, shown):
            yield (*site.path, *place)


def all_entity_places(asked: Representations, variables: Mapping[str, object]) -> Iterator[ResponsePath]:
    """`entity_places` of everything that was asked."""
    for typename, sites in zip(asked.types, asked.sites, strict=True):
        yield from entity_places(asked.part, sites, typename, variables)


def root_path(error: Mapping[str, Json], part: Part) -> ResponsePath | None:
    """The path of an error in the answer to a root fetch, as far as that was asked for; None when it names no field of it.

    Some servers name fields where others name response keys: such a path would lead to nothing that anyone waits for.
    """
    path = path_in_answer(error)
    asked = part.expected.asked_part(path) if path is not None else ()
    return renamed_path(asked, part.output_rewrites) or None


def path_in_answer(error: Mapping[str, Json]) -> ResponsePath | None:
    """The path an error names, when it is one: names and indices."""
    path = error.get("path")
    if not isinstance(path, list) or not path:
        return None
    if all(isinstance(one, str) or (isinstance(one, int) and not isinstance(one, bool)) for one in path):
        return tuple(path)
    return None


def entity_error_places(
    error: Mapping[str, Json], asked: Representations, variables: Mapping[str, object]
) -> list[ResponsePath] | None:
    """Where an error inside the answer to a look-up belongs, or None when its path names no entity of it."""
    path = path_in_answer(error)
    if path is None or len(path) < 2 or path[0] != asked.part.alias or not isinstance(path[1], int):
        return None
    index = path[1]
    if not 0 <= index < len(asked.sites):
        return None
    rest = renamed_path(asked.part.expected.asked_part(path[2:]), asked.part.output_rewrites)
    if not rest:
        return list(entity_places(asked.part, asked.sites[index], asked.types[index], variables))
    return [(*site.path, *rest) for site in asked.sites[index]]


def _bounded(places: Iterable[ResponsePath | None]) -> Sequence[ResponsePath | None]:
    kept: dict[ResponsePath | None, None] = {}
    for place in places:
        kept[place] = None
        if len(kept) >= MAX_PLACES:
            break
    return tuple(kept)
