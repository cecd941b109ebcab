"""What the federation specification defines, version by version, and the small specifications it absorbed.

In: a federation version. Out: the directive and type definitions a subgraph of that version may use.
Source: the published specifications federation v2.0–v2.11, link v1.0, tag v0.3, inaccessible v0.2, cost v0.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from graphql import DirectiveDefinitionNode, ScalarTypeDefinitionNode, parse

from gateway.schema.versions import FEDERATION_1, NEWEST_FEDERATION, Version

_ANYWHERE = (
    "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE"
    " | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
)
_GUARDED = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"

# (since, definition): a later row of the same directive replaces the earlier one.
_DIRECTIVES: tuple[tuple[Version, str], ...] = (
    (Version(2, 0), "directive @key(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE"),
    (Version(2, 0), "directive @requires(fields: FieldSet!) on FIELD_DEFINITION"),
    (Version(2, 0), "directive @provides(fields: FieldSet!) on FIELD_DEFINITION"),
    (Version(2, 0), "directive @external(reason: String) on OBJECT | FIELD_DEFINITION"),
    (Version(2, 0), "directive @extends on OBJECT | INTERFACE"),
    (Version(2, 0), "directive @shareable on FIELD_DEFINITION | OBJECT"),
    (Version(2, 0), "directive @override(from: String!) on FIELD_DEFINITION"),
    (Version(2, 0), f"directive @inaccessible on {_ANYWHERE}"),
    (Version(2, 0), f"directive @tag(name: String!) repeatable on {_ANYWHERE}"),
    (Version(2, 1), "directive @composeDirective(name: String) repeatable on SCHEMA"),
    (Version(2, 2), "directive @shareable repeatable on FIELD_DEFINITION | OBJECT"),
    (Version(2, 3), "directive @interfaceObject on OBJECT"),
    (Version(2, 3), f"directive @tag(name: String!) repeatable on {_ANYWHERE} | SCHEMA"),
    (Version(2, 5), f"directive @authenticated on {_GUARDED}"),
    (Version(2, 5), f"directive @requiresScopes(scopes: [[Scope!]!]!) on {_GUARDED}"),
    (Version(2, 6), f"directive @policy(policies: [[Policy!]!]!) on {_GUARDED}"),
    (Version(2, 7), "directive @override(from: String!, label: String) on FIELD_DEFINITION"),
    (Version(2, 8), "directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION"),
    (Version(2, 8), "directive @fromContext(field: ContextFieldValue) on ARGUMENT_DEFINITION"),
    (
        Version(2, 9),
        (
            "directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION"
            " | OBJECT | SCALAR"
        ),
    ),
    (
        Version(2, 9),
        (
            "directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!],"
            " requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION"
        ),
    ),
)
_TYPES: tuple[tuple[Version, str], ...] = (
    (Version(2, 0), "FieldSet"),
    (Version(2, 5), "Scope"),
    (Version(2, 6), "Policy"),
    (Version(2, 8), "ContextFieldValue"),
)

# What a subgraph without @link may use. `FieldSet` is a name some libraries declare for fed 1.
_FEDERATION_1 = f"""
directive @key(fields: _FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @requires(fields: _FieldSet!) on FIELD_DEFINITION
directive @provides(fields: _FieldSet!) on FIELD_DEFINITION
directive @external(reason: String) on OBJECT | FIELD_DEFINITION
directive @extends on OBJECT | INTERFACE
directive @override(from: String!) on FIELD_DEFINITION
directive @inaccessible on {_ANYWHERE}
directive @tag(name: String!) repeatable on {_ANYWHERE} | SCHEMA
scalar _FieldSet
"""

LINK_SDL = """
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
"""

STANDALONE_FEATURES: dict[str, tuple[str, ...]] = {
    "tag": ("tag",),
    "inaccessible": ("inaccessible",),
    "authenticated": ("authenticated",),
    "requiresScopes": ("requiresScopes",),
    "policy": ("policy",),
    "cost": ("cost", "listSize"),
}
"""Specifications that may be linked by themselves, and the federation directives they hold."""

KNOWN_FEATURE_VERSIONS: dict[str, frozenset[Version]] = {
    "link": frozenset({Version(1, 0)}),
    "core": frozenset({Version(0, 1), Version(0, 2)}),
    "join": frozenset({Version(0, 1), Version(0, 2), Version(0, 3), Version(0, 4), Version(0, 5)}),
    "tag": frozenset({Version(0, 1), Version(0, 2), Version(0, 3)}),
    "inaccessible": frozenset({Version(0, 1), Version(0, 2)}),
    "authenticated": frozenset({Version(0, 1)}),
    "requiresScopes": frozenset({Version(0, 1)}),
    "policy": frozenset({Version(0, 1)}),
    "cost": frozenset({Version(0, 1)}),
    "context": frozenset({Version(0, 1)}),
}
"""Versions of the specifications that live beside federation's own."""


@dataclass(frozen=True, slots=True)
class Specification:
    """The definitions of one federation version, by their names in the specification."""

    version: Version
    directives: dict[str, DirectiveDefinitionNode]
    types: dict[str, ScalarTypeDefinitionNode]


def implied_federation(feature: str) -> Version:
    """The federation version that has what the standalone specification `feature` holds."""
    held = STANDALONE_FEATURES.get(feature, ())
    since = {text.split("(")[0].split()[1].removeprefix("@"): version for version, text in reversed(_DIRECTIVES)}
    return max((since[name] for name in held), default=FEDERATION_1)


def is_known_federation(version: Version) -> bool:
    """Whether there is (as far as we know) a federation specification of this version."""
    return version.major == NEWEST_FEDERATION.major and version <= NEWEST_FEDERATION


@cache
def specification(version: Version) -> Specification:
    """The definitions available to subgraphs of `version`; 1.0 stands for a subgraph without @link."""
    if version == FEDERATION_1:
        return _specification(version, [_FEDERATION_1])
    texts = [text for since, text in _DIRECTIVES if since <= version]
    texts += [f"scalar {name}" for since, name in _TYPES if since <= version]
    return _specification(version, texts)


def _specification(version: Version, texts: Iterable[str]) -> Specification:
    directives: dict[str, DirectiveDefinitionNode] = {}
    types: dict[str, ScalarTypeDefinitionNode] = {}
    for text in texts:
        for node in parse(text, no_location=True).definitions:
            if isinstance(node, DirectiveDefinitionNode):
                directives[node.name.value] = node
            elif isinstance(node, ScalarTypeDefinitionNode):
                types[node.name.value] = node
    return Specification(version, directives, types)
