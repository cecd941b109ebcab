"""What the mutations of identity take, and what can be wrong with it by itself.

What comes in: clients' values. What goes out: Strawberry inputs, and all problems at once. An input discloses nothing: the
mutation that takes it carries the class, and a contract grants that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

import strawberry
from strawberry import UNSET

from kernel.ids import is_id
from kernel.natural_keys import is_personal_code
from subgraphs.persons.enumerations import Sex
from subgraphs.persons.identity.refusal import problem
from subgraphs.room.asked import value
from subgraphs.room.fields import graphql_enum, words
from subgraphs.room.refusal import Problem
from subgraphs.room.rights import PUBLIC

graphql_enum(Sex)

MAX_TEXT: Final = 2_000
_KEY: Final = re.compile(r"\A[A-Za-z0-9._:-]{8,128}\Z")
_SAYS: Final = ("A key of this one change; the same again gives the same answer.", "Izmaiņas atslēga.")
_REASON: Final = ("Why.", "Pamatojums.")


def _must(english: str, latvian: str, name: str | None = None) -> Any:
    return strawberry.field(name=name, description=words(english, latvian), directives=[PUBLIC])


def _may(english: str, latvian: str, default: object = UNSET) -> Any:
    return strawberry.field(description=words(english, latvian), directives=[PUBLIC], default=default)


@strawberry.input(description=words("A person who was named.", "Nosaukta persona."))
class IdentifyPersonInput:
    """What is known of the person."""

    idempotency_key: str = _must(*_SAYS)
    personal_code: str | None = _may("The personal code, with or without hyphen.", "Personas kods.")
    given_names: str | None = _may("Given names.", "Vārdi.")
    family_name: str | None = _may("Family name.", "Uzvārds.")
    birth_date: date | None = _may("Birth date.", "Dzimšanas datums.")
    sex: Sex = _may("Sex.", "Dzimums.", Sex.UNKNOWN)
    identity_unknown: bool = _may("Whether it is not known who the person is.", "Vai identitāte nav zināma.", default=False)


@strawberry.input(description=words("Two records of one person.", "Divi vienas personas ieraksti."))
class MergePersonsInput:
    """Which record stands for which."""

    idempotency_key: str = _must(*_SAYS)
    into: strawberry.ID = _must("The record that stands for both.", "Ieraksts, kas paliek.")
    from_: strawberry.ID = _must("The record that it stands for.", "Ieraksts, ko apvieno.", name="from")
    expected_into_version: int = _must("The version of `into` that this was decided on.", "Versija, par kuru lemts.")
    expected_from_version: int = _must("The version of `from` that this was decided on.", "Versija, par kuru lemts.")
    reason: str = _must(*_REASON)


@strawberry.input(description=words("A record that was merged.", "Apvienots ieraksts."))
class SplitPersonInput:
    """A record that stands for itself again, as it was."""

    idempotency_key: str = _must(*_SAYS)
    person: strawberry.ID = _must("The record that was merged.", "Apvienotais ieraksts.")
    expected_version: int = _must("Its version that this was decided on.", "Versija, par kuru lemts.")
    reason: str = _must(*_REASON)


def problems_of(given: object, now: datetime) -> list[Problem]:
    """Everything that is wrong with an input, before any person is looked at."""
    return [*_fields(given), *_person(given, now)]


def _fields(given: object) -> Iterator[Problem]:
    if not _KEY.match(str(value(given, "idempotency_key"))):
        yield problem("idempotencyKey", "BAD_IDEMPOTENCY_KEY")
    for name in ("reason", "given_names", "family_name"):
        said, path = value(given, name), _camel(name)
        if isinstance(said, str) and not said.strip():
            yield problem(path, "REQUIRED")
        elif isinstance(said, str) and len(said) > MAX_TEXT:
            yield problem(path, "TOO_LONG", most=MAX_TEXT)
    for name in ("into", "from_", "person"):
        said = value(given, name)
        if isinstance(said, str) and not is_id(said, "per"):
            yield problem(name.rstrip("_"), "BAD_ID", prefix="per")


def _person(given: object, now: datetime) -> Iterator[Problem]:
    if not isinstance(given, IdentifyPersonInput):
        return
    code, born = value(given, "personal_code"), value(given, "birth_date")
    if isinstance(code, str) and not is_personal_code(code):
        yield problem("personalCode", "BAD_PERSONAL_CODE")
    if isinstance(born, date) and born > now.date():
        yield problem("birthDate", "IN_FUTURE")
    if not (code or born or value(given, "family_name") or given.identity_unknown):
        yield problem("", "NAMES_NOBODY")


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)
