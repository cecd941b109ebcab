"""The supergraph as typed data, and the graph of moves built from it."""

from __future__ import annotations

import pytest
from graphql import validate_schema

from gateway.query_graph import SupergraphError, build_query_graph
from gateway.query_graph.errors import UnsupportedFeature
from gateway.query_graph.graph import NodeKind

HEAD = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
{ query: Query }
directive @join__type(graph: join__Graph!, key: String) repeatable on OBJECT | INTERFACE
directive @inaccessible on FIELD_DEFINITION | OBJECT
directive @classified(as: String!) on FIELD_DEFINITION
enum join__Graph { A @join__graph(name: "alpha", url: "http://a.test") B @join__graph(name: "beta", url: "") }
scalar link__Import
"""
PEOPLE = (
    HEAD
    + """
type Query @join__type(graph: A) @join__type(graph: B) {
  person: Person @join__field(graph: A, provides: "mother { name }")
  secret: Secret @join__field(graph: A) @inaccessible
}
type Secret @join__type(graph: A) @inaccessible { x: Int }
type Person @join__type(graph: A, key: "id") @join__type(graph: B, key: "id name")
  @join__type(graph: B, key: "id", resolvable: false) {
  id: ID!
  name: String @classified(as: "L2") @join__field(graph: A, external: true) @join__field(graph: B)
  mother: Person @join__field(graph: A)
  age: Int @join__field(graph: B, type: "Int!", requires: "mother { id }")
}
"""
)


def test_the_api_schema_has_neither_machinery_nor_what_is_inaccessible():
    schema = build_query_graph(PEOPLE).supergraph.api_schema
    assert validate_schema(schema) == []
    assert set(schema.query_type.fields) == {"person"}
    assert not {"Secret", "join__Graph", "link__Import"} & set(schema.type_map)
    assert {directive.name for directive in schema.directives} >= {"classified"}
    assert not {"join__type", "inaccessible"} & {directive.name for directive in schema.directives}


def test_other_directives_stay_on_the_definitions():
    field = build_query_graph(PEOPLE).supergraph.api_schema.type_map["Person"].fields["name"]
    assert [directive.name.value for directive in field.ast_node.directives] == ["classified"]


def test_subgraphs_are_known_by_name_and_address():
    subgraphs = build_query_graph(PEOPLE).supergraph.subgraphs
    assert {name: service.url for name, service in subgraphs.items()} == {"alpha": "http://a.test", "beta": ""}


def test_field_sets_may_stand_in_braces_as_their_authors_wrote_them():
    braced = PEOPLE.replace('key: "id name"', 'key: " { id name }"').replace('"mother { id }"', '"{mother { id }}"')
    graph = build_query_graph(braced.replace('"mother { name }"', '"{ mother { name } } "'))
    assert {move.key_text for move in graph.entity_moves["Person"]} == {"id", "id name"}
    assert graph.supergraph.types["Person"].fields["age"].joins["B"].requires == "mother { id }"
    assert graph.at["Query", "A"].fields["person"].target.view


def test_a_subgraph_schema_has_its_own_fields_types_and_entities():
    supergraph = build_query_graph(PEOPLE).supergraph
    alpha, beta = supergraph.subgraph_schema("alpha"), supergraph.subgraph_schema("beta")
    assert set(alpha.type_map["Person"].fields) == {"id", "name", "mother"}
    assert str(beta.type_map["Person"].fields["age"].type) == "Int!"
    assert "_entities" in beta.query_type.fields
    assert "Secret" not in beta.type_map


def test_external_fields_are_no_moves_but_where_they_are_provided():
    graph = build_query_graph(PEOPLE)
    person = graph.at["Person", "A"]
    assert "name" not in person.fields
    provided = graph.at["Query", "A"].fields["person"].target
    assert provided.view
    assert "name" not in provided.fields
    assert "name" in provided.fields["mother"].target.fields


def test_entity_moves_follow_resolvable_keys():
    graph = build_query_graph(PEOPLE)
    assert [(move.target.graph, move.key_text) for move in graph.entity_moves["Person"]] == [("A", "id"), ("B", "id name")]
    assert graph.holders_of("Person", "age") == (graph.at["Person", "B"],)


def test_requirements_are_read_as_selections():
    move = build_query_graph(PEOPLE).at["Person", "B"].fields["age"]
    (mother,) = move.requires.selections
    assert (mother.name, [one.name for one in mother.children.selections]) == ("mother", ["id"])


def test_an_interface_object_is_opaque_and_reached_from_every_implementation():
    graph = build_query_graph(
        HEAD
        + """
        type Query @join__type(graph: A) { nodes: [Node] }
        interface Node @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", isInterfaceObject: true) {
          id: ID! rank: Int @join__field(graph: B)
        }
        type Book implements Node @join__implements(graph: A, interface: "Node") @join__type(graph: A, key: "id") {
          id: ID! rank: Int @join__field
        }
        """
    )
    opaque = graph.at["Node", "B"]
    assert opaque.kind is NodeKind.OPAQUE
    assert opaque in [move.target for move in graph.entity_moves["Book"]]
    assert [move.target for move in graph.reveals["Node"]] == [graph.at["Node", "A"]]
    assert graph.holders_of("Book", "rank") == (opaque,)


def test_the_join_specification_may_be_linked_under_another_name():
    renamed = PEOPLE.replace('join/v0.3", for', 'join/v0.3", as: "j", for').replace("join__", "j__")
    graph = build_query_graph(renamed)
    assert set(graph.supergraph.subgraphs) == {"alpha", "beta"}
    assert "j__Graph" not in graph.supergraph.api_schema.type_map


def test_the_first_join_version_lets_subgraphs_give_back_the_keys_of_what_they_extend():
    graph = build_query_graph(
        """
        schema @core(feature: "https://specs.apollo.dev/core/v0.1") @core(feature: "https://specs.apollo.dev/join/v0.1")
        { query: Query }
        enum join__Graph { A @join__graph(name: "a" url: "http://a.test") B @join__graph(name: "b" url: "http://b.test") }
        type Query { me: User @join__field(graph: A) reviews: [Review] @join__field(graph: B) }
        type Review { text: String user: User }
        type User @join__owner(graph: A) @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
          id: ID! @join__field(graph: A) name: String @join__field(graph: A) reviews: [Review] @join__field(graph: B)
        }
        """
    )
    assert set(graph.at["User", "B"].fields) == {"id", "reviews"}


@pytest.mark.parametrize(
    ("text", "message"),
    [("type Query {", "not GraphQL"), ("type Query { x: Int }", "no enum join__Graph")],
)
def test_what_is_no_supergraph_is_refused_with_the_reason(text, message):
    with pytest.raises(SupergraphError, match=message):
        build_query_graph(text)


@pytest.mark.parametrize("purpose", ["SECURITY", "EXECUTION"])
def test_a_specification_that_must_not_be_ignored_and_is_not_known_is_refused(purpose):
    def text(url, ending=""):
        return PEOPLE.replace("schema ", f'schema @link(url: "{url}"{ending}) ', 1)

    with pytest.raises(UnsupportedFeature, match="guard"):
        build_query_graph(text("https://example.org/guard/v1.0", f", for: {purpose}"))
    with pytest.raises(UnsupportedFeature, match="policy"):
        build_query_graph(text("https://example.org/policy/v1.0", f", for: {purpose}"))
    assert build_query_graph(text("https://specs.apollo.dev/policy/v0.1", f", for: {purpose}"))
    assert build_query_graph(text("https://example.org/guard/v1.0"))


def test_a_broken_field_set_is_named():
    with pytest.raises(SupergraphError, match=r'"mother \{ id" on Person'):
        build_query_graph(PEOPLE.replace("mother { id }", "mother { id"))
