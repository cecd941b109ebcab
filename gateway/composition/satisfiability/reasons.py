"""Why a field cannot be satisfied, in words: the query that would fail, and what was tried from each subgraph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.composition.merged import MergedInput
from gateway.composition.result import CompositionError
from gateway.composition.satisfiability.moves import Moves
from gateway.composition.satisfiability.positions import Contexts, Position, Positions
from gateway.composition.wording import names
from gateway.schema.subgraph import named_type

_SAMPLES = {"ID": '"<any id>"', "String": '"A string value"', "Int": "0", "Float": "3.14", "Boolean": "true"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the failing query: a field of a type, or a fragment on a type when `field` is None."""

    type: str
    field: str | None


def unsatisfiable(
    moves: Moves, path: tuple[Step, ...], reached: Positions, operation: str, contexts: Contexts
) -> CompositionError:
    """The error for a path whose last field nobody reached can resolve; `contexts` are set on the way."""
    last = path[-1]
    reasons = "\n".join(_by_graph(moves, last, reached, contexts))
    message = (
        f"The following supergraph API query:\n{_query(moves, path, operation)}\n"
        f"cannot be satisfied by the subgraphs because:\n{reasons}"
    )
    graphs = dict.fromkeys([*sorted(position.graph for position in reached), *_resolving(moves, last)])
    return CompositionError("SATISFIABILITY_ERROR", message, names(moves.ground.merged.gathered, graphs))


def _by_graph(moves: Moves, step: Step, reached: Positions, contexts: Contexts) -> Iterator[str]:
    for position in sorted(reached, key=lambda one: (one.graph, one.type)):
        name = moves.ground.merged.graph_name(position.graph)
        found = list(_reasons(moves, step, reached, position, contexts))
        if len(found) == 1:
            yield f'- from subgraph "{name}": {found[0]}'
        else:
            yield f'- from subgraph "{name}":'
            yield from (f"  - {reason}" for reason in found)


def _reasons(moves: Moves, step: Step, reached: Positions, position: Position, contexts: Contexts) -> Iterator[str]:
    if step.field is None:
        yield f'cannot find out which values are of type "{step.type}": no reachable subgraph knows their types.'
        return
    coordinate = f"{position.type}.{step.field}"
    field = moves.ground.field_at(position, step.field)
    if field is None:
        yield f'cannot find field "{step.type}.{step.field}".'
    elif moves.ground.is_overridden(position, step.field):
        yield f'field "{coordinate}" is not resolvable because another subgraph overrides it.'
    elif not moves.ground.is_resolvable(position, step.field):
        yield f'field "{coordinate}" is not resolvable because marked @external.'
    elif unset := moves.ground.needed(position, step.field) - contexts:
        said = " and ".join(f'"{name}"' for _, name in sorted(unset))
        yield f'field "{coordinate}" takes an argument from the context {said}, which no type on the way sets.'
    else:
        yield f'cannot satisfy @require conditions on field "{coordinate}".'
    yield from _failed_moves(moves, step, reached, position)


def _failed_moves(moves: Moves, step: Step, reached: Positions, position: Position) -> Iterator[str]:
    assert step.field is not None
    here = {(one.graph, one.type) for one in reached}
    name = moves.ground.merged.graph_name(position.graph)
    for target in moves.targets(step.type):
        if (target.graph, target.type) in here or not moves.ground.is_resolvable(target, step.field):
            continue
        to = f'cannot move to subgraph "{moves.ground.merged.graph_name(target.graph)}"'
        owner = moves.owner_at(target)
        keys = [key for key in owner.keys if key.resolvable] if owner else []
        if not keys:
            which = "no resolvable @key" if owner and owner.keys else "no @key"
            yield (
                f'{to}, which has field "{step.type}.{step.field}", because type "{target.type}" has {which} defined in'
                f' subgraph "{moves.ground.merged.graph_name(target.graph)}".'
            )
        for key in keys:
            yield (
                f'{to} using @key(fields: "{key.fields.text}") of "{target.type}", the key field(s) cannot be resolved from'
                f' subgraph "{name}".'
            )


def _resolving(moves: Moves, step: Step) -> Iterator[str]:
    for target in moves.targets(step.type):
        if step.field is not None and moves.ground.is_resolvable(target, step.field):
            yield target.graph


def _query(moves: Moves, path: tuple[Step, ...], operation: str) -> str:
    lines = ["{" if operation == "query" else f"{operation} {{"]
    for depth, step in enumerate(path, start=1):
        last = depth == len(path)
        text = f"... on {step.type}" if step.field is None else f"{step.field}{_arguments(moves, step)}"
        lines.append("  " * depth + text + ("" if last and not _has_fields(moves, step) else " {"))
    if _has_fields(moves, path[-1]):
        lines += ["  " * (len(path) + 1) + "...", "  " * len(path) + "}"]
    lines += ["  " * depth + "}" for depth in range(len(path) - 1, -1, -1)]
    return "\n".join(lines)


def _has_fields(moves: Moves, step: Step) -> bool:
    owner = moves.ground.merged.composite(step.type)
    if step.field is None:
        return True
    field = owner.fields.get(step.field) if owner else None
    return field is not None and (
        moves.ground.merged.composite(named_type(field.type)) is not None or moves.is_abstract(named_type(field.type))
    )


def _arguments(moves: Moves, step: Step) -> str:
    owner = moves.ground.merged.composite(step.type)
    field = owner.fields.get(step.field or "") if owner else None
    given = [f"{one.name}: {_sample(one)}" for one in field.arguments.values() if _is_required(one)] if field else []
    return f"({', '.join(given)})" if given else ""


def _is_required(one: MergedInput) -> bool:
    return one.type.endswith("!") and one.default is None


def _sample(one: MergedInput) -> str:
    bare = one.type.removesuffix("!")
    return "[]" if bare.startswith("[") else _SAMPLES.get(bare, "<any value>")
