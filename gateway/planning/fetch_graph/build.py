"""Solution → fetch graph: every jump becomes a step, every pick an entry of the step that holds it.

emit(solution, home, place)
    for each pick    the cursor of its holding gets an entry; its child is emitted one place further
    for each jump    (when first needed) a step at this place; its inputs are emitted as required picks,
                     which says what the representation is made of and which steps it waits for
    for each reveal  its jump, then the inner solution at the same place
    for each field with arguments from a context   the picks that supply it are emitted at the ancestor's place; the step
                     waits for them
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gateway.planning.budget import Budget
from gateway.planning.fetch_graph.emission import Cursor, Here, Needs, Required, Supplies, SupplyNames, suppliers_of
from gateway.planning.fetch_graph.picks import alike, all_of, users_of
from gateway.planning.fetch_graph.place import Place, ResponseKeys
from gateway.planning.fetch_graph.repeats import Repeats
from gateway.planning.fetch_graph.step import (
    Entry,
    FetchGraph,
    Input,
    Step,
    Supply,
    Tree,
    is_same_on,
    joined_fields,
)
from gateway.planning.normalise.operation import Operation
from gateway.planning.plan import OperationKind, RequiredField, RequiredFragment
from gateway.planning.walk.solution import Jump, Pick, Solution
from gateway.query_graph.graph import FieldMove, Node, NodeKind, QueryGraph
from gateway.query_graph.selections import NO_ARGUMENTS, Arguments, Conditions, paths_of

_TYPENAME = RequiredField("__typename", "__typename")


def build_fetch_graph(graph: QueryGraph, operation: Operation, solutions: Iterable[Solution], budget: Budget) -> FetchGraph:
    """The fetch graph of an operation; for mutations one solution per root field, in order. Raises `OperationTooLarge`."""
    builder = _Builder(graph, operation, budget)
    for solution in solutions:
        builder.emit_root(solution)
    return builder.made


class _Builder:
    def __init__(self, graph: QueryGraph, operation: Operation, budget: Budget) -> None:
        self.made = FetchGraph(operation.kind)
        self._graph = graph
        self._operation = operation
        self._keys = ResponseKeys()
        self._repeats = Repeats(self.made, budget)
        self._budget = budget
        self._group = 0
        self._serial_root: Step | None = None
        self._noted: list[list[tuple[Tree, Entry]]] = []
        self._supplied = SupplyNames(operation)
        self._kinds: dict[str, OperationKind] = {}
        for kind, node in graph.roots.items():
            self._kinds.setdefault(node.type_name, kind)  # type: ignore[arg-type]  # the keys are the three kinds

    def emit_root(self, solution: Solution) -> None:
        mask = self._graph.supergraph.possible(self._operation.type_name)
        place = Place((), (), mask, (), (self._operation.selections,))
        self._emit(solution, None, place, 0, {}, {}, required=False, extra=())

    def _emit(
        self,
        solution: Solution,
        home: Cursor | None,
        place: Place,
        depth: int,
        above: Supplies,
        beside: Supplies,
        *,
        required: bool,
        extra: Conditions,
    ) -> Needs:
        """Emits a solution. `depth`: how many requests come before the place.

        `above`: what ancestors supply, `beside`: what other solutions at this place supply.

        What it contributes to a representation is told for `required` solutions only.
        """
        here = Here(place, place.mask, depth, home, users_of(solution, extra), above)
        own = {**beside, **suppliers_of(solution, here)}
        needs = Needs()
        if home is not None and solution.node.kind is NodeKind.ABSTRACT:
            self._add_typename(home)
            needs.fields = (_TYPENAME,)
        picks = [pick for pick in solution.picks if not pick.selection.supplies]
        for first, *others in [[pick] for pick in picks] if required else alike(picks):
            found = self._emit_pick(first, here, own, others, required=required, extra=extra)
            if required:
                needs.add(found)
        for jump, inner in solution.reveals:
            cursor = self._open(jump, here)
            needs.add(self._emit(inner, cursor, place, depth + jump.level, above, own, required=required, extra=extra))
        return needs

    def _emit_pick(
        self, pick: Pick, here: Here, own: Supplies, others: Sequence[Pick] = (), *, required: bool, extra: Conditions
    ) -> Needs:
        """Emits a pick. `others` are the same for further object types: what is below is emitted once for all of them."""
        cursor = here.home if pick.holding is None else self._open(pick.holding, here)
        assert cursor is not None
        if pick.selection.name == "__typename":
            return self._emit_typename(pick, cursor, extra)
        place, tree = here.place, cursor.tree
        key = self._keys.key_for(place, pick.selection) if required else pick.selection.key
        conditions = all_of(pick.selection.conditions, extra)
        assert pick.move is not None
        whole = tree.node.kind is not NodeKind.ABSTRACT or (
            pick.types & tree.node.mask == tree.node.mask and is_same_on(tree.node, pick.selection.name, pick.move.target)
        )
        arguments = self._arguments(pick, pick.move, here, cursor.step, all_of(place.conditions, conditions))
        types = 0 if whole else pick.types
        entry = self._add(cursor, Entry(key, pick.selection.name, arguments, types, conditions, pick.move.shape))
        if pick.move.requires is not None:
            entry.needs = tuple(sorted(paths_of(pick.move.requires)))
        needs = Needs((RequiredField(pick.selection.name, key),), {cursor.step.id})
        if pick.child is not None:
            inner = self._emit_child(pick, entry, cursor.step, here, own, others, required=required, extra=extra)
            needs = Needs((RequiredField(pick.selection.name, key, inner.fields),), needs.steps | inner.steps)
        if required and pick.types & here.mask != here.mask:
            needs.fields = self._for_types(pick.types, needs.fields)
        return needs

    def _emit_child(
        self,
        pick: Pick,
        entry: Entry,
        step: Step,
        here: Here,
        own: Supplies,
        others: Sequence[Pick],
        *,
        required: bool,
        extra: Conditions,
    ) -> Needs:
        """Emits what is selected on the objects of a pick, whose entry in `step` is `entry`."""
        child, move = pick.child, pick.move
        assert child is not None
        assert move is not None
        assert move.target is not None
        together = pick.types
        is_new = entry.child is None
        tree = entry.child or Tree(move.target)
        if is_new:
            entry.child = tree
            together |= self._share(entry, others, here, extra)
            others = [other for other in others if other.types & ~together]
        for other in others:
            self._emit_pick(other, here, own, required=required, extra=extra)
        is_narrower = self._is_narrower(move.target, child)
        if is_narrower:
            self._add_typename(Cursor(step, tree))
        place = here.inner_place(pick, together, entry)
        depth = here.depth + (pick.holding.level if pick.holding else 0)
        above = {**here.above, **{supply: one for supply, one in own.items() if together & ~one.types == 0}}
        can_repeat = is_new and not required and not above
        if can_repeat and self._repeats.reuse(child, place, depth, step, tree):
            return Needs()
        start = self._repeats.start()
        inner = self._emit(child, Cursor(step, tree), place, depth, above, {}, required=required, extra=())
        if can_repeat:
            self._repeats.note(child, place, depth, step, tree, start)
        if is_narrower:
            inner.fields = joined_fields((_TYPENAME,), inner.fields)
        return inner

    def _share(self, entry: Entry, others: Sequence[Pick], here: Here, extra: Conditions) -> int:
        """Gives the objects under `entry` to equal entries for other types; for which types that could be done."""
        types = 0
        for other in others:
            assert other.holding is not None
            assert other.move is not None
            cursor = self._open(other.holding, here)
            conditions = all_of(other.selection.conditions, extra)
            if (0, all_of(conditions, cursor.outer), entry.key) in cursor.tree.entries:
                continue  # something else is asked under this key for that type
            own = Entry(entry.key, entry.name, other.selection.arguments, 0, conditions, other.move.shape, entry.child)
            self._add(cursor, own)
            types |= other.types
        return types

    def _arguments(self, pick: Pick, move: FieldMove, here: Here, step: Step, conditions: Conditions) -> Arguments:
        """The client's arguments, and variables for those that an ancestor supplies."""
        given = pick.selection.arguments
        if not move.contexts:
            return given
        added = []
        for context in move.contexts:
            supplier = here.above[context.supply]
            needs = Needs()
            self._noted.append(step.needs)
            for one in supplier.picks:
                needs.add(self._emit_pick(one, supplier.here, {}, required=True, extra=conditions))
            self._noted.pop()
            above = supplier.here.place.path
            variable = self._supplied.name_of(context.supply, context.type, above)
            step.supplies[variable] = Supply(variable, context.type, above, needs.fields)
            step.waits_for |= needs.steps
            step.waits_for.discard(step.id)
            added.append(f"{context.name}: ${variable}")
        inside = given.text[1:-1]
        return Arguments(f"({', '.join([inside, *added] if inside else added)})", given.variables)

    def _for_types(self, types: int, fields: Required) -> Required:
        return tuple(RequiredFragment(name, (name,), fields) for name in self._graph.supergraph.names(types))

    def _emit_typename(self, pick: Pick, cursor: Cursor, extra: Conditions) -> Needs:
        asked = pick.selection
        whole = pick.types & cursor.tree.node.mask == cursor.tree.node.mask
        types = 0 if whole else pick.types
        self._add(cursor, Entry(asked.key, "__typename", NO_ARGUMENTS, types, all_of(asked.conditions, extra), "String!"))
        return Needs((_TYPENAME,), {cursor.step.id})

    def _add_typename(self, cursor: Cursor) -> None:
        self._add(cursor, Entry("__typename", "__typename", NO_ARGUMENTS, 0, (), "String!"))

    def _add(self, cursor: Cursor, entry: Entry) -> Entry:
        self._budget.spend_entry()
        entry.conditions = all_of(entry.conditions, cursor.outer)
        added = cursor.tree.add(entry)
        if self._noted:
            self._noted[-1].append((cursor.tree, added))
        return added

    def _is_narrower(self, node: Node, child: Solution) -> bool:
        """True where the client's schema leaves the type open that this subgraph's schema fixes: the client and the subgraphs
        that are sent such objects must be told."""
        return node.kind is NodeKind.CONCRETE and child.wanted.type_name != node.type_name

    def _open(self, jump: Jump, here: Here) -> Cursor:
        """The cursor of a jump's step; the step is made when it is first needed."""
        known = here.cursors.get(jump)
        if known is not None:
            return known
        root = jump.move.key is None
        kind = self._kinds.get(jump.target.type_name, "query") if root else "query"
        step = self._step(jump, here, kind, serial=root and here.home is None and kind == "mutation")
        cursor = Cursor(step, step.tree(jump.target), () if root and here.home is None else here.place.conditions)
        here.cursors[jump] = cursor
        if here.home is not None:
            step.waits_for.add(here.home.step.id)
        if not root:
            self._add_inputs(jump, here, step)
        step.waits_for.discard(step.id)
        return cursor

    def _step(self, jump: Jump, here: Here, kind: OperationKind, *, serial: bool) -> Step:
        last = self._serial_root
        # Fields share a request while nothing fetched for an earlier one has to run before the next (specification, 6.2.2).
        if serial and last is not None and last.graph == jump.target.graph and last.id == len(self.made.steps) - 1:
            return last
        if serial:
            self._group += 1
        # What one type asks of an interface object, others do not; and an object may be two interface objects there.
        own = f"{jump.type_name} as {jump.target.type_name}" if jump.target.kind is NodeKind.OPAQUE else ""
        alike = None if jump.field or not jump.inputs else (jump.target.graph, jump.level, own)
        if alike in here.steps:
            return here.steps[alike]
        step = Step(len(self.made.steps), jump.target.graph, kind, here.place.path, self._group)
        self.made.steps[step.id] = step
        if alike is not None:
            here.steps[alike] = step
        if serial:
            self._serial_root = step
        return step

    def _add_inputs(self, jump: Jump, here: Here, step: Step) -> None:
        assert here.home is not None
        self._noted.append(step.needs)
        self._add_typename(Cursor(here.home.step, here.home.tree, here.home.outer))
        needs = Needs((_TYPENAME,))
        for pick in jump.inputs:
            needs.add(self._emit_pick(pick, here.seen_by(jump), {}, required=True, extra=here.users.get(jump, ())))
        self._noted.pop()
        step.waits_for |= needs.steps
        names = self._graph.supergraph.names(jump.mask)
        possible = names if jump.type_name in names else (jump.type_name, *names)
        known = step.inputs.get(jump.type_name)
        fields = joined_fields(known.fields, needs.fields) if known else needs.fields
        step.inputs[jump.type_name] = Input(tuple(sorted(possible)), fields)
        if jump.target.kind is NodeKind.OPAQUE or jump.type_name not in names:
            step.renamed.setdefault(jump.target.type_name, set()).update(names)
