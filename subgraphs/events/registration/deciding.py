"""What to do with the messages of one event: pure, in the order that their source counted them.

What comes in: how the event stands, its messages. What goes out: for each message its fate, and what is to be written.

    for each message, by its number (`seq`):
        not beyond the last applied                 LATE: kept as history, changes nothing
        wrong by itself                             QUARANTINED
        a registration                              the event begins; QUARANTINED when it had begun
        the event has not begun, or a gap before    WAITING, until what is missing comes (or is given up: `impatient`)
        else                                        the step; what it refuses is QUARANTINED, and the next goes on
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kernel.ids import new_id
from subgraphs.events.model import EventRecord
from subgraphs.events.registration.arrival import Arrival, Fate
from subgraphs.events.registration.reasons import in_message, reason
from subgraphs.events.registration.refusal import Problem, Refused, problem


@dataclass(slots=True)
class Standing:
    """How an event of a source stands, and moves on with each message. Without `record` it has not begun."""

    event_id: str | None = None
    seq: int = 0
    record: EventRecord | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one message. `writes`: it made the version `version` of `record`."""

    arrival: Arrival
    fate: Fate
    record: EventRecord | None = None
    version: int | None = None
    writes: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Trial:
    """How messages are tried: with the numbers for those that register, and what is `forced`: a person decided that these
    messages (by source and id) are applied whatever came after them; `impatient`: what is missing before these is given up.
    """

    numbers: Mapping[tuple[str, str], str]
    forced: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    impatient: frozenset[tuple[str, str]] = field(default_factory=frozenset)


def in_order(messages: Sequence[Arrival]) -> list[Arrival]:
    """The messages as their source counted them; of two with one number, the registration first."""
    return sorted(messages, key=lambda each: (each.seq, each.begin is None, each.message_id))


def registering(messages: Sequence[Arrival], standing: Standing) -> Arrival | None:
    """The message, if any, by which the event will begin."""
    if standing.event_id is not None:
        return None
    return next((each for each in in_order(messages) if each.begin is not None and not each.problems), None)


def decide(messages: Sequence[Arrival], standing: Standing, trial: Trial) -> list[Decision]:
    """What becomes of each message; `standing` moves on with them."""
    return [_decide(each, standing, trial) for each in in_order(messages)]


def _decide(arrival: Arrival, now: Standing, trial: Trial) -> Decision:
    is_forced = arrival.key in trial.forced
    if arrival.seq <= now.seq and not is_forced:
        return Decision(arrival, Fate.SUPERSEDED, now.record, now.version or None)
    if arrival.problems:
        if now.event_id is not None and arrival.seq == now.seq + 1:
            now.seq = arrival.seq
        return Decision(arrival, Fate.QUARANTINED, problems=arrival.problems)
    if arrival.begin is not None:
        return _begin(arrival, now, trial)
    if now.record is None:
        return Decision(arrival, Fate.WAITING)
    if arrival.seq > now.seq + 1 and not is_forced and arrival.key not in trial.impatient:
        return Decision(arrival, Fate.WAITING)
    return _step(arrival, now, now.record)


def _begin(arrival: Arrival, now: Standing, trial: Trial) -> Decision:
    if now.event_id is not None:
        refused = reason(("sourceEventNo",), "ALREADY_REGISTERED", number=arrival.event_no)
        now.seq = max(now.seq, arrival.seq) if arrival.seq == now.seq + 1 else now.seq
        return Decision(arrival, Fate.QUARANTINED, problems=(refused,))
    assert arrival.begin is not None, "only registrations begin"
    event_id = new_id("evt", arrival.asked.at)
    now.record = arrival.begin(event_id, trial.numbers[arrival.key])
    now.event_id, now.version, now.seq = event_id, 1, arrival.seq
    return Decision(arrival, Fate.APPLIED, now.record, 1, writes=True)


def _step(arrival: Arrival, now: Standing, record: EventRecord) -> Decision:
    now.seq = max(now.seq, arrival.seq)
    assert arrival.step is not None, "what does not begin an event changes it"
    try:
        if record.territory_owner != arrival.asked.actor.agency:
            raise Refused(problem("eventId", "NOT_YOUR_EVENT"))
        after = arrival.step(record)
    except Refused as refused:
        return Decision(arrival, Fate.QUARANTINED, problems=in_message(refused.problems))
    if after == record:
        return Decision(arrival, Fate.APPLIED, record, now.version)
    now.record, now.version = after, now.version + 1
    return Decision(arrival, Fate.APPLIED, after, now.version, writes=True)
