"""A plan as text for people and as JSON for tools.

`print_plan` gives the form in which planners are compared (`QueryPlan { Fetch(service: "x") { … } }`), `to_json` the shape
that GraphQL tools draw. Neither is read back.
"""

from __future__ import annotations

import json
from typing import Any

from graphql import FieldNode, OperationDefinitionNode, parse, print_ast

from gateway.planning.plan import (
    BatchFetch,
    Condition,
    Each,
    Fetch,
    Flatten,
    Key,
    Lookup,
    OnTypes,
    Parallel,
    Path,
    PathStep,
    PlanNode,
    QueryPlan,
    RenameKey,
    RequiredField,
    RequiredFragment,
    Sequence,
    SetTypename,
    Subscription,
)

Json = dict[str, Any]
_Required = tuple[RequiredField | RequiredFragment, ...]


def print_plan(plan: QueryPlan) -> str:
    """The plan as an indented tree."""
    lines = ["QueryPlan {", *_indented(_print_node(plan.node) if plan.node else []), "}"]
    return "\n".join(lines)


def to_json(plan: QueryPlan) -> Json:
    """The plan as JSON values."""
    found: Json = {"kind": "QueryPlan"}
    if plan.node is not None:
        found["node"] = _json_node(plan.node)
    return found


def print_path(path: Path) -> str:
    """`users.@|[Admin].name`."""
    text = ""
    for step in path:
        match step:
            case Key(name):
                text += f".{name}" if text else name
            case Each():
                text += ".@"
            case OnTypes(names):
                text += f"|[{'|'.join(names)}]"
    return text


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _block(head: str, lines: list[str]) -> list[str]:
    return [f"{head} {{", *_indented(lines), "},"]


def _print_node(node: PlanNode) -> list[str]:
    match node:
        case Sequence(nodes) | Parallel(nodes):
            return _block(type(node).__name__, [line for inner in nodes for line in _print_node(inner)])
        case Flatten(path, fetch):
            return _block(f"Flatten(path: {json.dumps(print_path(path))})", _print_fetch(fetch))
        case Subscription(primary, rest):
            after = _block("Rest", _print_node(rest)) if rest is not None else []
            return _block("Subscription", [*_block("Primary", _print_fetch(primary)), *after])
        case Condition(variable, if_clause, else_clause):
            lines: list[str] = []
            if if_clause is not None:
                lines += _block(f"Include(if: ${variable})", _print_node(if_clause))
            if else_clause is not None:
                lines += _block(f"Skip(if: ${variable})", _print_node(else_clause))
            return lines
        case BatchFetch():
            return _print_batch(node)
        case Fetch():
            return _print_fetch(node)


def _print_fetch(fetch: Fetch) -> list[str]:
    document = parse(fetch.operation, no_location=True)
    definition, *fragments = document.definitions
    assert isinstance(definition, OperationDefinitionNode)
    if not fetch.requires:
        return _block(f'Fetch(service: "{fetch.service}")', print_ast(document).replace("\n\n", "\n").split("\n"))
    entities = definition.selection_set.selections[0]
    assert isinstance(entities, FieldNode)
    assert entities.selection_set is not None
    outputs = print_ast(entities.selection_set).split("\n")
    variables = [
        print_ast(one) for one in definition.variable_definitions or () if one.variable.name.value != "representations"
    ]
    if variables:
        outputs[0] = f"({', '.join(variables)}) {outputs[0]}"
    outputs += [line for fragment in fragments for line in print_ast(fragment).split("\n")]
    inputs = ["{", *_indented(_print_required(fetch.requires)), "} =>"]
    return _block(f'Fetch(service: "{fetch.service}")', [*inputs, *outputs])


def _print_batch(batch: BatchFetch) -> list[str]:
    lookups = [line for lookup in batch.lookups for line in _print_lookup(lookup)]
    operation = print_ast(parse(batch.operation, no_location=True)).replace("\n\n", "\n").split("\n")
    return _block(f'BatchFetch(service: "{batch.service}")', ["{", *_indented(lookups), "}", *operation])


def _print_lookup(lookup: Lookup) -> list[str]:
    paths = [f"  {json.dumps(print_path(path))}" for path in lookup.paths]
    inner = ["paths: [", *paths, "]", "{", *_indented(_print_required(lookup.requires)), "}"]
    return [f"{lookup.alias} {{", *_indented(inner), "}"]


def _print_required(required: _Required) -> list[str]:
    lines: list[str] = []
    for one in required:
        match one:
            case RequiredFragment(type_condition, _, selections):
                lines += [f"... on {type_condition} {{", *_indented(_print_required(selections)), "}"]
            case RequiredField(name, source, selections):
                head = name if name == source else f"{name}: {source}"
                lines += [f"{head} {{", *_indented(_print_required(selections)), "}"] if selections else [head]
    return lines


def _json_node(node: PlanNode) -> Json:
    match node:
        case Sequence(nodes) | Parallel(nodes):
            return {"kind": type(node).__name__, "nodes": [_json_node(one) for one in nodes]}
        case Flatten(path, fetch):
            return {"kind": "Flatten", "path": [_json_step(step) for step in path], "node": _json_node(fetch)}
        case Subscription(primary, rest):
            return {"kind": "Subscription", "primary": _json_fetch(primary), "rest": None if rest is None else _json_node(rest)}
        case Condition(variable, if_clause, else_clause):
            found: Json = {"kind": "Condition", "condition": variable}
            if if_clause is not None:
                found["ifClause"] = _json_node(if_clause)
            if else_clause is not None:
                found["elseClause"] = _json_node(else_clause)
            return found
        case BatchFetch():
            return _json_batch(node)
        case Fetch():
            return _json_fetch(node)


def _json_fetch(fetch: Fetch) -> Json:
    found: Json = {
        "kind": "Fetch",
        "id": fetch.id,
        "serviceName": fetch.service,
        "variableUsages": list(fetch.variables),
        "operation": fetch.operation,
        "operationKind": fetch.kind,
        "operationName": fetch.operation_name,
        "dependsOn": list(fetch.depends_on),
    }
    if fetch.contexts:
        found["contextInputs"] = [
            {
                "variable": one.variable,
                "type": one.type,
                "above": one.above,
                "selections": [_json_required(inner) for inner in one.selections],
            }
            for one in fetch.contexts
        ]
    return found | _json_entities(fetch)


def _json_batch(batch: BatchFetch) -> Json:
    aliases = [
        {
            "alias": lookup.alias,
            "representationsVariableName": lookup.variable,
            "paths": [[_json_step(step) for step in path] for path in lookup.paths],
            **_json_entities(lookup),
        }
        for lookup in batch.lookups
    ]
    return {
        "kind": "BatchFetch",
        "id": batch.id,
        "serviceName": batch.service,
        "variableUsages": list(batch.variables),
        "operation": batch.operation,
        "operationKind": batch.kind,
        "dependsOn": list(batch.depends_on),
        "entityBatch": {"aliases": aliases},
    }


def _json_entities(one: Fetch | Lookup) -> Json:
    found: Json = {}
    if one.requires:
        found["requires"] = [_json_required(inner) for inner in one.requires]
    if one.input_rewrites:
        found["inputRewrites"] = [_json_typename(rewrite) for rewrite in one.input_rewrites]
    if one.output_rewrites:
        found["outputRewrites"] = [_json_rename(rewrite) for rewrite in one.output_rewrites]
    return found


def _json_typename(rewrite: SetTypename) -> Json:
    path = [*(f"... on {name}" for name in rewrite.of_types), "__typename"]
    return {"kind": "ValueSetter", "path": path, "setValueTo": rewrite.name}


def _json_rename(rewrite: RenameKey) -> Json:
    path = [_json_step(step) for step in rewrite.path]
    return {"kind": "KeyRenamer", "path": [*path, rewrite.source], "renameKeyTo": rewrite.name}


def _json_required(one: RequiredField | RequiredFragment) -> Json:
    match one:
        case RequiredFragment(type_condition, _, selections):
            return {
                "kind": "InlineFragment",
                "typeCondition": type_condition,
                "selections": [_json_required(inner) for inner in selections],
            }
        case RequiredField(name, source, selections):
            found: Json = {"kind": "Field", "name": source}
            if name != source:
                found["alias"] = name
            if selections:
                found["selections"] = [_json_required(inner) for inner in selections]
            return found


def _json_step(step: PathStep) -> str:
    match step:
        case Key(name):
            return name
        case Each():
            return "@"
        case OnTypes(names):
            return f"|[{'|'.join(names)}]"
