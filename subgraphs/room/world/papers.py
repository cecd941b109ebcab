"""The invented documents of a community, as the register of documents would hold them.

What comes in: a community. What goes out: a `Document` for each of its papers: kind, number, holder, validity, status and the
facts that changed it. Numbers have series that start with Q, which are never issued.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

import msgspec

from subgraphs.room.world import calendar
from subgraphs.room.world.chance import stream
from subgraphs.room.world.community import MAX_DOCUMENTS, UNKNOWN, Community, Paper, Resident
from subgraphs.room.world.links import Reach
from subgraphs.room.world.numbers import document_number
from subgraphs.room.world.places import SETTLEMENTS, TERRITORIES

_LAST_DAY: Final = calendar.END_DAY.toordinal()
_YEARS: Final = {
    "PASSPORT": 10,
    "ID_CARD": 5,
    "DRIVING_LICENCE": 10,
    "WEAPON_PERMIT": 5,
    "SEAFARER_BOOK": 10,
    "TEMPORARY_TRAVEL": 2,
    "RETURN_CERTIFICATE": 1,
    "RESIDENCE_PERMIT": 5,
}
_ISSUERS: Final = {
    "DRIVING_LICENCE": "CSDD",
    "VEHICLE_CERTIFICATE": "CSDD",
    "WEAPON_PERMIT": "Valsts policija",
    "SEAFARER_BOOK": "Jūrnieku reģistrs",
}
_LOSSES: Final = {"STOLEN": "STOLEN", "LOST": "LOST", "DESTROYED": "DESTROYED", "FORGED": "ANNULLED"}


class Fact(msgspec.Struct, frozen=True, gc=False):
    """What changed the status: seconds since 1970, fact, agency, the event (its id) that it came out of."""

    at: int
    fact: str
    authority: str
    event: str | None


class Document(msgspec.Struct, frozen=True, gc=False):
    """A document as the register holds it; words are those of the enumerations."""

    id: str
    kind: str
    country: str
    series: str
    number: str
    holder: int
    issued: date
    valid_to: date | None
    issuer: str | None
    status: str
    facts: tuple[Fact, ...]
    reach: Reach


def documents(community: Community, reaches: list[Reach]) -> Iterator[Document]:
    """The documents of the community in the order of their numbers; `reaches` as `links_of` gives them."""
    draw = stream(community.seed, "papers", community.number).random
    facts = _facts(community)
    for number, (document_id, paper) in enumerate(zip(community.document_ids, community.papers, strict=True)):
        shown = document_number(community.number * MAX_DOCUMENTS + number, paper.kind)
        resident = community.residents[paper.holder] if paper.holder != UNKNOWN else None
        years = _YEARS.get(paper.kind)
        issued = _LAST_DAY - 380 - int(draw() * 365 * (years or 12) * 0.92)
        if resident is not None:
            issued = max(issued, _LAST_DAY - int((resident.age + 1) * 365.2425))
        valid_to = issued + 365 * years if years is not None else None
        known = facts.get(number, ())
        status, more = _status(valid_to, known, draw)
        yield Document(
            document_id,
            paper.kind,
            paper.country,
            shown[:2],
            shown,
            paper.holder,
            date.fromordinal(issued),
            date.fromordinal(valid_to) if valid_to is not None else None,
            _issuer(paper, resident),
            status,
            known + more,
            reaches[number],
        )


def _facts(community: Community) -> dict[int, tuple[Fact, ...]]:
    """What the events of the year did to documents."""
    found: dict[int, tuple[Fact, ...]] = {}
    for shown in community.shown:
        fact = "FOUND" if shown.role == "FOUND" else _LOSSES.get(shown.role)
        if fact is None:
            continue
        event = community.events[shown.event]
        authority = "LV-VP" if event.by_state else SETTLEMENTS[event.settlement].owner
        found[shown.paper] = (
            *found.get(shown.paper, ()),
            Fact(event.registered, fact, authority, community.event_ids[shown.event]),
        )
    return found


def _status(valid_to: int | None, known: tuple[Fact, ...], draw: Callable[[], float]) -> tuple[str, tuple[Fact, ...]]:
    """The status and, for the few that became invalid without an event, the fact. One that merely expired is not listed."""
    if known:
        return ("UNDETERMINED" if known[-1].fact == "FOUND" else "INVALID"), ()
    if valid_to is not None and valid_to < _LAST_DAY:
        return "NOT_LISTED", ()
    chance = draw()
    if chance > 0.03:
        return "VALID", ()
    at = calendar.START + int(draw() * (calendar.END - calendar.START))
    if chance < 0.006:
        return "UNDETERMINED", ()
    fact = "NOT_RETURNED" if chance < 0.02 else "ANNULLED"
    return "INVALID", (Fact(at, fact, "LV-PMLP", None),)


def _issuer(paper: Paper, holder: Resident | None) -> str | None:
    """Who issued it; not known for documents from abroad."""
    if paper.country != "LV":
        return None
    return _ISSUERS.get(paper.kind) or f"PMLP {_office(holder.home if holder else 0)} nodaļa"


def _office(home: int) -> str:
    """The territory's name in the genitive: `Rīgas`, `Ogres`, `Ventspils`."""
    name = TERRITORIES[SETTLEMENTS[home].territory].name
    return f"{name}s" if name.endswith(("a", "e")) else name.removesuffix(" novads")
