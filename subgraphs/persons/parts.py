"""The parts of a person: codes, addresses, contacts, alerts.

What comes in: parts of the record. What goes out: Strawberry types, each field with its class.
"""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from subgraphs.persons.enumerations import (
    AddressKind,
    ContactKind,
    PersonalCodeForm,
    PersonAlertKind,
)
from subgraphs.room.fields import Level, coded, graphql_enum, shown, words
from subgraphs.room.values import Code

for _enumeration in (AddressKind, ContactKind, PersonalCodeForm, PersonAlertKind):
    graphql_enum(_enumeration)

L1, L2, L4 = Level.L1, Level.L2, Level.L4


@strawberry.type(description=words("A personal code and the time it was the person's.", "Personas kods un tā spēkā esība."))
class PersonalCode:
    """A code of the history."""

    value: str | None = shown(L2, "The code as registered.", "Personas kods.")
    form: PersonalCodeForm = shown(L1, "Its form.", "Koda forma.")
    valid_from: date | None = shown(L1, "Since when.", "Spēkā no.")
    valid_to: date | None = shown(L1, "Until when; null for the current one.", "Spēkā līdz.")


@strawberry.type(description=words("An address of a person.", "Personas adrese."))
class Address:
    """An address."""

    kind: AddressKind = shown(L1, "What sort of address.", "Adreses veids.")
    code: str | None = shown(L2, "Its code in the state address register.", "Adreses kods Valsts adrešu reģistrā.")
    text: str | None = shown(L2, "The address as text.", "Adrese tekstā.")
    atvk: Code | None = coded(
        "territory", "atvk", L1, "The administrative territory (ATVK).", "Administratīvā teritorija (ATVK)."
    )
    valid_from: date | None = shown(L2, "Since when.", "Spēkā no.")
    valid_to: date | None = shown(L2, "Until when.", "Spēkā līdz.")


@strawberry.type(description=words("A telephone number or an e-mail address.", "Saziņas līdzeklis."))
class Contact:
    """A contact."""

    kind: ContactKind = shown(L1, "What sort of contact.", "Saziņas veids.")
    value: str | None = shown(L2, "The number or address.", "Numurs vai adrese.")


@strawberry.type(description=words("A search for the person.", "Personas meklēšana."))
class PersonAlert:
    """An alert."""

    kind: PersonAlertKind = shown(L4, "Why the person is sought.", "Meklēšanas pamats.")
    authority: Code | None = coded("agency", "authority", L4, "Who seeks the person.", "Meklēšanas iniciators.")
    issued_at: datetime = shown(L4, "Since when.", "Izsludināta.")
    valid_to: datetime | None = shown(L4, "Until when.", "Spēkā līdz.")
    reference: str | None = shown(L4, "The reference of the search.", "Meklēšanas lietas numurs.")
