"""INCONSISTENT_DESCRIPTION: subgraphs describe one element in different words; the first one's words are taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.composition.merged import Merged, MergedComposite, MergedEnum, MergedInputObject
from gateway.composition.result import Hint
from gateway.composition.wording import in_graphs, names
from gateway.schema.subgraph import (
    CompositeType,
    EnumType,
    EnumValue,
    Field,
    InputObjectType,
    InputValue,
    ScalarType,
    UnionType,
)

_Element = CompositeType | EnumType | EnumValue | Field | InputObjectType | InputValue | ScalarType | UnionType


def check(merged: Merged) -> Iterator[Hint]:
    """Types, fields, arguments, input fields and enum values."""
    for coordinate, sources in _elements(merged):
        words: dict[str, list[str]] = {}
        for graph, source in sources.items():
            if source.marks.description:
                words.setdefault(source.marks.description.text.strip(), []).append(graph)
        if len(words) > 1:
            said = " and ".join(in_graphs(merged.gathered, graphs) for graphs in words.values())
            message = (
                f'Element "{coordinate}" has inconsistent descriptions across subgraphs: they differ between {said}. The'
                " supergraph takes the first one."
            )
            graphs = [graph for found in words.values() for graph in found]
            yield Hint("INCONSISTENT_DESCRIPTION", message, names(merged.gathered, graphs))


def _elements(merged: Merged) -> Iterator[tuple[str, Mapping[str, _Element]]]:
    for one in merged.types.values():
        yield one.name, one.sources
        match one:
            case MergedComposite():
                for field in one.fields.values():
                    yield f"{one.name}.{field.name}", field.sources
                    for argument in field.arguments.values():
                        yield f"{one.name}.{field.name}({argument.name}:)", argument.sources
            case MergedInputObject():
                for given in one.fields.values():
                    yield f"{one.name}.{given.name}", given.sources
            case MergedEnum():
                for value in one.values.values():
                    yield f"{one.name}.{value.name}", value.sources
