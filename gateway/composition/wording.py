"""How errors and hints speak of subgraphs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gateway.composition.gathered import Gathered


def listed(names: Iterable[str]) -> str:
    """`"a"`, `"a" and "b"`, or `"a", "b" and "c"`."""
    quoted = [f'"{name}"' for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def subgraphs(names: Sequence[str]) -> str:
    """`subgraph "a"`, or `subgraphs "a" and "b"`."""
    return f"subgraph{'s' if len(names) > 1 else ''} {listed(names)}"


def in_graphs(gathered: Gathered, graphs: Iterable[str]) -> str:
    """`subgraph "a"` for graph ids."""
    return subgraphs([gathered.name(graph) for graph in graphs])


def differing(gathered: Gathered, values: Mapping[str, str], kind: str) -> str:
    """`type "Int" in subgraph "a" but type "ID" in subgraphs "b" and "c"`, from graph id → value."""
    groups: dict[str, list[str]] = {}
    for graph, value in values.items():
        groups.setdefault(value, []).append(graph)
    said = [f"{kind}{value} in {in_graphs(gathered, graphs)}" for value, graphs in groups.items()]
    return f"{said[0]} but {' and '.join(said[1:])}" if len(said) > 1 else said[0]


def names(gathered: Gathered, graphs: Iterable[str]) -> tuple[str, ...]:
    """The subgraphs' names of graph ids."""
    return tuple(gathered.name(graph) for graph in graphs)
