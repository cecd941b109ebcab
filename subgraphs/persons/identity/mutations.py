"""The mutations of identity. Each is a root field that a contract grants, or nobody may use it.

What comes in: one input. What goes out: `PersonPayload`: the person as the caller may see it now, or user errors, all at once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import strawberry

from kernel.ids import new_id
from kernel.natural_keys import normal_personal_code
from subgraphs.persons.enumerations import MatchBasis, PersonalCodeForm, Verification
from subgraphs.persons.identity import inputs
from subgraphs.persons.identity.matching import Named
from subgraphs.persons.identity.store import IdentityDone, Merging, Splitting
from subgraphs.persons.loaders import Info
from subgraphs.persons.model import PersonalCode, PersonRecord
from subgraphs.persons.objects import Person, is_minor
from subgraphs.room.asked import Asked, asked_of, value
from subgraphs.room.enumerations import Classification
from subgraphs.room.fields import Level, open_argument, plain, shown, words
from subgraphs.room.records import Kept
from subgraphs.room.refusal import Problem, Refused, UserError

_INPUT = ("What is done.", "Ko dara.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stands behind `PersonPayload`."""

    person: Kept[PersonRecord] | None
    person_id: str | None
    basis: MatchBasis | None
    version: int | None
    user_errors: tuple[Problem, ...] = ()


@strawberry.type(description=words("What came of a change of identity.", "Identitātes izmaiņas rezultāts."))
class PersonPayload:
    """The person, or why not."""

    person: Person | None = plain(
        "The person as it stands now; null when refused, or when the caller may not see it.", "Persona."
    )
    person_id: strawberry.ID | None = plain("The id to link the person by; null when refused.", "Personas identifikators.")
    basis: MatchBasis | None = plain(
        "By what an identification found the person; null: a new, unverified record was made.", "Atbilstības pamats."
    )
    version: int | None = plain("The version that the record has now; null when refused.", "Ieraksta versija.")
    user_errors: list[UserError] = plain("Why it was refused: everything that is wrong.", "Noraidījuma iemesli.")


async def _answered(info: Info, asked: Asked, given: object, make: Callable[[], Awaitable[IdentityDone]]) -> Outcome:
    problems = inputs.problems_of(given, asked.at)
    if problems:
        return Outcome(None, None, None, None, tuple(problems))
    try:
        done = await make()
    except Refused as refused:
        return Outcome(None, None, None, None, refused.problems)
    loaders = info.context.loaders
    loaders.forget()  # a field before this one may have asked for the person as it was
    return Outcome(await loaders.by_id.load(done.person_id), done.person_id, done.basis, done.version)


async def _identify(info: Info, given: Annotated[inputs.IdentifyPersonInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    asked, rows = asked_of(info.context, "identifyPerson", given), info.context.rows
    named, new = _named(given), _unverified(given, asked.at, info)
    return await _answered(info, asked, given, lambda: info.context.store.identify(asked, named, new, rows))


async def _merge(info: Info, given: Annotated[inputs.MergePersonsInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    asked = asked_of(info.context, "mergePersons", given)
    versions = (given.expected_into_version, given.expected_from_version)
    merging = Merging(given.into, given.from_, *versions, info.context.rows)
    return await _answered(info, asked, given, lambda: info.context.store.merge(asked, merging))


async def _split(info: Info, given: Annotated[inputs.SplitPersonInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    asked = asked_of(info.context, "splitPerson", given)
    splitting = Splitting(given.person, given.expected_version, info.context.rows)
    return await _answered(info, asked, given, lambda: info.context.store.split(asked, splitting))


def _named(given: inputs.IdentifyPersonInput) -> Named:
    code = value(given, "personal_code")
    said: dict[str, Any] = {name: value(given, name) for name in ("given_names", "family_name", "birth_date")}
    return Named(normal_personal_code(str(code)) if code else None, sex=given.sex, **said)


def _unverified(given: inputs.IdentifyPersonInput, now: datetime, info: Info) -> PersonRecord:
    """The record of somebody whom the register does not know: declared, or of unknown identity."""
    named = _named(given)
    is_declared = bool(named.code or named.family_name) and not given.identity_unknown
    is_young = is_minor(named.birth_date, info.context.clock)
    form = PersonalCodeForm.NEW if named.code and named.code.startswith("3") else PersonalCodeForm.OLD
    return PersonRecord(
        id=new_id("per", now),
        given_names=named.given_names,
        family_name=named.family_name,
        codes=(PersonalCode(value=f"{named.code[:6]}-{named.code[6:]}", form=form),) if named.code else (),
        birth_date=named.birth_date,
        sex=named.sex,
        verification=Verification.DECLARED if is_declared else Verification.UNKNOWN_IDENTITY,
        classification=Classification.SENSITIVE if is_young else Classification.PERSONAL,
    )


def _done(english: str, latvian: str, resolver: object) -> Any:
    return shown(Level.L2, english, latvian, resolver=resolver)


@strawberry.type(description=words("Where changes begin.", "Izmaiņu sākums."))
class Mutation:
    """Where changes of identity begin."""

    identify_person: PersonPayload = _done(
        "Find the person who was named, or keep an unverified record.", "Identificēt nosauktu personu.", _identify
    )
    merge_persons: PersonPayload = _done("Let one record stand for another.", "Apvienot personas ierakstus.", _merge)
    split_person: PersonPayload = _done("Let a merged record stand for itself.", "Atdalīt apvienotu ierakstu.", _split)
