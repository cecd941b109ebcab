"""The order of a mutation's root fields: one after the other, each once, each ended before the next begins.

What comes in: the root thing and the deliveries. What goes out: faults. Fields that follow each other in one request are run
in order by their subgraph, so that only what happens between requests is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gateway.planning.check.delivery import Delivery
from gateway.planning.check.fault import FaultKind, Faults
from gateway.planning.check.source import Entry
from gateway.planning.check.thing import Thing
from gateway.planning.check.when import can_meet
from gateway.planning.plan import Key


def check_order(root: Thing, keys: Sequence[str], deliveries: Iterable[Delivery], faults: Faults) -> None:
    """`keys` are the response keys of the root fields in the order of the operation."""
    asked = [(key, entry) for key in keys for entry in root.entries.get(key, ())]
    places = {id(entry): nth for nth, entry in enumerate(one for entries in root.entries.values() for one in entries)}
    for nth, (key, entry) in enumerate(asked):
        for earlier, other in asked[:nth]:
            _check_pair(earlier, other, key, entry, places, faults)
    for delivery in deliveries:
        step = delivery.path[0] if delivery.path else None
        if isinstance(step, Key) and step.name in keys:
            _check_ended(delivery, step.name, keys, root, faults)


def _check_pair(earlier: str, other: Entry, key: str, entry: Entry, places: dict[int, int], faults: Faults) -> None:
    first, second = other.source.delivery.request, entry.source.delivery.request
    if earlier == key:
        if can_meet(entry.when, other.when):
            faults.add(FaultKind.ORDER, second.id, key, f"fetch {first.id} runs this field too")
    elif first.id == second.id:
        if places[id(other)] > places[id(entry)]:
            faults.add(FaultKind.ORDER, second.id, key, f"it is asked before {earlier}, which comes first in the operation")
    elif first.id not in second.before:
        faults.add(FaultKind.ORDER, second.id, key, f"it does not wait for fetch {first.id}, which runs {earlier}")


def _check_ended(delivery: Delivery, key: str, keys: Sequence[str], root: Thing, faults: Faults) -> None:
    """What completes a root field has ended before a later request begins."""
    own = {entry.source.delivery.id for entry in root.entries.get(key, ())}
    for later in keys[keys.index(key) + 1 :]:
        for entry in root.entries.get(later, ()):
            request = entry.source.delivery.request
            if request.id not in own and delivery.id not in request.before:
                faults.add(
                    FaultKind.ORDER, request.id, later, f"it does not wait for fetch {delivery.id}, which completes {key}"
                )
