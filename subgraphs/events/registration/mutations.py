"""The mutations of the room of events. Each is a root field that a contract grants, or nobody may use it.

What comes in: one input. What goes out: `EventPayload`: the event as the caller may see it now, or user errors, all at once.
A key that was used for the same request gives the same version again, whatever happened in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

import strawberry

from kernel.ids import new_id
from subgraphs.events.cases.model import CaseRecord
from subgraphs.events.loaders import Info
from subgraphs.events.model import EventRecord
from subgraphs.events.objects import Event, Person
from subgraphs.events.registration import inputs, steps
from subgraphs.events.registration.change import Asked, Done, Step, Target
from subgraphs.events.registration.checks import problems_of
from subgraphs.room.asked import asked_of, value
from subgraphs.room.fields import Level, open_argument, plain, shown, words
from subgraphs.room.records import Kept
from subgraphs.room.references import Ref
from subgraphs.room.refusal import Problem, Refused, UserError

_INPUT = ("What is done.", "Ko dara.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stands behind `EventPayload`."""

    event: Kept[EventRecord] | None
    version: int | None
    user_errors: tuple[Problem, ...] = ()
    linked_person: Ref | None = None


@strawberry.type(description=words("What came of a change.", "Izmaiņas rezultāts."))
class EventPayload:
    """The event, or why not."""

    event: Event | None = plain(
        "The event as it stands now; null when refused, or when the caller may not see it any more.", "Notikums."
    )
    version: int | None = plain("The version that the change made; null when refused.", "Izmaiņas versija.")
    linked_person: Person | None = plain(
        "The person that `linkPerson` linked, with those who it may be; null otherwise.", "Piesaistītā persona."
    )
    user_errors: list[UserError] = plain("Why it was refused: everything that is wrong.", "Noraidījuma iemesli.")


async def _answered(info: Info, asked: Asked, given: object, make: Callable[[], Any]) -> Outcome:
    problems = problems_of(given, asked.at, asked.actor.agency)
    if problems:
        return Outcome(None, None, tuple(problems))
    call = info.context
    try:
        done: Done = await make()
    except Refused as refused:
        return Outcome(None, None, refused.problems)
    call.loaders.forget()  # a field before this one may have asked for the event as it was
    return Outcome(await call.loaders.by_id.load(done.event_id), done.version)


async def _change(info: Info, operation: str, given: inputs.ChangeInput, step: Step) -> Outcome:
    asked = asked_of(info.context, operation, given)
    target = Target(given.event_id, given.expected_version, info.context.rows)
    return await _answered(info, asked, given, lambda: info.context.store.change(asked, target, step))


async def _register(info: Info, given: Annotated[inputs.RegisterEventInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    asked = asked_of(info.context, "registerEvent", given)
    event_id = new_id("evt", asked.at)

    def begin(number: str) -> EventRecord:
        return steps.begun(given, event_id, number, asked.at, asked.actor)

    return await _answered(info, asked, given, lambda: info.context.store.register(asked, begin))


async def _amend(info: Info, given: Annotated[inputs.AmendEventInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    return await _change(info, "amendEvent", given, partial(steps.amended, given=given))


async def _assign(info: Info, given: Annotated[inputs.AssignInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    return await _change(info, "assign", given, partial(steps.assigned, given=given, now=info.context.clock.now()))


async def _dispatch(info: Info, given: Annotated[inputs.DispatchInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    return await _change(info, "dispatch", given, partial(steps.dispatched, given=given, now=info.context.clock.now()))


async def _arrive(info: Info, given: Annotated[inputs.RecordArrivalInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    return await _change(info, "recordArrival", given, partial(steps.arrived, given=given, now=info.context.clock.now()))


async def _decide(info: Info, given: Annotated[inputs.RecordDecisionInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    now, case_id = info.context.clock.now(), value(given, "case_id")
    if case_id is None:
        return await _change(info, "recordDecision", given, partial(steps.decided, given=given, now=now))
    asked = asked_of(info.context, "recordDecision", given)
    target = Target(given.event_id, given.expected_version, info.context.rows)

    def step(event: EventRecord, case: CaseRecord) -> EventRecord:
        return steps.decided(event, given, now, case.number)

    store = info.context.store
    return await _answered(info, asked, given, lambda: store.decide_in_case(asked, target, str(case_id), step))


async def _person(info: Info, given: Annotated[inputs.LinkPersonInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    done = await _change(info, "linkPerson", given, partial(steps.linked, given=given, now=info.context.clock.now()))
    person_id = value(given, "person_id")
    return done if done.event is None or person_id is None else replace(done, linked_person=Ref("Person", str(person_id)))


async def _vehicle(info: Info, given: Annotated[inputs.LinkVehicleInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    return await _change(info, "linkVehicle", given, partial(steps.linked, given=given, now=info.context.clock.now()))


async def _document(info: Info, given: Annotated[inputs.LinkDocumentInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    return await _change(info, "linkDocument", given, partial(steps.linked, given=given, now=info.context.clock.now()))


async def _item(info: Info, given: Annotated[inputs.LinkItemInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    return await _change(info, "linkItem", given, partial(steps.linked, given=given, now=info.context.clock.now()))


async def _transfer(info: Info, given: Annotated[inputs.TransferInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    return await _change(info, "transferToAgency", given, partial(steps.transferred, given=given, now=info.context.clock.now()))


async def _close(info: Info, given: Annotated[inputs.CloseInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    return await _change(info, "close", given, partial(steps.closed, given=given))


async def _reopen(info: Info, given: Annotated[inputs.ReasonInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    return await _change(info, "reopen", given, steps.reopened)


async def _annul(info: Info, given: Annotated[inputs.ReasonInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    return await _change(info, "annul", given, steps.annulled)


def _done(english: str, latvian: str, resolver: object) -> Any:
    return shown(Level.L2, english, latvian, resolver=resolver)


@strawberry.type
class EventMutation:
    """Where changes of events begin."""

    register_event: EventPayload = _done("Register a new event.", "Reģistrēt notikumu.", _register)
    amend_event: EventPayload = _done("Amend what was registered.", "Labot reģistrēto.", _amend)
    assign: EventPayload = _done("Assign an event to a unit.", "Nodot izpildei.", _assign)
    dispatch: EventPayload = _done("Send a crew.", "Norīkot ekipāžu.", _dispatch)
    record_arrival: EventPayload = _done("A crew arrived at the scene.", "Reģistrēt ierašanos.", _arrive)
    record_decision: EventPayload = _done("Record a decision.", "Reģistrēt lēmumu.", _decide)
    link_person: EventPayload = _done("Link a person.", "Piesaistīt personu.", _person)
    link_vehicle: EventPayload = _done("Link a vehicle.", "Piesaistīt transportlīdzekli.", _vehicle)
    link_document: EventPayload = _done("Link a document.", "Piesaistīt dokumentu.", _document)
    link_item: EventPayload = _done("Link an item.", "Piesaistīt mantu.", _item)
    transfer_to_agency: EventPayload = _done("Hand an event over to another agency.", "Nodot citai iestādei.", _transfer)
    close: EventPayload = _done("Close an event.", "Pabeigt notikumu.", _close)
    reopen: EventPayload = _done("Open a closed event again.", "Atjaunot notikumu.", _reopen)
    annul: EventPayload = _done("Annul what was registered by mistake.", "Anulēt notikumu.", _annul)
