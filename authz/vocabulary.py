"""The rights vocabulary in SDL: which directive on a definition says what, read off the definitions' syntax nodes.

    @classified(as: "L2")                        a field that needs the right `read`
    @counts                                      a field that needs the right `count`
    @discloses(field: "Person.familyName")       an argument or input field: needs `filter` on the field; an order: `sort`
    @public                                      reveals nothing by itself
    @rowattr(name: "territory", type: "String")  an attribute that row rules may read
    @declassifies                                a field with `@requires`, reviewed to reveal nothing of what it requires

A schema may import them under other names (`@link(..., import: [{name: "@classified", as: "@level"}])`); the names are read off
the link, so a renamed directive is enforced, and an unknown one protects nothing: its field is denied.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

from graphql import DirectiveNode, GraphQLSchema, ListValueNode, ObjectValueNode, StringValueNode

RIGHTS_LINK: Final = "https://saite.example/rights/"


@dataclass(frozen=True, slots=True)
class Words:
    """The names that this schema uses for the directives."""

    classified: str = "classified"
    public: str = "public"
    counts: str = "counts"
    discloses: str = "discloses"
    rowattr: str = "rowattr"
    declassifies: str = "declassifies"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the directives on one definition say."""

    classification: str | None = None
    public: bool = False
    counts: bool = False
    discloses: str | None = None
    operator: str | None = None

    @property
    def is_marked(self) -> bool:
        """Whether any rights directive is there; a definition without one is denied to everybody."""
        return self.public or self.counts or self.classification is not None or self.discloses is not None


UNMARKED: Final = Mark()


def words_of(schema: GraphQLSchema) -> Words:
    """The directive names of this schema: as its link to the rights specification imports them, else the plain ones."""
    nodes = (schema.ast_node, *schema.extension_ast_nodes)
    for directive in (directive for node in nodes if node is not None for directive in node.directives or ()):
        if directive.name.value == "link" and (text_argument(directive, "url") or "").startswith(RIGHTS_LINK):
            return _imported(directive)
    return Words()


def _imported(link: DirectiveNode) -> Words:
    prefix = text_argument(link, "as") or "rights"
    names = {field.name: f"{prefix}__{field.name}" for field in fields(Words)}
    imports = next((argument.value for argument in link.arguments or () if argument.name.value == "import"), None)
    for item in imports.values if isinstance(imports, ListValueNode) else ():
        if isinstance(item, StringValueNode):
            names[item.value.removeprefix("@")] = item.value.removeprefix("@")
        elif isinstance(item, ObjectValueNode):
            parts = {field.name.value: field.value.value for field in item.fields if isinstance(field.value, StringValueNode)}
            original = parts.get("name", "").removeprefix("@")
            names[original] = parts.get("as", original).removeprefix("@")
    return Words(**{field.name: names[field.name] for field in fields(Words)})


def mark_of(directives: Iterable[DirectiveNode] | None, words: Words) -> Mark:
    """What the directives of one definition say together."""
    classification: str | None = None
    discloses: str | None = None
    operator: str | None = None
    public = counts = False
    for directive in directives or ():
        name = directive.name.value
        if name == words.classified:
            classification = text_argument(directive, "as")
        elif name == words.public:
            public = True
        elif name == words.counts:
            counts = True
        elif name == words.discloses:
            discloses = text_argument(directive, "field")
            operator = text_argument(directive, "operator")
    return Mark(classification, public, counts, discloses, operator)


def text_argument(directive: DirectiveNode, name: str) -> str | None:
    """The string that a directive's argument has; None when it is absent or no string."""
    for argument in directive.arguments or ():
        if argument.name.value == name and isinstance(argument.value, StringValueNode):
            return argument.value.value
    return None


PROJECTED: Final = frozenset({"involvedTerritories", "involvedAgencies"})
"""Row attributes that rooms keep from another room's rows: of all events that a thing is in, the hidden ones included. Rules
may use them, because a rule that hides a row tells nothing; a field that shows one tells of events (`PROJECTED_FROM`).
"""
PROJECTED_FROM: Final = "Event"
