"""CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS: an argument that one subgraph fills itself is no client's to give."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merged import Merged
from gateway.composition.result import CompositionError
from gateway.composition.wording import in_graphs, names


def check(merged: Merged) -> Iterator[CompositionError]:
    """Where the argument is contextual in one subgraph, the others leave it out, give a default, or accept null."""
    for one in merged.composites():
        for field in one.fields.values():
            for name in dict.fromkeys(name for source in field.sources.values() for name in source.arguments):
                found = {graph: source.arguments[name] for graph, source in field.sources.items() if name in source.arguments}
                contextual = [graph for graph, argument in found.items() if argument.context is not None]
                insisting = [graph for graph, argument in found.items() if argument.is_required]
                if contextual and insisting:
                    message = (
                        f'Argument "{one.name}.{field.name}({name}:)" is contextual in {in_graphs(merged.gathered, contextual)}'
                        f" but required in {in_graphs(merged.gathered, insisting)}, where it is not contextual:"
                        " make it nullable, give it a default value, or fill it from the context there too."
                    )
                    code = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS"
                    yield CompositionError(code, message, names(merged.gathered, [*contextual, *insisting]))
