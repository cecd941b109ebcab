"""What mutations take. An input discloses nothing: the mutation that takes it carries the class, and a contract grants that.

What comes in: clients' values. What goes out: Strawberry inputs; what was left out is UNSET, and null clears.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry
from strawberry import UNSET

from subgraphs.events import enumerations as enums
from subgraphs.room.enumerations import Classification
from subgraphs.room.fields import graphql_enum, words
from subgraphs.room.rights import PUBLIC

for _enumeration in (
    Classification,
    enums.AssertionBasis,
    enums.Channel,
    enums.DecisionKind,
    enums.DocumentRole,
    enums.EventKind,
    enums.ItemKind,
    enums.ItemRole,
    enums.PersonRole,
    enums.ReceiptForm,
    enums.ResponseCategory,
    enums.Sex,
    enums.VehicleRole,
):
    graphql_enum(_enumeration)


def must(english: str, latvian: str) -> Any:
    """An input field that has to be given."""
    return strawberry.field(description=words(english, latvian), directives=[PUBLIC])


def may(english: str, latvian: str, default: object = UNSET) -> Any:
    """An input field that may be left out."""
    return strawberry.field(description=words(english, latvian), directives=[PUBLIC], default=default)


@strawberry.input(description=words("Where it happened.", "Notikuma vieta."))
class PlaceInput:
    """A place."""

    atvk: str = must("The administrative unit (ATVK, 7 digits).", "Administratīvā vienība (ATVK, 7 cipari).")
    address_code: str | None = may("The code in the state address register.", "Adreses kods Valsts adrešu reģistrā.")
    text: str | None = may("The address as text.", "Adrese tekstā.")
    lat: float | None = may("Latitude in degrees, WGS 84.", "Platums grādos.")
    lon: float | None = may("Longitude in degrees, WGS 84.", "Garums grādos.")
    indoor_note: str | None = may("Where inside.", "Precizējums iekštelpās.")
    zone: str | None = may("A special area, e.g. a port.", "Īpaša teritorija, piemēram, osta.")


@strawberry.input(description=words("A provision.", "Tiesību norma."))
class QualificationInput:
    """A provision."""

    law: str = must("The law.", "Likums.")
    article: str = must("The article.", "Pants.")
    part: str | None = may("The part.", "Daļa.")


@strawberry.input(description=words("The submission that the event comes in by (Nr. 190, point 3).", "Iesniegums."))
class SubmissionInput:
    """A submission."""

    receipt_form: enums.ReceiptForm = must("In which form it was received.", "Saņemšanas veids.")
    channel: enums.Channel = must("Through which channel.", "Saņemšanas kanāls.")
    received_at: datetime = must("When it was received.", "Saņemšanas laiks.")
    anonymous: bool = may("Whether the submitter gave no name.", "Vai iesniegums ir anonīms.", default=False)
    submitter_id: strawberry.ID | None = may("The submitter, when a known person.", "Iesniedzējs.")
    organization: str | None = may("The submitter, when a body.", "Iesniedzējs, ja juridiska persona.")
    call_reference: str | None = may("The reference of the call.", "Zvana numurs.")
    text: str | None = may("What was submitted.", "Iesnieguma teksts.")


@strawberry.input(description=words("A new event.", "Jauns notikums."))
class RegisterEventInput:
    """What is registered (Nr. 190, point 6). The institution is the caller's agency."""

    idempotency_key: str = must("A key of this one change; the same again gives the same answer.", "Izmaiņas atslēga.")
    unit: str = must("The structural unit that registers it (Nr. 190, point 6.2).", "Struktūrvienība, kas reģistrē.")
    official: str | None = may("The official who registers it; the caller when left out.", "Amatpersona, kas reģistrē.")
    submission: SubmissionInput = must("How it came in.", "Kā saņemts.")
    kind: enums.EventKind = must("What sort of event.", "Notikuma veids.")
    place: PlaceInput = must("Where it happened.", "Notikuma vieta.")
    subkind: str | None = may("What sort, more closely (code).", "Notikuma apakšveids (kods).")
    legal_nature: str | None = may("Its legal nature (code).", "Juridiskais raksturs (kods).")
    category: enums.ResponseCategory = may(
        "The response category; the State Police alone has one.", "Reaģēšanas kategorija.", enums.ResponseCategory.NONE
    )
    received_in_unit_at: datetime | None = may(
        "When the operative unit received it: the response clock begins.", "Kad saņemts operatīvās vadības struktūrvienībā."
    )
    occurred_from: datetime | None = may("When it began to happen.", "Notikuma laiks no.")
    occurred_to: datetime | None = may("When it ended.", "Notikuma laiks līdz.")
    qualification: list[QualificationInput] | None = may("The provisions that it falls under.", "Kvalifikācija.")
    summary: str | None = may("What happened, in short.", "Fabula.")
    assertion_basis: enums.AssertionBasis = may("Fact or assessment.", "Fakts vai vērtējums.", enums.AssertionBasis.UNVERIFIED)


@strawberry.input(description=words("A change of an event.", "Notikuma izmaiņa."))
class ChangeInput:
    """What every change of a registered event says."""

    idempotency_key: str = must("A key of this one change; the same again gives the same answer.", "Izmaiņas atslēga.")
    event_id: strawberry.ID = must("The event.", "Notikums.")
    expected_version: int = must("The version that the change was decided on.", "Versija, par kuru lemts.")


@strawberry.input(description=words("What is to be amended; null clears.", "Kas jālabo; null dzēš vērtību."))
class AmendEventInput(ChangeInput):
    """What was left out stays as it is."""

    kind: enums.EventKind | None = may("What sort of event.", "Notikuma veids.")
    subkind: str | None = may("What sort, more closely (code).", "Notikuma apakšveids (kods).")
    legal_nature: str | None = may("Its legal nature (code).", "Juridiskais raksturs (kods).")
    category: enums.ResponseCategory | None = may("The response category.", "Reaģēšanas kategorija.")
    occurred_from: datetime | None = may("When it began to happen.", "Notikuma laiks no.")
    occurred_to: datetime | None = may("When it ended.", "Notikuma laiks līdz.")
    place: PlaceInput | None = may("Where it happened.", "Notikuma vieta.")
    qualification: list[QualificationInput] | None = may("The provisions that it falls under.", "Kvalifikācija.")
    summary: str | None = may("What happened, in short.", "Fabula.")
    assertion_basis: enums.AssertionBasis | None = may("Fact or assessment.", "Fakts vai vērtējums.")
    response_excluded: str | None = may("Why nobody is waited for (code).", "Kāpēc laiks netiek skaitīts (kods).")


@strawberry.input(description=words("To whom the event is assigned.", "Kam notikums nodots izpildei."))
class AssignInput(ChangeInput):
    """A unit, and an official of it."""

    unit: str = must("The structural unit.", "Struktūrvienība.")
    official: str | None = may("The official.", "Amatpersona.")


@strawberry.input(description=words("The crew that is sent.", "Norīkojums."))
class DispatchInput(ChangeInput):
    """A crew."""

    crew: str = must("The crew.", "Ekipāža.")
    dispatched_at: datetime | None = may("When it was sent; now when left out.", "Kad norīkota.")


@strawberry.input(description=words("The crew that arrived.", "Ekipāžas ierašanās."))
class RecordArrivalInput(ChangeInput):
    """A crew that was sent."""

    crew: str = must("The crew.", "Ekipāža.")
    arrived_at: datetime | None = may("When it arrived; now when left out.", "Kad ieradās.")


@strawberry.input(description=words("What was decided.", "Pieņemtais lēmums."))
class RecordDecisionInput(ChangeInput):
    """A decision."""

    kind: enums.DecisionKind = must("What was decided.", "Lēmuma veids.")
    decided_on: date | None = may("When; today when left out.", "Lēmuma datums.")
    case_number: str | None = may(
        "The number of the case that it belongs to, when that is kept elsewhere.", "Lietas numurs, ja lieta glabājas citur."
    )
    case_id: strawberry.ID | None = may("The case that it belongs to; the event joins it.", "Lieta, kurā tas pieņemts.")


@strawberry.input(description=words("A person's part in the event.", "Personas iesaiste notikumā."))
class LinkPersonInput(ChangeInput):
    """A person who is known, or what was observed of one who is not."""

    role: enums.PersonRole = must("In which role.", "Loma.")
    person_id: strawberry.ID | None = may("The person, when known.", "Persona, ja zināma.")
    observed_age: int | None = may("The age as observed or stated.", "Novērotais vai norādītais vecums.")
    observed_sex: enums.Sex = may("The sex as observed or stated.", "Novērotais vai norādītais dzimums.", enums.Sex.UNKNOWN)
    assertion_basis: enums.AssertionBasis = may("Fact or assessment.", "Fakts vai vērtējums.", enums.AssertionBasis.UNVERIFIED)


@strawberry.input(description=words("A vehicle's part in the event.", "Transportlīdzekļa iesaiste notikumā."))
class LinkVehicleInput(ChangeInput):
    """A vehicle that is known, or what was seen of one that is not."""

    role: enums.VehicleRole = must("In which role.", "Loma.")
    vehicle_id: strawberry.ID | None = may("The vehicle, when known.", "Transportlīdzeklis, ja zināms.")
    observed_plate: str | None = may("The plate as seen.", "Novērotais numurs.")
    description: str | None = may("What the vehicle was seen to be.", "Apraksts.")
    damage: str | None = may("Damage.", "Bojājumi.")
    assertion_basis: enums.AssertionBasis = may("Fact or assessment.", "Fakts vai vērtējums.", enums.AssertionBasis.UNVERIFIED)


@strawberry.input(description=words("A document's part in the event.", "Dokumenta iesaiste notikumā."))
class LinkDocumentInput(ChangeInput):
    """A document that is known, or the number as seen."""

    role: enums.DocumentRole = must("In which role.", "Loma.")
    document_id: strawberry.ID | None = may("The document, when known.", "Dokuments, ja zināms.")
    observed_number: str | None = may("The number as seen.", "Novērotais numurs.")
    assertion_basis: enums.AssertionBasis = may("Fact or assessment.", "Fakts vai vērtējums.", enums.AssertionBasis.UNVERIFIED)


@strawberry.input(description=words("An item's part in the event.", "Mantas iesaiste notikumā."))
class LinkItemInput(ChangeInput):
    """An item; it is described here and nowhere else."""

    kind: enums.ItemKind = must("What sort of item.", "Mantas veids.")
    role: enums.ItemRole = must("In which role.", "Loma.")
    description: str | None = may("Description.", "Apraksts.")
    serial_number: str | None = may("Serial number.", "Sērijas numurs.")
    quantity: int = may("How many.", "Daudzums.", 1)
    value_eur: Decimal | None = may("What it is worth, in euro.", "Vērtība eiro.")
    assertion_basis: enums.AssertionBasis = may("Fact or assessment.", "Fakts vai vērtējums.", enums.AssertionBasis.UNVERIFIED)


@strawberry.input(description=words("To whom the event is handed over.", "Kam notikums tiek nodots."))
class TransferInput(ChangeInput):
    """The agency whose event it becomes."""

    agency: str = must("The agency (code).", "Iestāde (kods).")
    reason: str = must("Why.", "Pamatojums.")
    case_number: str | None = may("The number of the case that goes with it.", "Lietas numurs.")


@strawberry.input(description=words("How the event ends.", "Kā notikums tiek pabeigts."))
class CloseInput(ChangeInput):
    """Closed after a decision, or as unfounded without one."""

    unfounded: bool = may("Whether it did not prove true.", "Vai notikums nav apstiprinājies.", default=False)
    reason: str | None = may("Why; needed for an unfounded one.", "Pamatojums.")


@strawberry.input(description=words("Why the event is changed.", "Izmaiņas pamatojums."))
class ReasonInput(ChangeInput):
    """A change that needs a reason."""

    reason: str = must("Why.", "Pamatojums.")
