"""Identity as the graph shows it: candidates and changes of identity.

What comes in: `Candidate`s and `IdentityEntry`s. What goes out: Strawberry types. Persons are whole persons: rights, masks and
row rules of `Person` hold for them here as everywhere.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Final

import strawberry
from strawberry import UNSET

from kernel.natural_keys import normal_personal_code
from subgraphs.persons.enumerations import MatchBasis, Sex
from subgraphs.persons.identity.matching import Candidate, Named
from subgraphs.persons.loaders import Info
from subgraphs.room.fields import Level, coded, discloses, graphql_enum, open_argument, plain, shown, words
from subgraphs.room.values import Code

if TYPE_CHECKING:
    from subgraphs.persons.objects import Person

graphql_enum(MatchBasis)
graphql_enum(Sex)

L1, L2 = Level.L1, Level.L2
MOST: Final = 20

_HOME = strawberry.lazy("subgraphs.persons.objects")


@strawberry.type(description=words("Somebody who may be the person.", "Iespējamā persona."))
class PersonCandidate:
    """A person with how well they fit."""

    person: Annotated[Person, _HOME] = shown(L1, "The person.", "Persona.")
    score: float = shown(L1, "How well they fit, from 0 to 1.", "Atbilstība no 0 līdz 1.")
    basis: MatchBasis = shown(L1, "By what they were found.", "Atbilstības pamats.")


@strawberry.type(description=words("A change of who a person is.", "Identitātes izmaiņa."))
class IdentityChange:
    """Who identified, merged or split, when and why."""

    at: datetime = plain("When it was made.", "Kad veikta.")
    operation: str = shown(L1, "What was done (the mutation).", "Veiktā darbība.")
    other: Annotated[Person, _HOME] | None = shown(L2, "The record at its other end.", "Otrs ieraksts.")
    agency: Code | None = coded("agency", "agency", L1, "Whose official did it.", "Iestāde.")
    official: str = shown(L2, "Who did it.", "Amatpersona.")
    purpose: str | None = shown(L1, "The purpose that was stated.", "Norādītais mērķis.")
    case_reference: str | None = shown(L1, "The case that was stated.", "Norādītā lieta.")
    reason: str | None = shown(L2, "Why it was done.", "Pamatojums.")


async def person_candidates(
    info: Info,
    personal_code: Annotated[
        str | None, discloses("Person.personalCode", "The code, with or without hyphen.", "Personas kods.")
    ] = UNSET,
    given_names: Annotated[str | None, discloses("Person.givenNames", "Given names.", "Vārdi.", "startsWith")] = UNSET,
    family_name: Annotated[str | None, discloses("Person.familyName", "Family name.", "Uzvārds.", "startsWith")] = UNSET,
    birth_date: Annotated[date | None, discloses("Person.birthDate", "Birth date.", "Dzimšanas datums.", "from")] = UNSET,
    first: Annotated[int, open_argument("At most so many, up to 20.", "Ne vairāk kā 20.")] = 10,
) -> list[Candidate]:
    """The visible persons who fit what was said, the best first."""
    said = {"given_names": given_names, "family_name": family_name, "birth_date": birth_date}
    known = {name: given for name, given in said.items() if given is not UNSET}
    code = normal_personal_code(personal_code) if personal_code else None
    named = Named(code, **known)  # type: ignore[arg-type]  # each has the type of its argument
    return await info.context.store.candidates(named, info.context.rows, max(0, min(first, MOST)))
