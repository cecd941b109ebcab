"""Each field that is asked of a subgraph: does that subgraph resolve it there?

What comes in: a thing. What goes out: faults for external fields that nothing provides, fields that another subgraph overrides,
fields that require what only a representation of their own object can carry; and for keys that two different fields share.
"""

from __future__ import annotations

from gateway.planning.check.fault import FaultKind, Faults
from gateway.planning.check.fields import collect, print_field
from gateway.planning.check.source import Entry
from gateway.planning.check.thing import Thing
from gateway.planning.check.when import can_meet


def check_resolvable(thing: Thing, active_labels: frozenset[str], faults: Faults) -> None:
    """Reports the fields of one thing that are not resolved where they are asked."""
    for key, entries in thing.entries.items():
        for entry in entries:
            why = _refusal(entry, active_labels)
            if why is not None:
                _report(faults, FaultKind.UNRESOLVABLE, entry, thing, key, why)
        for nth, entry in enumerate(entries):
            for other in entries[:nth]:
                if (entry.name, entry.arguments) != (other.name, other.arguments) and can_meet(entry.when, other.when):
                    shown = print_field(other.name, other.arguments)
                    _report(faults, FaultKind.WRONG, entry, thing, key, f"the key is taken by {shown}")


def _refusal(entry: Entry, active_labels: frozenset[str]) -> str | None:
    source = entry.source
    if entry.name.startswith("__"):
        return None
    join = source.service.join(source.runtime, entry.name)
    field = f"{source.runtime}.{entry.name}"
    if join is None:
        return f"{source.service.name} does not have {field}"
    if any(one.name == entry.name for one in collect(source.provided, source.applies).values()):
        return None
    if join.external:
        return f"{field} is external in {source.service.name} and not provided here"
    if join.override_label is not None and (join.override_label in active_labels) is not (join.override is not None):
        return f"{field} is not {source.service.name}'s while the label {join.override_label} is as it is"
    if (join.requires is not None or join.context_arguments) and not source.is_sent:
        return f"{field} requires fields, and no representation of its object is sent"
    return None


def _report(faults: Faults, kind: FaultKind, entry: Entry, thing: Thing, key: str, message: str) -> None:
    faults.add(kind, entry.source.delivery.id, f"{thing.path}.{key}" if thing.path else key, message)
