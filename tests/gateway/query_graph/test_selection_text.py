from __future__ import annotations

from graphql import parse

from gateway.planning.normalise.read_operation import read_operation
from gateway.query_graph import build_query_graph
from gateway.query_graph.selection_text import selection_line, selection_lines

HEAD = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{ query: Query }
enum join__Graph { A @join__graph(name: "a", url: "http://a.test") }
type Query @join__type(graph: A) { media(first: Int): Media }
union Media @join__type(graph: A) @join__unionMember(graph: A, member: "Book") @join__unionMember(graph: A, member: "Film")
  @join__unionMember(graph: A, member: "Song") = Book | Film | Song
type Book @join__type(graph: A) { title: String next: Book }
type Film @join__type(graph: A) { title: String }
type Song @join__type(graph: A) { tune: String }
"""
SUPERGRAPH = build_query_graph(HEAD).supergraph


def selections(query: str):
    return read_operation(SUPERGRAPH, parse(query), None).selections


def test_what_holds_for_some_types_stands_in_a_fragment_that_names_them():
    query = "query($n: Int, $b: Boolean!) { m: media(first: $n) { __typename ... on Book { t: title @skip(if: $b) } ...S } } "
    assert selection_line(SUPERGRAPH, selections(query + "fragment S on Song { tune }")) == (
        "m: media(first: $n) { __typename ... on Book { t: title @skip(if: $b) } ... on Song { tune } }"
    )


def test_a_bomb_of_fragments_is_cut_with_the_number_of_what_is_left_out():
    levels = "".join(f"fragment F{n} on Book {{ a: next {{ ...F{n + 1} }} b: next {{ ...F{n + 1} }} }}" for n in range(20))
    bomb = f"{{ media {{ ...F0 }} }} {levels} fragment F20 on Book {{ title }}"
    lines = selection_lines(SUPERGRAPH, selections(bomb), limit=100)
    assert len(lines) < 200
    assert any(line.strip().startswith("# and 1 more") for line in lines)
