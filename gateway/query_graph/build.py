"""`Supergraph` → `QueryGraph`.

for every composite type and subgraph       a node
for every node and field of its type there  a field move (into a view of its own when the field has @provides)
for every key                               an entity move, for the type and for implementations of an interface object
for every root type                         a node before any subgraph, with moves into each
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    print_ast,
)

from gateway.query_graph.definitions import COMPOSITE, FieldDef, JoinField, Kind, TypeDef, list_depth, named_type
from gateway.query_graph.errors import SupergraphError
from gateway.query_graph.graph import EntityMove, FieldMove, Node, NodeKind, QueryGraph
from gateway.query_graph.read import read_supergraph
from gateway.query_graph.selections import SelectionReader, SelectionSet, make_selection_set
from gateway.query_graph.supergraph import Supergraph


def build_query_graph(supergraph: str | DocumentNode) -> QueryGraph:
    """The query graph of a supergraph, SDL or parsed. Raises `SupergraphError` when it is not a readable supergraph."""
    return _Builder(read_supergraph(supergraph)).build()


class _Builder:
    def __init__(self, supergraph: Supergraph) -> None:
        self._supergraph = supergraph
        self._graph = QueryGraph(supergraph)
        self._views: list[tuple[Node, Node, SelectionSetNode]] = []
        self._field_sets: dict[tuple[str, str], tuple[SelectionSetNode, SelectionSet]] = {}

    def build(self) -> QueryGraph:
        composites = [type_ for type_ in self._supergraph.types.values() if type_.kind in COMPOSITE]
        for type_ in composites:
            for graph in type_.joins:
                self._graph.at[type_.name, graph] = self._node(type_, graph)
        for node in list(self._graph.at.values()):
            self._link_members(node)
            self._add_fields(node)
        while self._views:
            self._fill_view(*self._views.pop(0))
        for type_ in composites:
            self._add_entity_moves(type_)
        for type_ in composites:
            self._add_holders(type_)
        self._add_roots()
        return self._graph

    def _node(self, type_: TypeDef, graph: str, view: str = "") -> Node:
        supergraph = self._supergraph
        kind, mask = NodeKind.ABSTRACT, 0
        if type_.kind is Kind.OBJECT:
            kind, mask = NodeKind.CONCRETE, supergraph.possible(type_.name)
        elif type_.interface_object_in(graph) or type_.name in supergraph.bare_interfaces:
            kind, mask = NodeKind.OPAQUE, supergraph.possible(type_.name)
        else:
            mask = supergraph.possible_in(type_.name, graph)
        node = Node(len(self._graph.nodes), type_.name, graph, kind, mask, view)
        self._graph.nodes.append(node)
        return node

    def _link_members(self, node: Node) -> None:
        if node.kind is not NodeKind.ABSTRACT:
            return
        for name in self._supergraph.names(node.mask):
            member = self._graph.at.get((name, node.graph))
            if member is not None:
                node.members[self._supergraph.possible(name)] = member

    def _add_fields(self, node: Node) -> None:
        type_ = self._supergraph.types[node.type_name]
        for definition in type_.fields.values():
            join = definition.joins.get(node.graph)
            if join is None or join.external or self._needs_context_in_vain(definition, join):
                continue
            node.fields[definition.name] = self._field_move(node, definition, join)

    def _needs_context_in_vain(self, definition: FieldDef, join: JoinField) -> bool:
        """True where a context supplies arguments while another subgraph answers the field without: that one is asked."""
        others = (one for one in definition.joins.values() if not one.external)
        return bool(join.context_arguments) and not all(one.context_arguments for one in others)

    def _field_move(self, node: Node, definition: FieldDef, join: JoinField) -> FieldMove:
        type_node = join.type or definition.type
        target = self._graph.at.get((named_type(type_node), node.graph))
        if target is not None and join.provides:
            name = f"{node.type_name}.{definition.name}"
            target = self._view(target, self._parse(join.provides, target.type_name)[0], name)
        label = (join.override_label, join.override is not None) if join.override_label else None
        return FieldMove(
            definition.name,
            node,
            target,
            list_depth(type_node),
            print_ast(type_node),
            requires=self._requires(join, node.type_name),
            label=label,
            for_inputs=join.used_overridden and label is None,
            contexts=join.context_arguments,
        )

    def _requires(self, join: JoinField, type_name: str) -> SelectionSet | None:
        """What a representation must carry; for a field that an ancestor supplies with arguments nothing more than a key."""
        if join.requires:
            return self._field_set(join.requires, type_name)
        return make_selection_set(type_name, ()) if join.context_arguments else None

    def _view(self, base: Node, provided: SelectionSetNode, name: str) -> Node:
        """A node like `base` in which the provided fields are answered too; filled once every plain node is."""
        view = self._node(self._supergraph.types[base.type_name], base.graph, name)
        self._views.append((view, base, provided))
        return view

    def _fill_view(self, view: Node, base: Node, provided: SelectionSetNode) -> None:
        view.fields.update({field: self._resourced(move, view) for field, move in base.fields.items()})
        fields, fragments = _split(provided)
        for node in fields:
            self._open_field(view, node)
        for bit, member in base.members.items():
            own = (*fields, *(one for on, inner in fragments if bit & self._supergraph.possible(on) for one in inner))
            view.members[bit] = self._view(member, SelectionSetNode(selections=own), view.view) if own else member

    def _resourced(self, move: FieldMove, node: Node) -> FieldMove:
        return FieldMove(
            move.name, node, move.target, move.list_depth, move.shape, move.requires, move.label, move.for_inputs, move.contexts
        )

    def _open_field(self, view: Node, node: FieldNode) -> None:
        definition = self._supergraph.types[view.type_name].fields.get(node.name.value)
        join = definition.joins.get(view.graph) if definition else None
        if definition is None or join is None:
            return
        type_node = join.type or definition.type
        target = self._graph.at.get((named_type(type_node), view.graph))
        if target is not None and node.selection_set is not None:
            target = self._view(target, node.selection_set, f"{view.view}.{definition.name}")
        view.fields[definition.name] = FieldMove(definition.name, view, target, list_depth(type_node), print_ast(type_node))

    def _add_entity_moves(self, type_: TypeDef) -> None:
        moves: list[EntityMove] = []
        reveals: list[EntityMove] = []
        for owner in (type_, *self._interface_objects_of(type_)):
            for graph, joins in owner.joins.items():
                opaque = owner.interface_object_in(graph)
                if owner is not type_ and not opaque:
                    continue
                for join in joins:
                    if join.key is None or not join.resolvable:
                        continue
                    move = EntityMove(self._graph.at[owner.name, graph], self._field_set(join.key, owner.name), join.key)
                    is_reveal = type_.kind is Kind.INTERFACE and not opaque
                    (reveals if is_reveal else moves).append(move)
        if moves:
            self._graph.entity_moves[type_.name] = tuple(moves)
        if reveals:
            self._graph.reveals[type_.name] = tuple(reveals)

    def _interface_objects_of(self, type_: TypeDef) -> Iterator[TypeDef]:
        if type_.kind is Kind.OBJECT:
            for interface, names in sorted(self._supergraph.implementers.items()):
                owner = self._supergraph.types.get(interface)
                if owner and type_.name in names and any(owner.interface_object_in(graph) for graph in owner.joins):
                    yield owner

    def _add_holders(self, type_: TypeDef) -> None:
        found: dict[str, list[Node]] = {}
        nodes = [self._graph.at[type_.name, graph] for graph in type_.joins]
        for owner in self._interface_objects_of(type_):
            nodes += [self._graph.at[owner.name, graph] for graph in owner.joins if owner.interface_object_in(graph)]
        for node in nodes:
            if node.kind is not NodeKind.ABSTRACT:
                for name in node.fields:
                    found.setdefault(name, []).append(node)
        self._graph.holders[type_.name] = {name: tuple(nodes) for name, nodes in found.items()}

    def _add_roots(self) -> None:
        for kind, name in self._supergraph.roots.items():
            type_ = self._supergraph.types[name]
            self._graph.roots[kind] = Node(len(self._graph.nodes), name, "", NodeKind.CONCRETE, self._supergraph.possible(name))
            self._graph.nodes.append(self._graph.roots[kind])
            self._graph.entity_moves[name] = tuple(EntityMove(self._graph.at[name, graph], None) for graph in type_.joins)

    def _field_set(self, text: str, type_name: str) -> SelectionSet:
        return self._parse(text, type_name)[1]

    def _parse(self, text: str, type_name: str) -> tuple[SelectionSetNode, SelectionSet]:
        known = self._field_sets.get((text, type_name))
        if known is None:
            try:
                operation = parse(f"{{ {text} }}", no_location=True).definitions[0]
            except GraphQLError as error:
                raise SupergraphError(f'The field set "{text}" on {type_name} is not GraphQL: {error.message}.') from error
            assert isinstance(operation, OperationDefinitionNode)
            node = operation.selection_set
            known = (node, SelectionReader(self._supergraph).read(node, type_name))
            self._field_sets[text, type_name] = known
        return known


def _split(node: SelectionSetNode) -> tuple[list[FieldNode], list[tuple[str, list[FieldNode]]]]:
    """The fields of a field set, and those of its fragments with their type conditions."""
    fields: list[FieldNode] = []
    fragments: list[tuple[str, list[FieldNode]]] = []
    for one in node.selections:
        if isinstance(one, FieldNode):
            fields.append(one)
        elif isinstance(one, InlineFragmentNode) and one.type_condition is not None:
            fragments.append((one.type_condition.name.value, _split(one.selection_set)[0]))
    return fields, fragments
