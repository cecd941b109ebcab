"""The types of the room of persons. A type declares; the object behind it is the `Kept` record.

What comes in: records. What goes out: `Person` and its parts, each field with its class.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from kernel.clock import Clock
from subgraphs.persons.enumerations import (
    AddressKind,
    LegalStatus,
    Sex,
    Verification,
)
from subgraphs.persons.identity.matching import Candidate, named_by
from subgraphs.persons.identity.objects import MOST, IdentityChange, PersonCandidate
from subgraphs.persons.identity.store import IdentityEntry
from subgraphs.persons.loaders import Info as Info  # noqa: PLC0414 - where others look for it
from subgraphs.persons.model import Address as AddressRecord
from subgraphs.persons.model import PersonalCode as PersonalCodeRecord
from subgraphs.persons.model import PersonRecord
from subgraphs.persons.parts import Address, Contact, PersonalCode, PersonAlert
from subgraphs.room.code_lists import CodeValue, code_of
from subgraphs.room.enumerations import Classification
from subgraphs.room.fields import Level, discloses, entity, graphql_enum, shown
from subgraphs.room.records import Kept
from subgraphs.room.references import WORDS, is_record_of, key_field
from subgraphs.room.store import Change
from subgraphs.room.traceable import Traceable, changed_at_of, id_of, version_of
from subgraphs.room.values import ChangeType, Code, Node, SourceType

for _enumeration in (AddressKind, Classification, LegalStatus, Sex, Verification):
    graphql_enum(_enumeration)

L1, L2, L4 = Level.L1, Level.L2, Level.L4

Parent = strawberry.Parent[Kept[PersonRecord]]


def _current_code(root: Parent) -> str | None:
    current = [code.value for code in root.record.codes if code.valid_to is None]
    return current[0] if current else None


def _citizenship(root: Parent) -> CodeValue | None:
    return None if root.record.citizenship is None else code_of("country", root.record.citizenship)


def _codes(root: Parent) -> tuple[PersonalCodeRecord, ...]:
    return root.record.codes


def _addresses(
    root: Parent,
    kind: Annotated[
        list[AddressKind] | None, discloses("Address.kind", "Only of these kinds.", "Tikai šo veidu.", "in")
    ] = UNSET,
) -> list[AddressRecord]:
    return [address for address in root.record.addresses if not kind or address.kind in kind]


def _is_minor(root: Parent, info: Info) -> bool | None:
    return is_minor(root.record.birth_date, info.context.clock)


def is_minor(birth_date: date | None, clock: Clock) -> bool | None:
    """Whether somebody born on that day is under 18 today; None when the day is not known."""
    if birth_date is None:
        return None
    today = clock.now().date()
    age = today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))
    return age < 18


async def _involved_territories(root: Parent, info: Info) -> list[str]:
    involved = await info.context.loaders.involved.load(root.record.id)
    return [] if involved is None else list(involved.territories)


async def _same_as(root: Parent, info: Info) -> list[Kept[PersonRecord]]:
    merged = await info.context.loaders.merged_with.load(root.record.id) or ()
    there = {person.record.id for person in merged}
    said = await info.context.loaders.record.load_many([other for other in root.record.same_as if other not in there])
    return [*merged, *(person for person in said if person is not None)]


async def _candidates(root: Parent, info: Info) -> list[Candidate]:
    """Who else it may be; its own record, and those that are known to be the same, are no candidates."""
    same = {root.record.id, *(person.record.id for person in await _same_as(root, info))}
    found = await info.context.store.candidates(named_by(root.record), info.context.rows, MOST + len(same))
    return [candidate for candidate in found if candidate.person.record.id not in same][:MOST]


async def _identity_changes(root: Parent, info: Info) -> tuple[IdentityEntry, ...]:
    return await info.context.store.identity_changes(root.record.id, info.context.rows)


async def _history(root: Parent, info: Info) -> tuple[Change, ...] | None:
    return await info.context.loaders.history.load(root.record.id)


@entity(
    *WORDS["Person"],
    keys=("id", "ref"),
    rows={
        "classification": "Int",
        "involvedTerritories": "[String]",
        "involvedAgencies": "[String]",
        "verification": "String",
    },
)
class Person(Node, Traceable):
    """A natural person, at home."""

    is_type_of = is_record_of(PersonRecord)

    ref: strawberry.ID = key_field(id_of)
    id: strawberry.ID = shown(L1, "The opaque id.", "Identifikators.")
    personal_code: str | None = shown(
        L2, "The personal code that the person has now.", "Pašreizējais personas kods.", resolver=_current_code
    )
    codes: list[PersonalCode] | None = shown(
        L2,
        "Every personal code the person had.",
        "Visi personas kodi.",
        resolver=_codes,
    )
    given_names: str | None = shown(L2, "Given names.", "Vārdi.")
    family_name: str | None = shown(L2, "Family name.", "Uzvārds.")
    birth_family_name: str | None = shown(L2, "Family name at birth.", "Dzimtais uzvārds.")
    original_form: str | None = shown(L2, "The name in the form of its original language.", "Vārda oriģinālforma.")
    historical_form: str | None = shown(L2, "The historical form of the name.", "Vārda vēsturiskā forma.")
    birth_date: date | None = shown(L2, "Birth date.", "Dzimšanas datums.")
    birth_place: str | None = shown(L2, "Birth place.", "Dzimšanas vieta.")
    sex: Sex = shown(L1, "Sex.", "Dzimums.")
    legal_status: LegalStatus | None = shown(L2, "The kind of tie to a state.", "Valstiskās piederības veids.")
    citizenship: Code | None = shown(L2, "The state.", "Valstiskā piederība.", resolver=_citizenship)
    addresses: list[Address] | None = shown(L2, "Addresses, now and before.", "Adreses.", resolver=_addresses)
    contacts: list[Contact] | None = shown(L2, "Telephone numbers and e-mail addresses.", "Saziņas līdzekļi.")
    alerts: list[PersonAlert] | None = shown(L4, "Searches for the person.", "Personas meklēšana.")
    is_minor: bool | None = shown(
        L2, "Whether the person is under 18 today; null when the birth date is not known.", "Nepilngadīgs.", resolver=_is_minor
    )
    verification: Verification = shown(L1, "How sure the identity is.", "Identitātes pārbaudes pakāpe.")
    same_as: list[Person] | None = shown(
        L2,
        "Other records of the same person, those that it stands for among them.",
        "Citi tās pašas personas ieraksti.",
        resolver=_same_as,
    )
    candidates: list[PersonCandidate] | None = shown(
        L2,
        "Who else in the register it may be, the best first.",
        "Iespējamie tās pašas personas ieraksti.",
        resolver=_candidates,
    )
    identity_changes: list[IdentityChange] | None = shown(
        L2, "Identifications, merges and splits, oldest first.", "Identitātes izmaiņas.", resolver=_identity_changes
    )
    deceased_on: date | None = shown(L2, "Day of death.", "Miršanas datums.")
    involved_territories: list[str] | None = shown(
        L1,
        "Territories (ATVK) of the events that the person is involved in.",
        "Notikumu teritorijas (ATVK), kuros persona iesaistīta.",
        resolver=_involved_territories,
    )
    source: SourceType | None = shown(L1, "Where the record came from.", "Datu avots.")
    classification: Classification = shown(L1, "How far the record may be shown.", "Pieejamības līmenis.")
    version: int = shown(L1, "The version's number, from 1.", "Versijas numurs.", resolver=version_of)
    changed_at: datetime = shown(L1, "When this version was written.", "Kad ierakstīts.", resolver=changed_at_of)
    history: list[ChangeType] | None = shown(L1, "Every version, oldest first.", "Visas versijas.", resolver=_history)
