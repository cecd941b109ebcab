"""What the demo prints: for each of five agencies one question, as a `saite query` line and as a `curl` line."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from subgraphs.room.world.showcase import Showcase

LINKED: Final = (
    "query WhoWasWithThisCar($plate: String!) { vehicleByPlate(plate: $plate) { plate make model status alerts { kind } "
    "holders { kind from person { familyName givenNames personalCode } } "
    "involvements(first: 10, orderBy: [OCCURRED_AT_DESC]) { nodes { role event { registrationNumber kind occurred { from } "
    "place { text point { lat lon } } persons { role dataSubjectCategory "
    "person { familyName personalCode documents { kind number status } } } } } } } }"
)
"""The query that shows what Saite is for: one car, its holders, its events, the persons in them and their documents."""

COUNTED: Final = (
    "query OffencesByDay { events(first: 5, orderBy: [OCCURRED_AT_DESC], where: {kind: {eq: CRIMINAL_OFFENCE}}) "
    "{ totalCount nodes { kind category status occurred { from } place { atvk municipality } } } }"
)
"""What a statistics office may ask: how many, of which kind, when and in which territory; never who."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """One agency of the tour: who asks, what for, and what."""

    agency: str
    title: str
    user: str
    purpose: str
    case: str | None
    query: str


def visitors(example: Showcase) -> tuple[Visitor, ...]:
    """The five agencies of the demo. The case is a running one of the invented world."""
    case = example.case_number
    return (
        Visitor("LV-PROK", "Prosecutor's office", "ilze.kalnina", "CRIMINAL_PROCEEDING", case, LINKED),
        Visitor("LV-VP", "State police", "janis.ozols", "EVENT_RESPONSE", None, LINKED),
        Visitor("LV-PP-RIGA", "Municipal police of Rīga", "anna.liepina", "EVENT_RESPONSE", None, LINKED),
        Visitor("LV-OP-RIGA", "Port police of Rīga", "peteris.vilks", "EVENT_RESPONSE", None, LINKED),
        Visitor("LV-STAT", "Statistics office", "dace.abele", "STATISTICS", None, COUNTED),
    )


def variables_of(visitor: Visitor, example: Showcase) -> dict[str, str]:
    """The variables that the visitor's query declares."""
    return {"plate": example.plate} if "$plate" in visitor.query else {}


def query_line(visitor: Visitor, example: Showcase, *, command: str, url: str, data: Path) -> str:
    """A line that asks by `saite query`, as it can be pasted into another terminal."""
    words = [command, "query", "--url", url, "--data", str(data), "--agency", visitor.agency, "--user", visitor.user]
    words += ["--purpose", visitor.purpose]
    if visitor.case is not None:
        words += ["--case", visitor.case]
    variables = variables_of(visitor, example)
    if variables:
        words += ["--variables", json.dumps(variables)]
    return shlex.join([*words, visitor.query])


def curl_line(visitor: Visitor, example: Showcase, *, url: str, token: str) -> str:
    """The same by curl; the token says agency, user, purpose and case."""
    body = json.dumps({"query": visitor.query, "variables": variables_of(visitor, example)}, ensure_ascii=False)
    headers = ["-H", "Content-Type: application/json", "-H", f"Authorization: Bearer {token}"]
    return shlex.join(["curl", "-sS", url, *headers, "-d", body])
