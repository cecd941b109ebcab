"""S-10 directive-rename: a subgraph imports a security directive under another name (GHSA-g8jh-vg5j-4h3f)."""

from __future__ import annotations

import pytest

from authz.catalogue import catalogue_of
from authz.errors import SchemaNotProtected
from gateway.composition import Composed, Failed, compose
from gateway.query_graph import build_query_graph
from gateway.schema import read_subgraph

FEDERATION = '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"{more}])'
RIGHTS = "https://saite.example/rights/v1.0"
DIRECTIVES = """
directive {classified}(as: String!) on FIELD_DEFINITION
directive {public} on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
"""


def composed(link: str, classified: str, public: str, more: str = "") -> Composed | Failed:
    """One subgraph whose rights directives are called so."""
    head = f"extend schema {FEDERATION.format(more=more)} {link}"
    head += f' @composeDirective(name: "{classified}") @composeDirective(name: "{public}")'
    body = f'type Query {{ person: Person {classified}(as: "L2") }} type Person @key(fields: "id") {{ id: ID! {public} \
      code: String {classified}(as: "L2") }}'
    return compose([read_subgraph("a", head + DIRECTIVES.format(classified=classified, public=public) + body)])


@pytest.mark.parametrize(
    ("link", "classified", "public"),
    [
        (f'@link(url: "{RIGHTS}", import: ["@classified", "@public"])', "@classified", "@public"),
        (f'@link(url: "{RIGHTS}", import: [{{name: "@classified", as: "@open"}}, "@public"])', "@open", "@public"),
        (f'@link(url: "{RIGHTS}", as: "r")', "@r__classified", "@r__public"),
        (f'@link(url: "{RIGHTS}")', "@rights__classified", "@rights__public"),
    ],
    ids=["plain", "import-rename", "namespace", "not-imported"],
)
def test_s10_a_renamed_rights_directive_is_enforced_or_the_composition_fails(link: str, classified: str, public: str) -> None:
    made = composed(link, classified, public)
    if isinstance(made, Failed):
        return
    schema = build_query_graph(made.supergraph_sdl).supergraph.api_schema
    try:
        fields = catalogue_of(schema).fields
    except SchemaNotProtected:
        return  # refused to start: the other way to be safe
    assert fields["Person.code"].mark.classification == "L2"
    assert fields["Person.id"].mark.public


def test_s10_a_name_that_means_another_right_is_never_taken_for_it() -> None:
    """`@classified` under the name `@public`: whoever went by names would show the field to everybody."""
    link = f'@link(url: "{RIGHTS}", import: [{{name: "@classified", as: "@public"}}, {{name: "@public", as: "@classified"}}])'
    head = f'extend schema {FEDERATION.format(more="")} {link} @composeDirective(name: "@public")'
    text = (
        head
        + """ @composeDirective(name: "@classified")
      directive @public(as: String!) on FIELD_DEFINITION
      directive @classified on FIELD_DEFINITION
      type Query { code: String @public(as: "L2") other: String @classified }"""
    )
    made = compose([read_subgraph("a", text)])
    if isinstance(made, Failed):
        return
    try:
        fields = catalogue_of(build_query_graph(made.supergraph_sdl).supergraph.api_schema).fields
    except SchemaNotProtected:
        return
    assert not fields["Query.code"].mark.public


def test_s10_a_directive_that_only_looks_like_ours_gives_no_right() -> None:
    """Without the link the name means nothing: such a schema is not protected, and refused."""
    head = FEDERATION.format(more="")
    text = f'extend schema {head} directive @klassified(as: String!) on FIELD_DEFINITION \
      type Query {{ person: String @klassified(as: "L0") }}'
    made = compose([read_subgraph("a", text)])
    assert isinstance(made, Composed)
    with pytest.raises(SchemaNotProtected):
        catalogue_of(build_query_graph(made.supergraph_sdl).supergraph.api_schema)


@pytest.mark.parametrize(
    ("more", "name"),
    [(', {name: "@authenticated", as: "@auth"}', "@auth"), ("", "@federation__authenticated")],
    ids=["import-rename", "not-imported"],
)
def test_s10_federations_own_security_directives_are_known_under_every_name(more: str, name: str) -> None:
    head = FEDERATION.format(more=more)
    text = f"extend schema {head} type Query {{ person: Person }} interface Named {{ code: String {name} }} \
      type Person implements Named {{ code: String {name} }}"
    made = compose([read_subgraph("a", text)])
    # on an interface it would guard nothing that is asked through the type: known, and refused
    assert isinstance(made, Failed)
    assert "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE" in {error.code for error in made.errors}
