"""Searching as the graph has it: hits with score and highlights, facets, suggestions; the same in every room.

What comes in: a text, conditions, the caller's mask, the index. What goes out: `SearchConnection[T]` and `Found`, the
object behind it. Rights and row rules are part of the question that the index is asked (`search.reach`), and what was found
is looked up in the register again, with the row rules again: an index that is behind shows nobody a thing too late.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Final, Generic, TypeVar

import msgspec
import strawberry
from strawberry import UNSET, federation

from authz.aggregates import Suppressed
from kernel.paging import BadPage, page_of
from search.errors import NothingToSearchBy, SearchNotOffered
from search.finding import Hit, Hits, find, suggest
from search.index import TYPE_FACET, SearchIndex
from search.kinds import SearchedType
from search.query import Box, Circle, Conditions, Query, query_of
from search.ranking import Highlight as HighlightOf
from search.reach import SEARCH, Reach, facets_of, reaches_of
from subgraphs.room.call import Call
from subgraphs.room.connection import EdgeOf, PageInfo, PageOf
from subgraphs.room.errors import BadFilter
from subgraphs.room.fields import counted, open_argument, operator, plain, words
from subgraphs.room.filters import CircleInput, DateFilter, TimeFilter
from subgraphs.room.narrowing import MAX_METRES, MAX_VALUES

T = TypeVar("T")

MAX_SUGGESTIONS: Final = 20
_DAY: Final = 86_400
_EPOCH: Final = date(1970, 1, 1)

Text = Annotated[
    str,
    open_argument(
        "What to look for: words, names in any spelling, whole numbers and plates, or parts of them with `*` and `?`. "
        "It is looked for only in what your contract lets you search.",
        "Meklējamais teksts: vārdi, uzvārdi jebkurā rakstībā, numuri vai to daļas ar `*` un `?`.",
    ),
]
Resolve = Callable[[Sequence[Hit]], Awaitable[Sequence[object | None]]]
"""The things behind hits, in their order; None for one that the register does not show."""


@federation.type(shareable=True, description=words("A part of a text, counted in characters.", "Teksta daļa."))
class TextSpan:
    """From and to."""

    start: int = plain("The first character, from 0.", "Pirmā rakstzīme, no 0.")
    end: int = plain("The character after the last.", "Rakstzīme aiz pēdējās.")


@federation.type(shareable=True, description=words("Where a hit answers the text.", "Vieta, kur atrasts meklētais."))
class Highlight:
    """A field's text and the spans in it."""

    field: str = plain("The field (`Type.field`).", "Lauks (`Tips.lauks`).")
    text: str = plain("The field's text, or a part of it when it is long.", "Lauka teksts vai tā fragments.")

    spans: list[TextSpan] = plain("What answers.", "Atrastās daļas.")


@federation.type(shareable=True, description=words("A value and how often it is there.", "Vērtība un tās biežums."))
class FacetBucket:
    """A value with its count."""

    value: str = plain("The value.", "Vērtība.")
    count: int = plain("How many hits have it, as far as the contract shows them.", "Cik atrasto ierakstu ir ar šo vērtību.")


@federation.type(
    shareable=True, description=words("The values of a field among all hits.", "Lauka vērtības atrastajos ierakstos.")
)
class Facet:
    """A field and its most frequent values."""

    field: str = plain("The field (`Type.field`), or `type` for the kind of thing.", "Lauks (`Tips.lauks`) vai `type`.")
    buckets: list[FacetBucket] = plain("The most frequent values, at most 20.", "Biežākās vērtības, ne vairāk kā 20.")


@strawberry.type(description=words("Something that was found.", "Atrasts ieraksts."))
class SearchEdge(Generic[T]):
    """One hit."""

    cursor: str = plain("Where the hit stands: give it to `after`.", "Kursors parametram `after`.")
    score: float = plain("How well it answers, from 0 to 1.", "Atbilstība no 0 līdz 1.")
    highlights: list[Highlight] = plain(
        "Where it answers, in fields that the contract shows.", "Atrastās vietas redzamajos laukos."
    )
    node: T | None = plain("What was found; null when it is not there any more.", "Atrastais ieraksts; null, ja tā vairs nav.")


async def _total(root: strawberry.Parent[Found]) -> int:
    return await root.total()


async def _facets(root: strawberry.Parent[Found]) -> list[FacetOf]:
    return await root.facets()


async def _suggestions(
    root: strawberry.Parent[Found],
    first: Annotated[int, open_argument("How many, at most 20.", "Cik daudz, ne vairāk kā 20.")] = 5,
) -> list[str]:
    return await root.suggestions(first)


@strawberry.type(description=words("What was found, the best first.", "Atrastie ieraksti, atbilstošākie vispirms."))
class SearchConnection(Generic[T]):
    """One page of hits."""

    edges: list[SearchEdge[T]] = plain("The hits.", "Atrastie ieraksti.")
    nodes: list[T | None] = plain("What was found, without scores.", "Ieraksti bez atbilstības.")
    page_info: PageInfo = plain("Where the page stands.", "Lapas vieta sarakstā.")
    total_count: int | None = counted(
        "How many hits there are, as far as the contract shows them; counted only when asked for.",
        "Atrasto ierakstu skaits, ciktāl tos rāda līgums.",
        resolver=_total,
    )
    facets: list[Facet] | None = counted(
        "How often values of fields that the contract shows are among all hits; rare ones may be kept back.",
        "Redzamo lauku vērtību biežums atrastajos ierakstos.",
        resolver=_facets,
    )
    suggestions: list[str] = plain(
        "How the text may go on: words out of hits that the contract shows.", "Teksta turpinājumi.", resolver=_suggestions
    )


@strawberry.input(description=words("A part of the earth between latitudes and longitudes, WGS 84.", "Taisnstūris, WGS 84."))
class BoxInput:
    """Two corners."""

    south: float = operator("Latitude of the southern edge in degrees.", "Dienvidu mala grādos.", default=None)
    west: float = operator("Longitude of the western edge in degrees.", "Rietumu mala grādos.", default=None)
    north: float = operator("Latitude of the northern edge in degrees.", "Ziemeļu mala grādos.", default=None)
    east: float = operator("Longitude of the eastern edge in degrees.", "Austrumu mala grādos.", default=None)


@strawberry.input(description=words("Inside an area.", "Nosacījums apgabalam."))
class AreaFilter:
    """For points."""

    within: CircleInput | None = operator("Inside this circle.", "Šajā aplī.")
    box: BoxInput | None = operator("Inside this box.", "Šajā taisnstūrī.")


@dataclass(frozen=True, slots=True)
class SearchEdgeOf(EdgeOf):
    """What stands behind a `SearchEdge`."""

    score: float
    highlights: tuple[HighlightOf, ...]


@dataclass(frozen=True, slots=True)
class BucketOf:
    """What stands behind a `FacetBucket`."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class FacetOf:
    """What stands behind a `Facet`."""

    field: str
    buckets: tuple[BucketOf, ...]


@dataclass(frozen=True)
class Found:
    """What stands behind a `SearchConnection`; counts are made only when they are asked for."""

    call: Call[Any, Any]
    index: SearchIndex
    text: str
    query: Query
    scope: str
    came_from: bool
    page: Hits
    things: Sequence[object | None]

    @cached_property
    def edges(self) -> list[SearchEdgeOf]:
        """The hits; in a room of its own kind, without those that the register does not show (any more)."""
        both = zip(self.page.hits, self.things, strict=True)
        sealer = self.call.sealer
        return [
            SearchEdgeOf(sealer.seal(hit.position, self.scope), thing, hit.score, hit.highlights)
            for hit, thing in both
            if thing
        ]

    @property
    def nodes(self) -> list[object]:
        """The things behind the hits."""
        return [thing for thing in self.things if thing is not None]

    @property
    def page_info(self) -> PageOf:
        """The page's place. Its end is that of the page asked for, whatever the register did not show."""
        hits = self.page.hits
        return PageOf(
            has_next_page=self.page.has_next,
            has_previous_page=self.came_from,
            start_cursor=self.call.sealer.seal(hits[0].position, self.scope) if hits else None,
            end_cursor=self.call.sealer.seal(hits[-1].position, self.scope) if hits else None,
        )

    async def total(self) -> int:
        """How many hits there are. Raises Suppressed."""
        self._counting()
        count = self.call.mask.published_count(await self.index.count(self.query))
        if count is None:
            raise Suppressed("This count is kept back: it is of fewer than your contract publishes.")
        return count

    async def facets(self) -> list[FacetOf]:
        """The facets that the caller may see. Raises Suppressed."""
        self._counting()
        mask = self.call.mask
        names = {TYPE_FACET, *(name for reach in self.query.reaches for name in facets_of(mask, reach.type))}
        counted_values = await self.index.facets(self.query, names)
        return [
            FacetOf(name, tuple(BucketOf(value, published) for value, published in shown))
            for name, each in sorted(counted_values.items())
            if (shown := [(value, said) for value, n in each.items() if (said := mask.published_count(n)) is not None])
        ]

    async def suggestions(self, first: int) -> list[str]:
        """How the text may go on."""
        limit = max(0, min(first, MAX_SUGGESTIONS))
        return list(await suggest(self.index, self.text, self.query.reaches, limit))

    def _counting(self) -> None:
        if self.call.mask.aggregates.forbid_overlap:
            raise Suppressed("Your contract forbids subtracting counts, and those of a search are not held against each other.")


async def searched(
    call: Call[Any, Any],
    types: Iterable[str],
    text: str,
    resolve: Resolve,
    *,
    fields: object | None,
    conditions: Conditions,
    first: int | None,
    after: str | None,
) -> Found:
    """A page of what is found. Raises SearchNotOffered, SearchBeingPrepared, BadSearch, BadPage, Suppressed."""
    if call.mask.aggregates_only:
        raise Suppressed("This purpose is for counts: nothing is searched.")
    if call.search is None:
        raise SearchNotOffered("This register was started without a search index: give it one (`docs/search.md`).")
    reaches = _narrowed(reaches_of(call.mask, _types(call.search, types)), fields)
    if not reaches:
        raise NothingToSearchBy(
            f"Your contract grants `filter:{SEARCH}` for the purpose {call.mask.purpose} on none of the fields to search by: "
            "ask for another purpose, or look things up by their own arguments."
        )
    query = query_of(text, reaches, conditions)
    scope = _scope(call, text, repr((sorted(types), sorted(_field_names(reaches)), conditions)))
    sealer = call.sealer
    first, after = None if first is UNSET else first, None if after is UNSET else after
    page = page_of(sealer, scope, first=first, after=after, last=None, before=None)
    if call.mask.limits.page_max is not None and page.size > call.mask.limits.page_max:
        raise BadPage(
            f"Your contract gives at most {call.mask.limits.page_max} items at a time, and {page.size} were asked for."
        )
    position = page.position
    hits = await find(call.search, query, page.size, None if position is None else (position[0], position[1], position[2]))
    things = await resolve(hits.hits)
    return Found(call, call.search, text, query, scope, position is not None, hits, things)


def _types(index: SearchIndex, names: Iterable[str]) -> list[SearchedType]:
    return [index.types[name] for name in names]


def _narrowed(reaches: tuple[Reach, ...], fields: object | None) -> tuple[Reach, ...]:
    """Within the fields that an input object has set to true; within all when none is."""
    if fields is None or fields is UNSET:
        return reaches
    names: Mapping[str, str] = type(fields).FIELDS  # type: ignore[attr-defined]  # inputs of fields have it
    chosen = frozenset(name for attribute, name in names.items() if getattr(fields, attribute) is True)
    if not chosen:
        return reaches
    return tuple(reach for each in reaches if (reach := each.narrowed(chosen)).searched)


def _field_names(reaches: Sequence[Reach]) -> set[str]:
    return {field.field for reach in reaches for field in reach.searched}


def _scope(call: Call[Any, Any], text: str, rest: str) -> str:
    mask = call.mask
    asked = hashlib.sha256(msgspec.json.encode(["search", text, rest])).hexdigest()
    return f"{mask.contract_id}/{mask.contract_version}/{mask.purpose}/{asked}"


async def at_home(call: Call[Any, Any], hits: Sequence[Hit]) -> Sequence[object | None]:
    """The records of this room behind hits, under its row rules."""
    found: Sequence[object | None] = await call.loaders.by_id.load_many([hit.id for hit in hits])
    return found


# conditions out of input objects


def given(value: object) -> bool:
    """Whether an input field says something."""
    return value is not None and value is not UNSET


def facet(name: str, asked: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The condition that an operator object (`eq`, `in`) puts on a facet. Raises BadFilter."""
    if not given(asked):
        return ()
    parts: list[tuple[str, tuple[str, ...]]] = []
    one, many = getattr(asked, "eq", None), getattr(asked, "in_", None)
    if given(one):
        parts.append((name, (str(one),)))
    if isinstance(many, list):
        if len(many) > MAX_VALUES:
            raise BadFilter(f"`in` for {name} has {len(many)} values: give at most {MAX_VALUES}.")
        parts.append((name, tuple(str(value) for value in many)))
    if not parts:
        raise BadFilter(f"The condition on {name} says nothing: give it an operator, e.g. `eq`.")
    return tuple(parts)


def span_of(asked: TimeFilter | DateFilter | None) -> tuple[int | None, int | None]:
    """The span of time that an operator object says: from, and before what."""
    if asked is None or asked is UNSET:
        return (None, None)
    return (_seconds(asked.from_), _seconds(asked.to))


def _seconds(value: date | datetime | None) -> int | None:
    if value is None or value is UNSET:
        return None
    return seconds(value)


def seconds(value: date | datetime) -> int:
    """Seconds since 1970; a day is its first moment in UTC."""
    return int(value.timestamp()) if isinstance(value, datetime) else (value - _EPOCH).days * _DAY


def area_of(asked: AreaFilter | None) -> tuple[Circle | None, Box | None]:
    """The area that an operator object says. Raises BadFilter."""
    if asked is None or asked is UNSET:
        return (None, None)
    circle = None if not given(asked.within) else _circle(asked.within)
    return (circle, None if not given(asked.box) else _box(asked.box))


def _circle(asked: CircleInput | None) -> Circle:
    assert asked is not None
    if not (-90 <= asked.lat <= 90 and -180 <= asked.lon <= 180 and 0 < asked.metres <= MAX_METRES):
        raise BadFilter(f"`within` is no circle on the earth: lat -90…90, lon -180…180, metres up to {MAX_METRES}.")
    return Circle(asked.lat, asked.lon, asked.metres)


def _box(asked: BoxInput | None) -> Box:
    assert asked is not None
    if not (-90 <= asked.south <= asked.north <= 90 and -180 <= asked.west <= asked.east <= 180):
        raise BadFilter("`box` is no part of the earth: south ≤ north within ±90, west ≤ east within ±180.")
    return Box(asked.south, asked.west, asked.north, asked.east)
