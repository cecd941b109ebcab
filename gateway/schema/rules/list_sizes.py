"""LIST_SIZE_APPLIED_TO_NON_LIST, LIST_SIZE_INVALID_{ASSUMED_SIZE,SLICING_ARGUMENT,SIZED_FIELD}: @listSize talks of lists."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Field, ListSize, Subgraph, named_type


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """@listSize names lists that exist, by Int arguments that exist, with sizes that can be."""
    for owner in subgraph.composites():
        for field in owner.fields.values():
            if field.marks.list_size is not None:
                for code, message in _faults(subgraph, field, field.marks.list_size):
                    yield problem(code, f'"{owner.name}.{field.name}" {message}', field.node)


def _faults(subgraph: Subgraph, field: Field, size: ListSize) -> Iterator[tuple[str, str]]:
    is_list = field.type.startswith("[")
    if not is_list and not size.sized_fields:
        yield "LIST_SIZE_APPLIED_TO_NON_LIST", "has @listSize applied, but is not a list"
    if size.assumed_size is not None and size.assumed_size < 0:
        yield "LIST_SIZE_INVALID_ASSUMED_SIZE", "has a negative @listSize(assumedSize:); it must be 0 or more"
    yield from _slicing_faults(field, size)
    if size.sized_fields and not is_list:
        yield from _sized_faults(subgraph, field, size.sized_fields)


def _slicing_faults(field: Field, size: ListSize) -> Iterator[tuple[str, str]]:
    for name in size.slicing_arguments or ():
        argument = field.arguments.get(name)
        place = f'references "{name}" argument in @listSize(slicingArguments:)'
        if argument is None:
            yield "LIST_SIZE_INVALID_SLICING_ARGUMENT", f"{place} that does not exist."
        elif argument.type.removesuffix("!") != "Int":
            yield "LIST_SIZE_INVALID_SLICING_ARGUMENT", f"{place} that is not an integer."


def _sized_faults(subgraph: Subgraph, field: Field, sized_fields: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    target = subgraph.composite(named_type(field.type))
    if target is None:
        yield "LIST_SIZE_INVALID_SIZED_FIELD", "has @listSize(sizedFields:) applied, but is not an object type"
        return
    for name in sized_fields:
        sized = target.fields.get(name)
        place = f'references "{name}" field in @listSize(sizedFields:) argument'
        if sized is None:
            yield "LIST_SIZE_INVALID_SIZED_FIELD", f"{place} that does not exist."
        elif not sized.type.startswith("["):
            yield "LIST_SIZE_APPLIED_TO_NON_LIST", f"{place} that is not a list."
