"""The mutations of cases. Each is a root field that a contract grants, or nobody may use it.

What comes in: one input. What goes out: `CasePayload`: the case as the caller may see it now, or user errors, all at once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry

from kernel.ids import new_id
from subgraphs.events.cases import inputs, steps
from subgraphs.events.cases.model import CaseRecord
from subgraphs.events.cases.objects import Case
from subgraphs.events.cases.store import CaseDone, CaseStep, CaseTarget
from subgraphs.events.loaders import Info
from subgraphs.events.model import EventRecord
from subgraphs.events.registration.change import Asked
from subgraphs.events.registration.checks import problems_of
from subgraphs.room.asked import asked_of, value
from subgraphs.room.fields import Level, open_argument, plain, shown, words
from subgraphs.room.records import Kept
from subgraphs.room.refusal import Problem, Refused, UserError

_INPUT = ("What is done.", "Ko dara.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stands behind `CasePayload`."""

    case: Kept[CaseRecord] | None
    version: int | None
    user_errors: tuple[Problem, ...] = ()


@strawberry.type(description=words("What came of a change of a case.", "Lietas izmaiņas rezultāts."))
class CasePayload:
    """The case, or why not."""

    case: Case | None = plain("The case as it stands now; null when refused, or when the caller may not see it.", "Lieta.")
    version: int | None = plain("The version that the change made; null when refused.", "Izmaiņas versija.")
    user_errors: list[UserError] = plain("Why it was refused: everything that is wrong.", "Noraidījuma iemesli.")


async def _answered(info: Info, asked: Asked, given: object, make: Callable[[], Awaitable[CaseDone]]) -> Outcome:
    problems = problems_of(given, asked.at, asked.actor.agency)
    if problems:
        return Outcome(None, None, tuple(problems))
    try:
        done = await make()
    except Refused as refused:
        return Outcome(None, None, refused.problems)
    loaders = info.context.loaders
    loaders.forget()  # a field before this one may have asked for the case as it was
    return Outcome(await loaders.cases.by_id.load(done.case_id), done.version)


async def _change(
    info: Info, operation: str, given: inputs.CaseChangeInput, step: CaseStep, event_id: str | None = None
) -> Outcome:
    asked = asked_of(info.context, operation, given)
    target = CaseTarget(given.case_id, given.expected_version, info.context.rows, event_id)
    return await _answered(info, asked, given, lambda: info.context.store.change_case(asked, target, step))


async def _open(info: Info, given: Annotated[inputs.OpenCaseInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    asked = asked_of(info.context, "openCase", given)
    case_id, agency = new_id("case", asked.at), asked.actor.agency
    subject = value(given, "subject")

    def begin(number: str) -> CaseRecord:
        about = None if subject is None else str(subject)
        return steps.opened(case_id, number, given.procedure, about, given.classification, agency, asked.at)

    return await _answered(info, asked, given, lambda: info.context.store.open_case(asked, begin))


async def _add(info: Info, given: Annotated[inputs.AddEventToCaseInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    agency, now = info.context.context.agency, info.context.clock.now()

    def step(case: CaseRecord, event: EventRecord | None) -> CaseRecord:
        assert event is not None, "the change names an event"
        return steps.joined(case, event, agency, now)

    return await _change(info, "addEventToCase", given, step, given.event_id)


async def _remove(
    info: Info, given: Annotated[inputs.RemoveEventFromCaseInput, open_argument(*_INPUT, name="input")]
) -> Outcome:
    def step(case: CaseRecord, event: EventRecord | None) -> CaseRecord:
        assert event is not None, "the change names an event"
        return steps.taken_out(case, event)

    return await _change(info, "removeEventFromCase", given, step, given.event_id)


async def _transfer(info: Info, given: Annotated[inputs.TransferCaseInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    return await _change(info, "transferCase", given, lambda case, _event: steps.transferred(case, given.agency))


async def _close(info: Info, given: Annotated[inputs.CaseReasonInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    now = info.context.clock.now()
    return await _change(info, "closeCase", given, lambda case, _event: steps.closed(case, now))


async def _reopen(info: Info, given: Annotated[inputs.CaseReasonInput, open_argument(*_INPUT, name="input")]) -> Outcome:
    return await _change(info, "reopenCase", given, lambda case, _event: steps.reopened(case))


def _done(english: str, latvian: str, resolver: object) -> Any:
    return shown(Level.L2, english, latvian, resolver=resolver)


@strawberry.type
class CaseMutation:
    """Where changes of cases begin."""

    open_case: CasePayload = _done("Open a case.", "Uzsākt lietu.", _open)
    add_event_to_case: CasePayload = _done("Add an event to a case.", "Pievienot notikumu lietai.", _add)
    remove_event_from_case: CasePayload = _done("Take an event out of a case.", "Izņemt notikumu no lietas.", _remove)
    transfer_case: CasePayload = _done("Hand a case over to another agency.", "Nodot lietu citai iestādei.", _transfer)
    close_case: CasePayload = _done("Close a case.", "Izbeigt lietu.", _close)
    reopen_case: CasePayload = _done("Open a closed case again.", "Atjaunot lietu.", _reopen)
