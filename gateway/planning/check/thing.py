"""Symbolic objects: what a plan's deliveries, run together, put at one place for objects of one true type.

What comes in: the deliveries. What goes out: `Thing`s, the root one first and others as they are asked for. A thing is known by
what reaches it, so that places to which the same selections lead are one thing, however many paths and types lead there.

    evaluate(thing)
        for each delivery on the way through or to it, in the order of execution
            is the object there before it starts, and do the type conditions of its path hold?
            path goes on        the delivery goes on to the thing under that key
            path ends           the delivery applies: what it selects here becomes entries
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from gateway.planning.check.delivery import Delivery
from gateway.planning.check.fields import Part
from gateway.planning.check.service import Services
from gateway.planning.check.source import Entry, Source, enter, read_source
from gateway.planning.check.when import ALWAYS, NEVER, When, any_of, both, either, implies, negated
from gateway.planning.plan import Key, OnTypes, Path, RequiredField, RequiredFragment

Universe = frozenset[int] | None
"""The requests that count, by id; None for all of them."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A thing on the way of a delivery, and how many steps of the path lead to it: `entered`, `left` with type conditions."""

    entered: int
    left: int
    thing: Thing


@dataclass(frozen=True, slots=True)
class Pending:
    """A delivery on its way: what is left of its path, and when it got so far. `way` is kept where contexts need it."""

    delivery: Delivery
    rest: Path
    when: When
    way: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery that applies to a thing. `sent` is the type name of the representation, None for a root delivery."""

    delivery: Delivery
    when: When
    sent: str | None
    fragments: tuple[RequiredFragment, ...]
    source: Source | None
    way: tuple[Passed, ...] = ()

    @property
    def selections(self) -> tuple[RequiredField | RequiredFragment, ...]:
        """What is sent."""
        return tuple(one for fragment in self.fragments for one in fragment.selections)


@dataclass(slots=True, eq=False)
class Thing:
    """Objects of the type `type` at one place, as the requests of `universe` make them. `path` is one way to them."""

    type: str
    path: str
    sources: tuple[Source, ...]
    pending: tuple[Pending, ...]
    universe: Universe
    is_root: bool = False
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    arrivals: list[Arrival] = field(default_factory=list)
    through: list[Pending] = field(default_factory=list)
    kinds: dict[str, tuple[Thing, ...]] = field(default_factory=dict)

    def exists(self, before: Universe = None) -> When:
        """When the object is there, once the requests `before` have ended."""
        if self.is_root:
            return ALWAYS
        return any_of(source.when for source in self.sources if before is None or source.delivery.id in before)

    def told(self, before: Universe = None) -> dict[str, When]:
        """What `__typename` says, and when, once the requests `before` have ended."""
        found: dict[str, When] = {}
        for entry in self.entries.get("__typename", ()):
            if entry.name == "__typename" and (before is None or entry.source.delivery.id in before):
                runtime = entry.source.runtime
                found[runtime] = either(found.get(runtime, NEVER), entry.when)
        return found

    def given(self, key: str, name: str, arguments: str | None) -> list[Entry]:
        """The entries under a key that are the field asked for; None: with any arguments."""
        return [
            entry
            for entry in self.entries.get(key, ())
            if entry.name == name and (arguments is None or entry.arguments == arguments)
        ]


class Things:
    """All things of one plan."""

    def __init__(self, services: Services, deliveries: Iterable[Delivery], root: str) -> None:
        self._services = services
        self._known: dict[tuple[object, ...], Thing] = {}
        self._families: dict[tuple[object, ...], tuple[Thing, ...]] = {}
        pending = tuple(Pending(delivery, delivery.path, delivery.when) for delivery in deliveries)
        self.root = self._make(root, "", (), pending, None, is_root=True)

    def children(self, thing: Thing, key: str) -> tuple[Thing, ...]:
        """The things under a response key, one per true type that an object there can have."""
        known = thing.kinds.get(key)
        if known is None:
            known = thing.kinds[key] = self._children(thing, key)
        return known

    def restricted(self, thing: Thing, before: frozenset[int]) -> Thing:
        """The same thing when only the requests `before` have run."""
        sources = tuple(source for source in thing.sources if source.delivery.id in before)
        pending = tuple(one for one in thing.pending if one.delivery.id in before)
        return self._make(thing.type, thing.path, sources, pending, before, is_root=thing.is_root)

    def _make(
        self,
        type_: str,
        path: str,
        sources: tuple[Source, ...],
        pending: tuple[Pending, ...],
        universe: Universe,
        *,
        is_root: bool = False,
    ) -> Thing:
        identity = (type_, tuple(one.identity for one in sources), pending, universe, is_root)
        thing = self._known.get(identity)
        if thing is None:
            thing = self._known[identity] = Thing(type_, path, sources, pending, universe, is_root)
            self._evaluate(thing)
        return thing

    def _children(self, thing: Thing, key: str) -> tuple[Thing, ...]:
        entries = thing.entries.get(key, ())
        targets = [(entry, *found) for entry in entries if (found := _target(entry)) is not None]
        deepest = max((depth for _, _, depth in targets), default=0)
        below = [(name, entry.below_it(depth)) for entry, name, depth in targets]
        pending = tuple(
            replace(one, rest=rest)
            for one in thing.through
            if one.rest[0] == Key(key) and (rest := enter(one.rest[1:], deepest)) is not None
        )
        identity = (tuple((name, source.identity) for name, source in below), pending, thing.universe)
        if identity not in self._families:
            path = f"{thing.path}.{key}" if thing.path else key
            self._families[identity] = tuple(self._family(path, below, pending, thing.universe))
        return self._families[identity]

    def _family(
        self, path: str, below: list[tuple[str, Source]], pending: tuple[Pending, ...], universe: Universe
    ) -> Iterator[Thing]:
        """The things at one place, one per true type. `below`: what is asked there, with the type it has in its subgraph."""
        asked = [(source, dict(source.service.worlds(name))) for name, source in below]
        for true in sorted({name for _, known in asked for name in known}):
            # Subgraphs that answer the same field agree: where one of them is asked that does not know a type, it is not there.
            possible = negated(any_of(source.when for source, known in asked if true not in known))
            sources = tuple(source.seen_as(known[true], possible) for source, known in asked if true in known)
            if any(source.parts for source in sources):
                yield self._make(true, path, sources, pending, universe)

    def _evaluate(self, thing: Thing) -> None:
        for source in thing.sources:
            _add(thing, source)
        for pending in thing.pending:
            self._advance(thing, pending)

    def _advance(self, thing: Thing, pending: Pending) -> None:
        before = pending.delivery.request.before
        when = both(pending.when, thing.exists(before))
        rest = pending.rest
        while rest and isinstance(rest[0], OnTypes):
            told = thing.told(before)
            when = both(when, any_of(told[name] for name in rest[0].names if name in told))
            rest = rest[1:]
        if not when:
            return
        if rest:
            way = pending.way
            if pending.delivery.contexts:
                length = len(pending.delivery.path)
                way = (*way, Passed(length - len(pending.rest), length - len(rest), thing))
            thing.through.append(Pending(pending.delivery, rest, when, way))
            return
        arrival = self._arrival(thing, pending.delivery, when)
        if arrival is not None:
            arrival = replace(arrival, way=pending.way)
            thing.arrivals.append(arrival)
            if arrival.source is not None:
                _add(thing, arrival.source)

    def _arrival(self, thing: Thing, delivery: Delivery, when: When) -> Arrival | None:
        service = self._services[delivery.request.service]
        parts = (Part(delivery.selections, when),)
        renames = tuple((number, one.path) for number, one in enumerate(delivery.output_rewrites))
        if not delivery.requires:
            runtime = service.root(delivery.request.kind)
            source = Source(delivery, service, runtime, parts, renames=renames) if runtime == thing.type else None
            return Arrival(delivery, when, None, (), source)
        sent = next(iter(sendings(thing, delivery, when, thing.told(delivery.request.before))), None)
        if sent is None:
            return None
        runtime = service.runtime_of(sent[0], thing.type)
        source = Source(delivery, service, runtime, parts, renames=renames, is_sent=True) if runtime else None
        return Arrival(delivery, when, sent[0], sent[1], source)


def sendings(
    thing: Thing, delivery: Delivery, when: When, told: dict[str, When]
) -> dict[tuple[str, tuple[RequiredFragment, ...]] | None, str | None]:
    """What can be sent for an object, given what `__typename` may say → the type name that it comes from; None: not sent.

    More than one entry: what is sent depends on what happens to have been told. The first is what is sent usually.
    """
    names: list[str | None] = [thing.type] if both(told.get(thing.type, NEVER), when) else []
    names += sorted(name for name in told if name != thing.type and not implies(when, told.get(thing.type, NEVER)))
    if not implies(when, any_of(told.values())):
        names.append(None)
    found: dict[tuple[str, tuple[RequiredFragment, ...]] | None, str | None] = {}
    possible = {name for fragment in delivery.requires for name in fragment.possible_types}
    for name in names:
        taken = name or (next(iter(possible)) if len(possible) == 1 else None)
        fragments = tuple(one for one in delivery.requires if taken in one.possible_types or taken == one.type_condition)
        if taken is None or not fragments:
            found.setdefault(None, taken)
            continue
        sent = next((rewrite.name for rewrite in delivery.input_rewrites if taken in rewrite.of_types), taken)
        found.setdefault((sent, fragments), taken)
    return {key: found[key] for key in sorted(found, key=lambda key: key is None)}


def _add(thing: Thing, source: Source) -> None:
    for entry in read_source(source):
        thing.entries.setdefault(entry.key, []).append(entry)


def _target(entry: Entry) -> tuple[str, int] | None:
    return entry.source.service.target(entry.source.runtime, entry.name)
