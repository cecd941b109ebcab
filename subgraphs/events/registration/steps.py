"""The steps from one version of an event to the next: pure, one function per mutation.

What comes in: the event as it stands, the input (already checked by itself), the moment, who acts. What goes out: the event as
it shall be. Raises Refused when the status or what is in the event forbids it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from strawberry import UNSET

from kernel.ids import new_id
from subgraphs.events import model
from subgraphs.events.clock.rules import LATVIA
from subgraphs.events.enumerations import CATEGORY_OF_ROLE, DecisionKind, EventStatus
from subgraphs.events.registration import inputs
from subgraphs.events.registration.change import Actor
from subgraphs.events.registration.refusal import Refused, problem
from subgraphs.events.registration.transitions import Action, next_status, possible

Event = model.EventRecord


def moved(event: Event, action: Action) -> EventStatus:
    """The status that the action leads to. Raises Refused with what is possible instead."""
    status = next_status(action, event.status)
    if status is None:
        can = possible(event.status)
        doing, standing = action.value, event.status.value
        raise Refused(problem("eventId", "WRONG_STATUS", possible=can, action=doing, status=standing))
    return status


def begun(given: inputs.RegisterEventInput, event_id: str, number: str, now: datetime, actor: Actor) -> Event:
    """The new event."""
    received = _said(given.received_in_unit_at)
    return Event(
        id=event_id,
        registered_at=now,
        registered_by=model.Registrar(actor.agency, given.unit.strip(), _said(given.official) or actor.official),
        kind=given.kind,
        territory_owner=actor.agency,
        registration_number=number,
        subkind=_said(given.subkind),
        legal_nature=_said(given.legal_nature),
        category=given.category,
        occurred_from=_said(given.occurred_from),
        occurred_to=_said(given.occurred_to),
        place=place_of(given.place),
        qualification=_qualification(_said(given.qualification)),
        summary=_said(given.summary),
        basis=given.assertion_basis,
        submission=_submission(given.submission),
        response=None if received is None else model.Response(received_at=received),
    )


def amended(event: Event, given: inputs.AmendEventInput) -> Event:
    """The event with what was given in place of what it had."""
    status = moved(event, Action.AMEND)
    changes: dict[str, Any] = {
        name: said
        for name in ("kind", "subkind", "legal_nature", "category", "occurred_from", "occurred_to", "summary")
        if (said := getattr(given, name)) is not UNSET
    }
    if given.assertion_basis is not UNSET:
        changes["basis"] = given.assertion_basis
    if given.place is not UNSET and given.place is not None:
        changes["place"] = place_of(given.place)
    if given.qualification is not UNSET:
        changes["qualification"] = _qualification(given.qualification)
    if given.response_excluded is not UNSET:
        if event.response is None:
            raise Refused(problem("responseExcluded", "NOTHING_TO_CHANGE"))
        changes["response"] = replace(event.response, excluded=given.response_excluded)
    after = replace(event, status=status, **changes)
    if after.occurred_from and after.occurred_to and after.occurred_to < after.occurred_from:
        raise Refused(problem("occurredTo", "BEFORE", what="occurredFrom"))
    return after


def assigned(event: Event, given: inputs.AssignInput, now: datetime) -> Event:
    """The event in the hands of a unit."""
    to = model.Assignment(unit=given.unit.strip(), assigned_at=now, official=_said(given.official))
    return replace(event, status=moved(event, Action.ASSIGN), assignment=to)


def dispatched(event: Event, given: inputs.DispatchInput, now: datetime) -> Event:
    """The event with one more crew on its way. The first one fixes the category that the clock runs by."""
    status, at = moved(event, Action.DISPATCH), _said(given.dispatched_at) or now
    response = event.response
    if response is not None and at < response.received_at:
        raise Refused(problem("dispatchedAt", "BEFORE", what="receivedInUnitAt"))
    if response is not None and response.dispatched_at is None:
        response = replace(response, dispatched_at=at, category=event.category)
    crew = model.Dispatch(unit=given.crew.strip(), dispatched_at=at)
    return replace(event, status=status, response=response, dispatches=(*event.dispatches, crew))


def arrived(event: Event, given: inputs.RecordArrivalInput, now: datetime) -> Event:
    """The event with this crew at the scene; the first arrival stops the clock."""
    status, at, crew = moved(event, Action.ARRIVE), _said(given.arrived_at) or now, given.crew.strip()
    sent = next((one for one in event.dispatches if one.unit == crew and one.arrived_at is None), None)
    if sent is None:
        raise Refused(problem("crew", "NOT_DISPATCHED"))
    if at < sent.dispatched_at:
        raise Refused(problem("arrivedAt", "BEFORE", what="dispatchedAt"))
    dispatches = tuple(replace(one, arrived_at=at) if one is sent else one for one in event.dispatches)
    response = event.response
    if response is not None and (response.arrived_at is None or at < response.arrived_at):
        response = replace(response, arrived_at=at)
    return replace(event, status=status, dispatches=dispatches, response=response)


def decided(event: Event, given: inputs.RecordDecisionInput, now: datetime, case_number: str | None = None) -> Event:
    """The event with one more decision, in the case with this number; a departmental examination goes on."""
    examines = given.kind is DecisionKind.DEPARTMENTAL_EXAMINATION
    status = moved(event, Action.EXAMINE if examines else Action.DECIDE)
    decision = _decision(given.kind, given, now)
    if case_number is not None:
        decision = replace(decision, case_number=case_number)
    return replace(event, status=status, decisions=(*event.decisions, decision))


def linked(event: Event, given: object, now: datetime) -> Event:
    """The event with one more involvement."""
    status, event_id = moved(event, Action.LINK), new_id("inv", now)
    match given:
        case inputs.LinkPersonInput():
            person = model.PersonInvolvementRecord(
                id=event_id,
                role=given.role,
                category=CATEGORY_OF_ROLE[given.role],
                person_id=_said(given.person_id),
                sequence=1 + max((one.sequence for one in event.persons), default=0),
                basis=given.assertion_basis,
                age=_said(given.observed_age),
                sex=given.observed_sex,
                valid_from=now,
            )
            return replace(event, status=status, persons=(*event.persons, person))
        case inputs.LinkVehicleInput():
            vehicle = model.VehicleInvolvementRecord(
                id=event_id,
                role=given.role,
                vehicle_id=_said(given.vehicle_id),
                observed_plate=_said(given.observed_plate),
                description=_said(given.description),
                damage=_said(given.damage),
                basis=given.assertion_basis,
            )
            return replace(event, status=status, vehicles=(*event.vehicles, vehicle))
        case inputs.LinkDocumentInput():
            document = model.DocumentInvolvementRecord(
                id=event_id,
                role=given.role,
                document_id=_said(given.document_id),
                observed_number=_said(given.observed_number),
                basis=given.assertion_basis,
            )
            return replace(event, status=status, documents=(*event.documents, document))
        case inputs.LinkItemInput():
            item = model.ItemInvolvementRecord(
                id=event_id,
                kind=given.kind,
                role=given.role,
                description=_said(given.description),
                serial_number=_said(given.serial_number),
                quantity=given.quantity,
                value_eur=_said(given.value_eur),
                basis=given.assertion_basis,
            )
            return replace(event, status=status, items=(*event.items, item))
        case _:
            raise TypeError(f"{type(given).__name__} links nothing")


def transferred(event: Event, given: inputs.TransferInput, now: datetime) -> Event:
    """The event in the hands of another agency, which is a decision on it."""
    status = moved(event, Action.TRANSFER)
    if given.agency == event.territory_owner:
        raise Refused(problem("agency", "SAME_AGENCY"))
    decision = _decision(DecisionKind.TRANSFERRED_TO_AGENCY, given, now)
    return replace(event, status=status, territory_owner=given.agency, assignment=None, decisions=(*event.decisions, decision))


def closed(event: Event, given: inputs.CloseInput) -> Event:
    """The event at its end."""
    return replace(event, status=moved(event, Action.DISMISS if given.unfounded else Action.CLOSE))


def reopened(event: Event) -> Event:
    """The event in handling again."""
    return replace(event, status=moved(event, Action.REOPEN))


def annulled(event: Event) -> Event:
    """The event as registered by mistake; it keeps its number."""
    return replace(event, status=moved(event, Action.ANNUL))


def place_of(given: inputs.PlaceInput) -> model.Place:
    """The place as the register keeps it."""
    return model.Place(
        atvk=given.atvk,
        address_code=_said(given.address_code),
        text=_said(given.text),
        lat=_said(given.lat),
        lon=_said(given.lon),
        indoor_note=_said(given.indoor_note),
        zone=_said(given.zone),
    )


def _decision(kind: DecisionKind, given: inputs.RecordDecisionInput | inputs.TransferInput, now: datetime) -> model.Decision:
    on = _said(given.decided_on) if isinstance(given, inputs.RecordDecisionInput) else None
    number = _said(given.case_number)
    return model.Decision(
        kind=kind, decided_on=on or now.astimezone(LATVIA).date(), case_number=number.strip() if number else None
    )


def _qualification(given: Sequence[inputs.QualificationInput] | None) -> tuple[model.Qualification, ...]:
    return tuple(model.Qualification(one.law, one.article, _said(one.part)) for one in given or ())


def _submission(given: inputs.SubmissionInput) -> model.Submission:
    return model.Submission(
        receipt_form=given.receipt_form,
        channel=given.channel,
        received_at=given.received_at,
        anonymous=given.anonymous,
        submitter_id=_said(given.submitter_id),
        organization=_said(given.organization),
        call_reference=_said(given.call_reference),
        text=_said(given.text),
    )


def _said(given: Any) -> Any:
    return None if given is UNSET else given
