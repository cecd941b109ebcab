"""Which local names mean which federation directives and types in one subgraph.

In: the links. Out: `Names`, the two-way table between a subgraph's own names and the specification's. Every other module
speaks the specification's names, so that a renamed @authenticated guards exactly what @authenticated does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateway.schema.links import FEDERATION, SPECS, Link
from gateway.schema.specification import STANDALONE_FEATURES, specification
from gateway.schema.versions import FEDERATION_1, Version


@dataclass(frozen=True, slots=True)
class Names:
    """Local name → name in the specification, for directives (without `@`) and types."""

    version: Version
    directives: Mapping[str, str]
    types: Mapping[str, str]
    composed: frozenset[str] = frozenset()
    """The subgraph's own directives that it asks to compose, without `@`."""

    def local(self, directive: str) -> str:
        """The shortest local name of the specification's `directive`; its own name when it is not available."""
        found = [here for here, there in self.directives.items() if there == directive]
        return min(found, key=len) if found else directive


def read_names(version: Version, links: tuple[Link, ...]) -> Names:
    """The names that `links` make available to a subgraph of federation `version`."""
    spec = specification(version)
    directives: dict[str, str] = {}
    types: dict[str, str] = {}
    if version == FEDERATION_1:
        directives.update({name: name for name in spec.directives})
        types.update({name: name for name in spec.types})
    for link in links:
        feature = link.identity.removeprefix(f"{SPECS}/")
        if link.identity == FEDERATION:
            directives.update(_directives(link, tuple(spec.directives)))
            types.update(_types(link, tuple(spec.types)))
        elif link.identity.startswith(f"{SPECS}/") and feature in STANDALONE_FEATURES:
            directives.update(_standalone(link, STANDALONE_FEATURES[feature]))
    return Names(version, directives, types)


def _directives(link: Link, known: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in known:
        yield f"{link.namespace}__{name}", name
    for imported in link.imports:
        if imported.is_directive and imported.name[1:] in known:
            yield imported.alias[1:], imported.name[1:]


def _types(link: Link, known: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in known:
        yield f"{link.namespace}__{name}", name
    for imported in link.imports:
        if not imported.is_directive and imported.name in known:
            yield imported.alias, imported.name


def _standalone(link: Link, known: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in known:
        yield link.local_directive(name), name
