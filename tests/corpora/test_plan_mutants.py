"""Plans of the audit, made wrong in one way: what changes the answer is caught by the plan checker.

Each mutant is checked; those that are not reported are run against the audit's subgraphs in this process, and must answer what
the plan answers, under all values of the Boolean variables. There are such: `docs/plan_checker.md` lists the kinds.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    InlineFragmentNode,
    IntValueNode,
    NameNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    validate,
    visit,
)
from graphql.execution.values import get_variable_values

from gateway.execution import Call, SubgraphAnswer, SubgraphRequest, compile_plan, execute
from gateway.execution.keys import keys_of
from gateway.execution.members import members_of
from gateway.planning import QueryPlan, plan, print_plan
from gateway.planning.check import check_plan
from gateway.planning.errors import UnreachableField
from gateway.planning.plan import (
    BatchFetch,
    Condition,
    Fetch,
    Flatten,
    OnTypes,
    Parallel,
    PlanNode,
    RequiredField,
    RequiredFragment,
    Sequence,
)
from gateway.planning.plan import Path as PlanPath
from gateway.query_graph import QueryGraph, build_query_graph
from gateway.response.filling import Filling
from gateway.response.projection import Projection
from kernel.errors import InternalError

VALUES = [{"a": a, "b": b} for a in (True, False) for b in (True, False)]
"""The values of the Boolean variables under which answers are compared."""

WAYS = (
    "drop dependency",
    "drop fetch",
    "drop input fragment",
    "drop rename",
    "drop type name",
    "inputs",
    "negate condition",
    "path",
    "remove condition",
    "swap dependency",
    "text",
)
"""How plans are made wrong."""

Request = Fetch | BatchFetch
Mutant = tuple[str, Callable[[], QueryPlan]]
"""What is done to a plan, and the plan when it is asked for: printing requests is what costs."""


# --- how a plan is made wrong -----------------------------------------------------------------------------------------------


def nodes_of(node: PlanNode | None) -> Iterator[PlanNode]:
    """Every node of the tree."""
    if node is None:
        return
    yield node
    match node:
        case Flatten(_, inner):
            yield from nodes_of(inner)
        case Sequence(nodes) | Parallel(nodes):
            for one in nodes:
                yield from nodes_of(one)
        case Condition(_, if_clause, else_clause):
            yield from nodes_of(if_clause)
            yield from nodes_of(else_clause)
        case _:
            return


def exchanged(node: PlanNode | None, old: PlanNode, new: PlanNode | None) -> Any:
    """The tree with one node (by identity) exchanged, or dropped for None."""
    if node is None or node is old:
        return new if node is old else None
    match node:
        case Flatten(path, inner):
            made = exchanged(inner, old, new)
            return node if made is inner else (Flatten(path, made) if made is not None else None)
        case Sequence(nodes) | Parallel(nodes):
            return type(node)(tuple(made for one in nodes if (made := exchanged(one, old, new)) is not None))
        case Condition(variable, if_clause, else_clause):
            return Condition(variable, exchanged(if_clause, old, new), exchanged(else_clause, old, new))
        case _:
            return node


def requests_of(made: QueryPlan) -> list[Request]:
    return [node for node in nodes_of(made.node) if isinstance(node, Fetch | BatchFetch)]


def mutants_of(made: QueryPlan) -> Iterator[Mutant]:
    """Every way in which this file knows to make a plan wrong, each once for every place where it can be done."""
    for node in nodes_of(made.node):
        for what, new in node_mutants(node, requests_of(made)):
            yield what, partial(with_node, made, node, new)
        if isinstance(node, Fetch | BatchFetch):
            for write in text_mutants(node.operation):
                yield "text", partial(with_text, made, node, write)


def with_node(made: QueryPlan, node: PlanNode, new: PlanNode | None) -> QueryPlan:
    return replace(made, node=exchanged(made.node, node, new))


def with_text(made: QueryPlan, node: Request, write: Callable[[], str]) -> QueryPlan:
    return with_node(made, node, replace(node, operation=write()))


def node_mutants(node: PlanNode, requests: list[Request]) -> Iterator[tuple[str, PlanNode | None]]:
    match node:
        case Flatten(path, inner):
            yield from (("path", Flatten(other, inner)) for other in path_mutants(path))
        case Condition(variable, if_clause, else_clause):
            yield "negate condition", Condition(variable, else_clause, if_clause)
            yield "remove condition", if_clause or else_clause
        case Fetch() | BatchFetch():
            yield "drop fetch", None
            for dependency in node.depends_on:
                yield "drop dependency", replace(node, depends_on=tuple(one for one in node.depends_on if one != dependency))
                for other in requests:
                    if other.id < node.id and other.id not in node.depends_on:
                        swapped = (*(one for one in node.depends_on if one != dependency), other.id)
                        yield "swap dependency", replace(node, depends_on=swapped)
            if isinstance(node, Fetch):
                yield from request_mutants(node)
            else:
                for nth, lookup in enumerate(node.lookups):
                    for what, other in request_mutants(lookup):
                        changed = (*node.lookups[:nth], other, *node.lookups[nth + 1 :])
                        yield what, replace(node, lookups=changed)
                    for path in path_mutants(lookup.paths[0]):
                        changed = replace(lookup, paths=(path, *lookup.paths[1:]))
                        yield "path", replace(node, lookups=(*node.lookups[:nth], changed, *node.lookups[nth + 1 :]))
        case _:
            return


def request_mutants(one: Any) -> Iterator[tuple[str, Any]]:
    """Mutants of what a fetch and a look-up of a batch have in common."""
    for nth in range(len(one.output_rewrites)):
        yield "drop rename", replace(one, output_rewrites=one.output_rewrites[:nth] + one.output_rewrites[nth + 1 :])
    for nth in range(len(one.input_rewrites)):
        yield "drop type name", replace(one, input_rewrites=one.input_rewrites[:nth] + one.input_rewrites[nth + 1 :])
    for nth, fragment in enumerate(one.requires):
        others = one.requires[:nth] + one.requires[nth + 1 :]
        if others:
            yield "drop input fragment", replace(one, requires=others)
        for selections in required_mutants(fragment.selections):
            changed = (*one.requires[:nth], replace(fragment, selections=selections), *one.requires[nth + 1 :])
            yield "inputs", replace(one, requires=changed)


def required_mutants(selections: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    for nth, one in enumerate(selections):
        before, after = selections[:nth], selections[nth + 1 :]
        if not (isinstance(one, RequiredField) and one.name == "__typename"):
            yield before + after
        if isinstance(one, RequiredField) and not one.selections and one.name != "__typename":
            yield (*before, replace(one, source=f"{one.source}_"), *after)
            yield from (
                (*before, replace(one, source=other.source), *after)
                for other in selections
                if isinstance(other, RequiredField) and other.source not in (one.source, "__typename")
            )
        if isinstance(one, RequiredField | RequiredFragment):
            yield from ((*before, replace(one, selections=inner), *after) for inner in required_mutants(one.selections))


def path_mutants(path: PlanPath) -> Iterator[PlanPath]:
    if len(path) > 1:
        yield path[:-1]
    for nth, step in enumerate(path):
        if isinstance(step, OnTypes):
            yield path[:nth] + path[nth + 1 :]
            if len(step.names) > 1:
                yield (*path[:nth], OnTypes(step.names[1:]), *path[nth + 1 :])


def text_mutants(text: str) -> Iterator[Callable[[], str]]:
    """A field dropped, given another key, another name, another argument; a directive dropped or turned round."""
    operation = parse(text, no_location=True).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    for made in set_mutants(operation.selection_set):
        yield partial(write_operation, operation, made)


def write_operation(operation: OperationDefinitionNode, selections: SelectionSetNode) -> str:
    return print_ast(copied(operation, selection_set=selections))


def copied(node: Any, **values: Any) -> Any:
    return type(node)(**{key: getattr(node, key, None) for key in node.keys if key != "loc"} | values)


def set_mutants(node: SelectionSetNode) -> Iterator[SelectionSetNode]:
    names = [one.name.value for one in node.selections if isinstance(one, FieldNode) and one.selection_set is None]
    for nth, one in enumerate(node.selections):
        others = (*node.selections[:nth], *node.selections[nth + 1 :])
        if others:
            yield SelectionSetNode(selections=others)
        for made in selection_mutants(one, names):
            yield SelectionSetNode(selections=(*node.selections[:nth], made, *node.selections[nth + 1 :]))


def selection_mutants(node: Node, names: list[str]) -> Iterator[Node]:
    if isinstance(node, FieldNode) and node.name.value != "_entities":
        key = node.alias.value if node.alias else node.name.value
        yield copied(node, alias=NameNode(value=f"{key}_"))
        if node.selection_set is None:
            for name in dict.fromkeys(names):
                if name != node.name.value:
                    yield copied(node, alias=NameNode(value=key), name=NameNode(value=name), arguments=())
        yield from (copied(node, arguments=made) for made in argument_mutants(tuple(node.arguments or ())))
    if isinstance(node, FieldNode | InlineFragmentNode):
        yield from (copied(node, directives=made) for made in directive_mutants(tuple(node.directives or ())))
        if node.selection_set is not None:
            yield from (copied(node, selection_set=made) for made in set_mutants(node.selection_set))


def argument_mutants(arguments: tuple[ArgumentNode, ...]) -> Iterator[tuple[ArgumentNode, ...]]:
    for nth, one in enumerate(arguments):
        others = (arguments[:nth], arguments[nth + 1 :])
        yield others[0] + others[1]
        if isinstance(one.value, StringValueNode):
            yield (*others[0], copied(one, value=StringValueNode(value=one.value.value + "x")), *others[1])
        if isinstance(one.value, IntValueNode):
            yield (*others[0], copied(one, value=IntValueNode(value=str(int(one.value.value) + 1))), *others[1])


def directive_mutants(directives: tuple[DirectiveNode, ...]) -> Iterator[tuple[DirectiveNode, ...]]:
    for nth, one in enumerate(directives):
        yield directives[:nth] + directives[nth + 1 :]
        turned = NameNode(value="skip" if one.name.value == "include" else "include")
        yield (*directives[:nth], copied(one, name=turned), *directives[nth + 1 :])


# --- what it answers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Here:
    """A subgraph of the audit, in this process."""

    subgraph: Any

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        await asyncio.sleep(0)
        return SubgraphAnswer(200, json.dumps(self.subgraph.execute(json.loads(request.body))).encode())

    async def close(self) -> None:
        """Nothing to close."""


@dataclass(frozen=True)
class Suite:
    graph: QueryGraph
    transports: dict[str, Here]


@dataclass(frozen=True)
class Case:
    """An operation with its plan."""

    name: str
    suite: Suite
    document: DocumentNode
    plan: QueryPlan

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """What the plan answers under each of `VALUES`."""
        return answers_of(self.suite, self.document, self.plan)

    @property
    def has_errors(self) -> bool:
        """True when the audit's data break the schema: what comes then depends on what is asked beside."""
        return any(json.loads(answer)[1] for answer in self.answers)


def answers_of(suite: Suite, document: DocumentNode, made: QueryPlan) -> tuple[str, ...]:
    """What the client gets under each of `VALUES`: the data, and whether there are errors."""
    schema = suite.graph.supergraph.api_schema
    operation = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    definitions = operation.variable_definitions or ()
    used = {one.variable.name.value for one in definitions}

    async def run() -> tuple[str, ...]:
        supergraph = suite.graph.supergraph
        compiled = compile_plan(made, schema, keys_of(supergraph), members_of(supergraph))
        found = []
        for values in VALUES if used & {"a", "b"} else VALUES[:1]:
            given: dict[str, Any] = get_variable_values(
                schema, definitions, {name: values[name] for name in used & {"a", "b"}}
            ).coerced
            raw = await execute(compiled, schema, given, suite.transports, Call(asyncio.get_running_loop().time() + 10))
            filling = Filling(raw.errors, {})
            data = Projection(schema, document, operation, given).fill(raw.data, filling)
            found.append(json.dumps([data, bool(raw.errors or filling.found)]))
        return tuple(found)

    try:
        return asyncio.run(run())
    except InternalError as error:  # a plan that contradicts itself
        return (error.code,)


def served(shared: Path) -> ModuleType:
    """The module that serves the audit's subgraphs."""
    name = "serve_subgraphs"
    spec = importlib.util.spec_from_file_location(name, shared / "corpora/tools/serve_subgraphs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def suites(shared: Path) -> Iterator[tuple[Path, Suite]]:
    subgraphs = served(shared).load(shared / "corpora/audit")
    for folder in sorted(path.parent for path in (shared / "corpora/audit").glob("*/tests.json")):
        graph = build_query_graph((folder / "supergraph.graphql").read_text(encoding="utf-8"))
        yield folder, Suite(graph, {name: Here(subgraphs[f"/{folder.name}/{name}"]) for name in graph.supergraph.subgraphs})


def with_conditions(query: str, random: Random) -> DocumentNode:
    """The query with `@include` and `@skip` on some of its fields and fragments."""

    class Conditions(Visitor):
        def leave(self, node: Any, *_: object) -> Any:
            if not isinstance(node, FieldNode | InlineFragmentNode) or random.random() < 0.75:
                return None
            name, variable = random.choice((("include", "a"), ("include", "b"), ("skip", "a"), ("skip", "b")))
            value = VariableNode(name=NameNode(value=variable))
            argument = ArgumentNode(name=NameNode(value="if"), value=value)
            return copied(node, directives=(DirectiveNode(name=NameNode(value=name), arguments=(argument,)),))

    document = visit(parse(query), Conditions())
    used = [name for name in "ab" if f"(if: ${name})" in print_ast(document)]
    added = (
        tuple(parse(f"query({', '.join(f'${name}: Boolean!' for name in used)}) {{ a }}").definitions[0].variable_definitions)
        if used
        else ()
    )
    definitions = [
        copied(one, variable_definitions=(*(one.variable_definitions or ()), *added))
        if isinstance(one, OperationDefinitionNode)
        else one
        for one in document.definitions
    ]
    return DocumentNode(definitions=tuple(definitions))


def cases(shared: Path, seed: int) -> Iterator[Case]:
    """The queries of the audit whose plan is sound, plain and with conditions."""
    for folder, suite in suites(shared):
        for test in json.loads((folder / "tests.json").read_text(encoding="utf-8")):
            for nth in range(2):
                random = Random(f"{seed} {folder.name} {test['id']} {nth}")
                document = with_conditions(test["query"], random) if nth else parse(test["query"])
                case = case_of(f"{folder.name}/{test['id']}", suite, document)
                if case is not None:
                    yield case


def case_of(name: str, suite: Suite, document: DocumentNode) -> Case | None:
    if validate(suite.graph.supergraph.api_schema, document):
        return None
    try:
        made = plan(suite.graph, document)
    except UnreachableField:
        return None
    if made.kind == "mutation" or made.node is None or check_plan(suite.graph, document, None, made):
        return None
    return Case(name, suite, document, made)


@dataclass
class Tally:
    """What became of the mutants."""

    caught: Counter[str] = field(default_factory=Counter)
    equal: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)


def tally(shared: Path, seed: int, share: float) -> Tally:
    """Checks a share of all mutants of all cases, and runs those that the checker does not report."""
    found = Tally()
    for case in cases(shared, seed):
        random = Random(f"{seed} {case.name}")
        for what, make in mutants_of(case.plan):
            found.tried.add(what)
            if random.random() >= share:
                continue
            mutant = make()
            if check_plan(case.suite.graph, case.document, None, mutant):
                found.caught[what] += 1
                continue
            if case.has_errors:
                continue
            same = answers_of(case.suite, case.document, mutant) == case.answers
            shown = f"{what}: {case.name}\n{print_ast(case.document)}\n{print_plan(mutant)}"
            (found.equal if same else found.missed).append(shown)
    return found


@pytest.mark.slow
def test_mutants_that_change_the_answer_are_caught(shared: Path) -> None:
    found = tally(shared, 1, 0.07)
    assert found.caught.total() > 400
    assert not found.missed, "\n".join(found.missed)
    assert len(found.equal) < 0.1 * found.caught.total(), "\n".join(found.equal)
    assert found.tried == set(WAYS)
