"""What one delivery gives of one object.

What comes in: the selections of a request at an object, and what the object is in that subgraph. What goes out: `Entry` per
response key, with the renames of the delivery applied in the order in which the executor applies them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from graphql import FieldNode

from gateway.planning.check.delivery import Delivery
from gateway.planning.check.fields import Asked, Part, Parts, collect, print_arguments
from gateway.planning.check.service import Service
from gateway.planning.check.when import ALWAYS, When, any_of, both
from gateway.planning.plan import Each, Key, OnTypes, Path

Rename = tuple[int, Path]
"""A rename of the delivery by its number, and what is left of its path."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A delivery's selections on an object that is `runtime` in its subgraph.

    `provided`: the field sets that `@provides` opens here. `is_sent`: the object is the one a representation was sent for.
    """

    delivery: Delivery
    service: Service
    runtime: str
    parts: Parts
    provided: tuple[Part, ...] = ()
    renames: tuple[Rename, ...] = ()
    is_sent: bool = False

    @property
    def when(self) -> When:
        """When the object is there, as far as this delivery goes."""
        return any_of(part.when for part in self.parts)

    def seen_as(self, runtime: str, possible: When) -> Source:
        """The same on an object that is `runtime` in its subgraph, where it is `possible` for one to be there."""
        parts = self.parts
        if possible != ALWAYS:
            parts = tuple(Part(part.node, when) for part in parts if (when := both(part.when, possible)))
        return replace(self, runtime=runtime, parts=parts)

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for sources that give the same."""
        parts = tuple((id(part.node), part.when) for part in self.parts)
        provided = tuple(id(part.node) for part in self.provided)
        return (self.delivery.rank, self.runtime, parts, provided, self.renames, self.is_sent)

    def applies(self, condition: str) -> bool:
        """Whether a fragment on `condition` holds here."""
        return self.service.applies(self.runtime, condition)


@dataclass(slots=True, eq=False)
class Entry:
    """One response key of an object, as one delivery gives it; `arguments` without those that an ancestor supplies.
    `key` is the one after all renames."""

    key: str
    name: str
    arguments: str
    when: When
    nodes: list[tuple[FieldNode, When]]
    source: Source
    below: list[Part]
    renames: list[Rename] = field(default_factory=list)

    @property
    def is_overridden(self) -> bool:
        """True for a field that moved to another subgraph: still good for keys and requirements, not for clients."""
        join = self.source.service.join(self.source.runtime, self.name)
        return join is not None and join.used_overridden and join.override_label is None

    def below_it(self, depth: int) -> Source:
        """The same delivery on an object under this key, whatever it is in its subgraph."""
        source = self.source
        outer = collect(source.provided, source.applies).values()
        provided = [part for one in outer if one.name == self.name for part in one.below]
        opened = source.service.provides(source.runtime, self.name)
        if opened is not None:
            provided.append(opened)
        renames = tuple((number, rest) for number, path in self.renames if (rest := enter(path, depth)) is not None)
        return Source(source.delivery, source.service, "", tuple(self.below), tuple(provided), renames)


def read_source(source: Source) -> list[Entry]:
    """Every entry that a source gives, renamed. One field under two keys that become one is one value; of two fields that
    meet under a key neither can be trusted.
    """
    entries = [_entry(one, source) for one in collect(source.parts, source.applies).values()]
    rewrites = source.delivery.output_rewrites
    for number, path in source.renames:
        steps = _past_types(path, source.runtime, entries)
        if steps is None:
            continue
        if not steps:
            rewrite = rewrites[number]
            for entry in entries:
                if entry.key == rewrite.source:
                    entry.key = rewrite.name
            met = {(entry.name, entry.arguments) for entry in entries if entry.key == rewrite.name}
            entries = entries if len(met) < 2 else [entry for entry in entries if entry.key != rewrite.name]
            continue
        step = steps[0]
        for entry in entries:
            if isinstance(step, Key) and entry.key == step.name:
                entry.renames.append((number, steps[1:]))
    return entries


def _entry(one: Asked, source: Source) -> Entry:
    supplied = source.service.supplied(source.runtime, one.name)
    arguments = print_arguments(one.nodes[0][0], supplied) if supplied else one.arguments
    return Entry(one.key, one.name, arguments, one.when, one.nodes, source, one.below)


def enter(path: Path, depth: int) -> Path | None:
    """What is left of a path behind a key whose value is an object inside `depth` lists; None when it leads nowhere."""
    at = 0
    while at < len(path) and isinstance(path[at], Each):
        at += 1
    return None if at > depth else path[at:]


def _past_types(path: Path, runtime: str, entries: Iterable[Entry]) -> Path | None:
    while path and isinstance(path[0], OnTypes):
        told = any(entry.key == "__typename" and entry.name == "__typename" for entry in entries)
        if not told or runtime not in path[0].names:
            return None
        path = path[1:]
    return path
