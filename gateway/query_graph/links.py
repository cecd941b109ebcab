"""Which names of a supergraph belong to the machinery (link, join, …) and not to its users.

What comes in: the parsed supergraph. What goes out: `Links`, read from `@link` (join v0.2 and later) or `@core` (v0.1),
with the names that `as:` gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import DirectiveNode, DocumentNode, SchemaDefinitionNode, SchemaExtensionNode, value_from_ast_untyped

from gateway.query_graph.errors import UnsupportedFeature

_FEATURE = re.compile(r"^(?P<identity>.*?)/v(?P<major>\d+)\.(?P<minor>\d+)$")
_MACHINERY = ("link", "core", "join", "inaccessible", "tag", "context")
_SPECIFICATIONS = "https://specs.apollo.dev/"
_FOLLOWED = (*_MACHINERY, "authenticated", "requiresScopes", "policy", "cost")


@dataclass(frozen=True, slots=True)
class Links:
    """`join` is the prefix of the join specification; `names` are all names of machinery, mapped to their specification."""

    join: str
    join_version: tuple[int, int]
    names: dict[str, str]

    @property
    def explicit_implements(self) -> bool:
        """From join v0.2 on, `@join__implements` says in which subgraph a type implements an interface."""
        return self.join_version >= (0, 2)

    @property
    def explicit_keys(self) -> bool:
        """From join v0.2 on, every subgraph that has a field is named."""
        return self.join_version >= (0, 2)

    def machinery(self, name: str) -> bool:
        """True for a type or directive that clients must not see."""
        return name in self.names or (name.split("__", 1)[0] in self.names and "__" in name)

    def spelled(self, specification: str) -> str | None:
        """The name under which a specification's own directive is used here."""
        return next((name for name, identity in self.names.items() if identity == specification), None)


def read_links(document: DocumentNode) -> Links:
    """The machinery of a supergraph; without any link the usual names are taken.

    Raises `UnsupportedFeature`: what a specification guards must not be served by somebody who does not know it.
    Source: link specification v1.0, `for`.
    """
    join, version = "join", (0, 3)
    names = {name: name for name in _MACHINERY}
    for url, alias, purpose in _features(document):
        match = _FEATURE.match(url)
        specification = (match["identity"] if match else url).rsplit("/", 1)[-1]
        if purpose is not None and not (url.startswith(_SPECIFICATIONS) and specification in _FOLLOWED):
            raise UnsupportedFeature(
                f"The supergraph links {url} for {purpose}, which is not known here: to leave it out would change what "
                "the supergraph means. Compose it without that specification."
            )
        if specification not in _MACHINERY:
            continue
        name = alias or specification
        if name != specification:
            names.pop(specification, None)
        names[name] = specification
        if specification == "join" and match:
            join, version = name, (int(match["major"]), int(match["minor"]))
    return Links(join, version, names)


def _features(document: DocumentNode) -> Iterator[tuple[str, str | None, str | None]]:
    for node in document.definitions:
        if isinstance(node, (SchemaDefinitionNode, SchemaExtensionNode)):
            for directive in node.directives or ():
                yield from _feature(directive)


def _feature(directive: DirectiveNode) -> Iterator[tuple[str, str | None, str | None]]:
    """(Address, `as`, `for`) of a link."""
    arguments = {argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()}
    url = arguments.get("url", arguments.get("feature"))
    if isinstance(url, str):
        alias = arguments.get("as")
        purpose = arguments.get("for")
        yield url, alias if isinstance(alias, str) else None, purpose if isinstance(purpose, str) else None
