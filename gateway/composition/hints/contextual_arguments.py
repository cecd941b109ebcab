"""CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS: clients cannot give an argument that one subgraph fills itself."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merged import Merged
from gateway.composition.result import Hint
from gateway.composition.wording import in_graphs, names


def check(merged: Merged) -> Iterator[Hint]:
    """Arguments that are contextual in some subgraphs and ordinary in others."""
    for one in merged.composites():
        for field in one.fields.values():
            for name in dict.fromkeys(name for source in field.sources.values() for name in source.arguments):
                found = {graph: source.arguments[name] for graph, source in field.sources.items() if name in source.arguments}
                ordinary = [graph for graph, argument in found.items() if argument.context is None]
                if any(found[graph].is_required for graph in ordinary):
                    continue  # an error
                if ordinary and len(ordinary) < len(found):
                    message = (
                        f'Contextual argument "{one.name}.{field.name}({name}:)" will not be in the supergraph since it is'
                        f" not contextual in {in_graphs(merged.gathered, ordinary)}: its default value is used there."
                    )
                    code = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS"
                    yield Hint(code, message, names(merged.gathered, found))
