"""Writes the texts of this folder from the code: `python -m schema.generate`, or with `--check` only says whether they are
current.

What comes in: the schemas of the four rooms. What goes out: their SDL, the supergraph composed of them, and the API schema that
clients see, which keeps the rights directives: contracts are checked against it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from graphql import GraphQLSchema, is_introspection_type, is_specified_directive, is_specified_scalar_type, print_ast

from gateway.composition import Composed, compose
from gateway.query_graph import build_query_graph
from gateway.schema import read_subgraph
from schema import ROOMS

FOLDER = Path(__file__).parent


def generate() -> dict[str, str]:
    """Every text by its name. Raises SystemExit with all composition errors when the rooms do not compose."""
    rooms = {room: f"{import_module(f'subgraphs.{room}.schema').build_schema().as_str()}\n" for room in ROOMS}
    # Where a room runs is said at start; the address here only tells the rooms apart.
    composed = compose([read_subgraph(room, sdl, f"http://{room}.saite.example/graphql") for room, sdl in rooms.items()])
    if not isinstance(composed, Composed):
        raise SystemExit("\n".join(f"{error.code}: {error.message}" for error in composed.errors))
    graph = build_query_graph(composed.supergraph_sdl)
    return {**rooms, "supergraph": f"{composed.supergraph_sdl.rstrip()}\n", "api": api_text(graph.supergraph.api_schema)}


def api_text(schema: GraphQLSchema) -> str:
    """A schema with the directives that its definitions carry, in alphabetical order."""
    directives = [
        directive.ast_node
        for directive in sorted(schema.directives, key=lambda directive: directive.name)
        if not is_specified_directive(directive) and directive.ast_node is not None
    ]
    types = [
        named.ast_node
        for name, named in sorted(schema.type_map.items())
        if not is_introspection_type(named) and not is_specified_scalar_type(named) and named.ast_node is not None
    ]
    return "\n\n".join(print_ast(node) for node in (*directives, *types)) + "\n"


def main() -> int:
    """Write what changed and name it; with `--check` write nothing and fail when something would change."""
    check = "--check" in sys.argv[1:]
    changed = []
    for name, content in generate().items():
        path = FOLDER / f"{name}.graphql"
        if not path.exists() or path.read_text("utf-8") != content:
            changed.append(path.name)
            if not check:
                path.write_text(content, "utf-8")
    for file in changed:
        sys.stdout.write(f"{'differs' if check else 'written'}: schema/{file}\n")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
