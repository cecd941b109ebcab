"""The fetch graph: one step per request to a subgraph, not yet in order.

    FetchGraph
      └─ Step          subgraph, place in the answer, inputs, selections, the steps it waits for
           └─ Tree     what is selected on an object, entry by entry

These are working data of planning: passes change them in place until nothing is left to do, then `assemble` makes the frozen
plan of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gateway.planning.plan import Each, Key, OperationKind, RequiredField, RequiredFragment
from gateway.query_graph.graph import Node
from gateway.query_graph.selections import Arguments, Conditions


@dataclass(frozen=True, slots=True)
class OnMask:
    """A step of a path for objects of the types `mask` only; `whole` are all types that can be met there."""

    mask: int
    whole: int


StepPath = tuple[Key | Each | OnMask, ...]
EntryKey = tuple[int, Conditions, str]


@dataclass(slots=True, eq=False)
class Entry:
    """A field of a tree: for objects of `types` (0: every type of the tree's node), under `conditions`.

    `needs` are the fields of a representation without which it cannot be answered (`@requires`). `became` is the entry that it
    was merged into.
    """

    key: str
    name: str
    arguments: Arguments
    types: int
    conditions: Conditions
    shape: str
    child: Tree | None = None
    rename_to: str | None = None
    needs: tuple[str, ...] = ()
    became: Entry | None = None

    def now(self) -> Entry:
        """The entry that stands for this one."""
        return self if self.became is None else self.became.now()

    def merge_into(self, other: Entry) -> None:
        """Gives everything that is selected here to `other`."""
        self.became = other
        if other.child is not None and self.child is not None:
            other.child.merge(self.child)


@dataclass(slots=True, eq=False)
class Tree:
    """The selections on the objects of `node`. `became` is the tree that it was merged into."""

    node: Node
    entries: dict[EntryKey, Entry] = field(default_factory=dict)
    became: Tree | None = None

    def now(self) -> Tree:
        """The tree that stands for this one."""
        return self if self.became is None else self.became.now()

    def add(self, entry: Entry) -> Entry:
        """Adds an entry, or gives the one that is there already."""
        return self.entries.setdefault((entry.types, entry.conditions, entry.key), entry)

    def merge(self, other: Tree) -> None:
        """Takes over the entries of another tree on the same objects."""
        if other is self:
            return  # entries of several types may share what is below them
        other.became = self
        for key, entry in other.entries.items():
            known = self.entries.get(key)
            if known is None:
                self.entries[key] = entry
            else:
                entry.merge_into(known)

    def put_back(self, entry: Entry) -> None:
        """Adds an entry whose types or conditions have changed; what is the same now becomes one."""
        known = self.add(entry)
        if known is not entry:
            entry.merge_into(known)

    def walk(self) -> Iterator[Entry]:
        """Every entry, this level first."""
        for entry in self.entries.values():
            yield entry
            if entry.child is not None:
                yield from entry.child.walk()


def is_same_on(node: Node, name: str, target: Node | None) -> bool:
    """True when the field `name`, asked on `node` itself, leads to objects of the type of `target` (None: to leaves).

    A member's field may be of a narrower type than the interface's: what is selected on it may be wrong on the interface's.
    """
    own = node.fields.get(name)
    if own is None or own.target is None or target is None:
        return True
    return own.target.type_name == target.type_name


@dataclass(slots=True)
class Input:
    """What a representation made from objects of one type carries."""

    possible_types: tuple[str, ...]
    fields: tuple[RequiredField | RequiredFragment, ...]


@dataclass(frozen=True, slots=True)
class Supply:
    """A value that an ancestor supplies: `fields` of the objects at `above`, sent as `variable` of that type."""

    variable: str
    type: str
    above: StepPath
    fields: tuple[RequiredField | RequiredFragment, ...]


@dataclass(slots=True, eq=False)
class Step:
    """One request. `inputs`: source type → its part of the representation (empty for root steps).

    `outputs`: type name in the subgraph → what is selected on it. `renamed`: the `__typename` that representations are sent
    with → the true types. `group` numbers the groups of a mutation's root fields that run one after the other.
    `conditions` hold for the whole request. `needs` are the entries (of other steps) that the inputs come from.
    `supplies` are variables filled from ancestors. `batch` is the step in whose request this one is sent: mostly its own.
    """

    id: int
    graph: str
    kind: OperationKind
    path: StepPath
    group: int = 0
    inputs: dict[str, Input] = field(default_factory=dict)
    outputs: dict[str, Tree] = field(default_factory=dict)
    renamed: dict[str, set[str]] = field(default_factory=dict)
    waits_for: set[int] = field(default_factory=set)
    conditions: Conditions = ()
    supplies: dict[str, Supply] = field(default_factory=dict)
    needs: list[tuple[Tree, Entry]] = field(default_factory=list)
    batch: int = -1

    def __post_init__(self) -> None:
        self.batch = self.id

    def tree(self, node: Node) -> Tree:
        """The selections on the type of `node`, empty at first."""
        return self.outputs.setdefault(node.type_name, Tree(node))


@dataclass(slots=True)
class FetchGraph:
    """All steps by id."""

    kind: OperationKind
    steps: dict[int, Step] = field(default_factory=dict)

    def depths(self) -> dict[int, int]:
        """Step → the number of steps on the longest chain that ends with it."""
        found: dict[int, int] = {}

        def depth(number: int) -> int:
            if number not in found:
                found[number] = 1 + max((depth(before) for before in self.steps[number].waits_for), default=0)
            return found[number]

        for number in sorted(self.steps):
            depth(number)
        return found

    def ancestors(self, number: int) -> set[int]:
        """Every step that must have ended before this one starts."""
        found: set[int] = set()
        pending = list(self.steps[number].waits_for)
        while pending:
            before = pending.pop()
            if before not in found:
                found.add(before)
                pending += self.steps[before].waits_for
        return found

    def fold(self, pairs: Iterable[tuple[Step, Step]]) -> bool:
        """For each (kept, gone): `kept` does what `gone` did as well. True when there was a pair."""
        replaced: dict[int, int] = {}
        for kept, gone in pairs:
            _take_over(kept, gone)
            replaced[gone.id] = kept.id
            del self.steps[gone.id]
        if not replaced:
            return False
        for step in self.steps.values():
            if not step.waits_for.isdisjoint(replaced):
                step.waits_for = {_last(replaced, before) for before in step.waits_for}
            step.waits_for.discard(step.id)
        return True


def _last(replaced: dict[int, int], number: int) -> int:
    while number in replaced:
        number = replaced[number]
    return number


def _take_over(kept: Step, gone: Step) -> None:
    for name, tree in gone.outputs.items():
        if name in kept.outputs:
            kept.outputs[name].merge(tree)
        else:
            kept.outputs[name] = tree
    for name, extra in gone.inputs.items():
        known = kept.inputs.get(name)
        kept.inputs[name] = extra if known is None else Input(known.possible_types, joined_fields(known.fields, extra.fields))
    for name, types in gone.renamed.items():
        kept.renamed.setdefault(name, set()).update(types)
    kept.waits_for |= gone.waits_for
    kept.needs += gone.needs


def joined_fields(
    first: tuple[RequiredField | RequiredFragment, ...], second: tuple[RequiredField | RequiredFragment, ...]
) -> tuple[RequiredField | RequiredFragment, ...]:
    """The union of two parts of a representation, in order of first mention."""
    if not second or first == second:
        return first
    found: dict[object, RequiredField | RequiredFragment] = {}
    for one in (*first, *second):
        match one:
            case RequiredField():
                known = found.get(one.name)
                inner = joined_fields(known.selections, one.selections) if isinstance(known, RequiredField) else one.selections
                found[one.name] = RequiredField(one.name, one.source, inner)
            case RequiredFragment():
                key = ("on", one.type_condition)
                known = found.get(key)
                inner = (
                    joined_fields(known.selections, one.selections) if isinstance(known, RequiredFragment) else one.selections
                )
                found[key] = RequiredFragment(one.type_condition, one.possible_types, inner)
    return tuple(found.values())
