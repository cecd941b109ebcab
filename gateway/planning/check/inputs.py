"""What is sent: is it a whole key, with all that the selected fields require, and was it there before?

What comes in: a thing and a delivery that applies to it. What goes out: faults, and marks on the fields that inputs use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gateway.planning.check.contexts import Supply, supplies_of
from gateway.planning.check.fault import FaultKind, Faults
from gateway.planning.check.fields import Part, collect, print_field, response_key
from gateway.planning.check.needed import Needed
from gateway.planning.check.service import Services
from gateway.planning.check.source import Entry, read_source
from gateway.planning.check.thing import Arrival, Thing, Things, sendings
from gateway.planning.check.when import NEVER, When, any_of, both, either, implies, print_when
from gateway.planning.plan import RequiredField, RequiredFragment
from gateway.query_graph.supergraph import Supergraph

Required = Iterable[RequiredField | RequiredFragment]


@dataclass(frozen=True, slots=True)
class _Sending:
    """Something that is sent, and when it must be there. `own`: fields of which only some of what is asked needs the value."""

    arrival: Arrival
    when: When
    own: Mapping[str, When] = field(default_factory=dict)

    def of(self, name: str) -> When:
        """When the field `name` must be there."""
        return self.own.get(name, self.when)


class Inputs:
    """The checks of inputs. `needed` is told what of the requests they use."""

    def __init__(self, services: Services, things: Things, faults: Faults, needed: Needed) -> None:
        self._services = services
        self._supergraph = services.supergraph
        self._things = things
        self._faults = faults
        self._needed = needed

    def check(self, thing: Thing, arrival: Arrival) -> None:
        """Everything about what one delivery sends for one thing."""
        if arrival.sent is None:
            if arrival.source is None:
                self._report(FaultKind.KEY, arrival, thing.path, f"a {thing.type} is no root type")
            return
        asked = read_source(arrival.source) if arrival.source is not None else []
        when = any_of(entry.when for entry in asked) if asked else arrival.when
        self._check_type(thing, arrival, when)
        ready = self._things.restricted(thing, arrival.delivery.request.before)
        keys = self._keys(ready, arrival, when)
        required = self._required(ready, arrival, asked)
        for supply in supplies_of(self._services, arrival, thing, self._faults):
            self._check_supply(supply, _Sending(arrival, when), thing)
        sending = _Sending(arrival, when, self._own(thing, arrival, keys, required))
        expected = _Expected((*keys, *(part for _, part in required)))
        for fragment in arrival.fragments:
            self._check_there(ready, fragment.selections, expected, sending)

    def _check_type(self, thing: Thing, arrival: Arrival, when: When) -> None:
        delivery = arrival.delivery
        sent = str(arrival.sent)
        if sent != thing.type and not self._supergraph.possible(sent) & self._supergraph.possible(thing.type):
            self._report(FaultKind.TYPE, arrival, thing.path, f"a {thing.type} is sent as {sent}, which it is not")
        early = sendings(thing, delivery, when, thing.told(delivery.request.before))
        late = sendings(thing, delivery, when, thing.told())
        if len({*early, *late}) > 1:
            self._report(
                FaultKind.TYPE, arrival, thing.path, f"what is sent for a {thing.type} depends on whether its type is told yet"
            )

    def _check_supply(self, supply: Supply, sending: _Sending, thing: Thing) -> None:
        """The ancestor has the whole value of a context before the request starts."""
        ancestor = self._things.restricted(supply.ancestor, sending.arrival.delivery.request.before)
        selections = supply.given.selections
        if not self._has(ancestor, selections, supply.wanted, sending.when):
            message = f"${supply.given.variable} is not what the context of {ancestor.type} means"
            self._report(FaultKind.INPUT, sending.arrival, thing.path, message)
        self._check_there(ancestor, selections, _Expected((supply.wanted,)), sending)

    def _keys(self, thing: Thing, arrival: Arrival, when: When) -> list[Part]:
        """The keys that are sent whole."""
        service = self._services[arrival.delivery.request.service]
        sent = str(arrival.sent)
        keys = service.keys(sent)
        if not keys:
            self._report(FaultKind.KEY, arrival, thing.path, f"{service.name} finds no {sent} by a key")
            return []
        whole = [key for key in keys if self._has(thing, arrival.selections, key, when)]
        if not whole:
            self._report(FaultKind.KEY, arrival, thing.path, f"what is sent holds no whole key of {sent} in {service.name}")
        return whole

    def _required(self, thing: Thing, arrival: Arrival, asked: Iterable[Entry]) -> list[tuple[Entry, Part]]:
        """What the selected fields require."""
        service = self._services[arrival.delivery.request.service]
        found: list[tuple[Entry, Part]] = []
        for entry in asked:
            required = service.requires(entry.source.runtime, entry.name)
            if required is None:
                continue
            found.append((entry, required))
            if not self._has(thing, arrival.selections, required, entry.when):
                message = f"not all that {arrival.sent}.{entry.name} requires is sent"
                self._report(FaultKind.INPUT, arrival, thing.path, message)
        return found

    def _own(
        self, thing: Thing, arrival: Arrival, keys: Iterable[Part], required: Iterable[tuple[Entry, Part]]
    ) -> dict[str, When]:
        """When the fields that are no part of a key must be there: where one is not, only what requires it is not asked."""
        if arrival.delivery.contexts:
            return {}
        told = {(one.type_name, one.key): {path.split(".")[0] for path in one.needs} for one in arrival.delivery.dependents}
        always = set(_Expected(keys).of(self._applies(thing.type)))
        found: dict[str, When] = {}
        for entry, part in required:
            names = set(_Expected((part,)).of(self._applies(thing.type)))
            if told.get((str(arrival.sent), response_key(entry.nodes[0][0]))) == names:
                found.update({name: either(found.get(name, NEVER), entry.when) for name in names})
            else:
                always |= names
        return {name: when for name, when in found.items() if name not in always}

    def _has(self, thing: Thing, selections: Required, field_set: Part, when: When) -> bool:
        """Whether a representation of a thing holds a whole field set, as far as there are objects for it then."""
        given = _fields(selections, thing.type)
        for asked in collect((field_set,), self._applies(thing.type)).values():
            fields = [one for one in given if one.name == asked.name]
            if not fields:
                return False
            below = [inner for one in fields for inner in one.selections]
            for child in self._things.children(thing, fields[0].source) if asked.below else ():
                there = both(when, child.exists())
                if there and not all(self._has(child, below, part, there) for part in asked.below):
                    return False
        return True

    def _applies(self, type_: str) -> _Applies:
        return _Applies(self._supergraph, type_)

    def _check_there(self, thing: Thing, selections: Required, expected: _Expected, sending: _Sending) -> None:
        """Every field of a representation has its value, the right one, before the request starts."""
        arrival = sending.arrival
        wanted = expected.of(self._applies(thing.type))
        told = any_of(thing.told().values())
        if any(isinstance(one, RequiredFragment) for one in selections) and not implies(sending.when, told):
            self._report(FaultKind.TYPE, arrival, thing.path, f"what is sent of a {thing.type} depends on its untold type")
        for one in _fields(selections, thing.type):
            when = sending.of(one.name)
            if one.name == "__typename":
                self._check_name(thing, one, sending)
                continue
            inner, *others = wanted.get(one.name, [None])
            if others:
                self._report(FaultKind.INPUT, arrival, thing.path, f"it sends one {one.name} for fields that require several")
            if inner is None:
                self._report(FaultKind.SUPERFLUOUS, arrival, thing.path, f"it sends {one.name}, which nothing requires")
            entries = thing.given(one.source, one.name, inner.arguments if inner else None)
            there = any_of(entry.when for entry in entries)
            self._needed.mark(entries, arrival.when)
            if not implies(when, there):
                shown = print_field(one.name, inner.arguments if inner else "")
                place = "" if one.source == one.name else f" as {one.source}"
                self._report(
                    FaultKind.INPUT,
                    arrival,
                    thing.path,
                    f"it sends {thing.type}.{shown}{place}, needed {print_when(when)} and there {print_when(there)}",
                )
            if one.selections:
                below = _Expected(inner.below if inner else ())
                for child in self._things.children(thing, one.source):
                    inside = both(when, child.exists())
                    if inside:
                        self._check_there(child, one.selections, below, _Sending(arrival, inside))

    def _check_name(self, thing: Thing, one: RequiredField, sending: _Sending) -> None:
        """A type name that is sent must be told before, like any other field."""
        entries = thing.given(one.source, "__typename", None)
        there = any_of(entry.when for entry in entries)
        self._needed.mark(entries, sending.arrival.when)
        if not implies(sending.when, there):
            message = f"it sends the type of a {thing.type}, needed {print_when(sending.when)} and told {print_when(there)}"
            self._report(FaultKind.INPUT, sending.arrival, thing.path, message)

    def _report(self, kind: FaultKind, arrival: Arrival, path: str, message: str) -> None:
        self._faults.add(kind, arrival.delivery.id, path, message)


class _Applies:
    """Type conditions of field sets hold by what the supergraph as a whole knows."""

    def __init__(self, supergraph: Supergraph, type_: str) -> None:
        self._supergraph = supergraph
        self._mask = supergraph.possible(type_)

    def __call__(self, condition: str) -> bool:
        return bool(self._mask & self._supergraph.possible(condition))


@dataclass(frozen=True, slots=True)
class _Wanted:
    arguments: str
    below: tuple[Part, ...]


class _Expected:
    """The fields that keys and requirements mean, with their arguments."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._parts = tuple(parts)

    def of(self, applies: _Applies) -> dict[str, list[_Wanted]]:
        """By name; more than one, where the same field is wanted with different arguments."""
        found: dict[str, list[_Wanted]] = {}
        for asked in collect(self._parts, applies).values():
            found.setdefault(asked.name, []).append(_Wanted(asked.arguments, tuple(asked.below)))
        return found


def _fields(selections: Required, type_: str) -> list[RequiredField]:
    """The fields of a representation for objects of one type."""
    found: list[RequiredField] = []
    for one in selections:
        match one:
            case RequiredField():
                found.append(one)
            case RequiredFragment(condition, possible, inner):
                if type_ in possible or type_ == condition:
                    found += _fields(inner, type_)
    return found
