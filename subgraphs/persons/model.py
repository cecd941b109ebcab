"""The records of the register of natural persons: what its stores, seeds and imports exchange.

What comes in: values already checked. What goes out: frozen structs, compared and stored by content. The personal code is data
with a history, never the key: it may change once in a life and it is protected. Ethnicity is not held at all.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from subgraphs.persons.enumerations import (
    AddressKind,
    ContactKind,
    LegalStatus,
    PersonalCodeForm,
    PersonAlertKind,
    Sex,
    Verification,
)
from subgraphs.room.enumerations import Classification
from subgraphs.room.records import Involved, Source


class PersonalCode(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A personal code (personas kods) as registered (`309912-12345`) and the time it was the person's. The current one has
    no end.
    """

    value: str
    form: PersonalCodeForm = PersonalCodeForm.NEW
    valid_from: date | None = None
    valid_to: date | None = None


class Address(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """An address of a person; `atvk` has 7 digits."""

    kind: AddressKind
    text: str
    code: str | None = None
    atvk: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class Contact(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A telephone number or an e-mail address."""

    kind: ContactKind
    value: str


class PersonAlert(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A search for the person: why, by whom (agency id), under which reference, since and until when."""

    kind: PersonAlertKind
    authority: str
    issued_at: datetime
    reference: str | None = None
    valid_to: datetime | None = None


class PersonRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One natural person. `id` starts with `per_`; `citizenship` is an ISO 3166 alpha-2 code (or `XX` for none).

    `merged_into` is the record that stands for this one: another of the same person. `involved` is the projection of events
    that row rules use; it is kept beside the content and makes no new version.
    """

    id: str
    given_names: str | None = None
    family_name: str | None = None
    birth_family_name: str | None = None
    original_form: str | None = None
    historical_form: str | None = None
    codes: tuple[PersonalCode, ...] = ()
    birth_date: date | None = None
    birth_place: str | None = None
    sex: Sex = Sex.UNKNOWN
    legal_status: LegalStatus = LegalStatus.UNKNOWN
    citizenship: str | None = None
    addresses: tuple[Address, ...] = ()
    contacts: tuple[Contact, ...] = ()
    alerts: tuple[PersonAlert, ...] = ()
    verification: Verification = Verification.DECLARED
    same_as: tuple[str, ...] = ()
    merged_into: str | None = None
    deceased_on: date | None = None
    source: Source | None = None
    classification: Classification = Classification.PERSONAL
    involved: Involved | None = None
