"""`read_operation`: parse, limits, validation, which operation."""

from __future__ import annotations

import time

import pytest
from graphql import build_schema

from gateway.operation import Limits, read_operation
from gateway.operation.errors import KindNotServed, LimitExceeded, NotParsed, NotValid, OperationNotFound

SCHEMA = build_schema(
    """
    type Query { person(id: ID): Person people: [Person] }
    type Mutation { rename(id: ID!, name: String!): Person }
    type Subscription { changed: Person }
    type Person { id: ID! personalCode: String name: String friend: Person friends: [Person] }
    """
)


def read(text, name=None, limits=None, **more):
    return read_operation(SCHEMA, text, name, limits or Limits(), **more)


def test_the_named_operation_is_found_and_its_conditions_are_told():
    text = """
        query A { people { id } }
        query B($x: Boolean!, $y: Boolean!) { people { id @skip(if: $y) ... @include(if: $x) { name } } }
    """
    operation = read(text, "B")
    assert (operation.name, operation.conditions, operation.is_query) == ("B", ("x", "y"), True)


@pytest.mark.parametrize(
    ("text", "name", "refusal"),
    [
        ("query A { people { id } } query B { people { id } }", None, OperationNotFound),
        ("query A { people { id } }", "B", OperationNotFound),
        ("fragment F on Person { id }", None, OperationNotFound),
        ("{ people { id }", None, NotParsed),
        ("{ }", None, NotParsed),
        ("{ nobody }", None, NotValid),
        ("{ people }", None, NotValid),
        ("{ people { ...F } } fragment F on Person { id ...F }", None, NotValid),
        ("{ people { ...Nowhere } }", None, NotValid),
        ("subscription { changed { id } }", None, KindNotServed),
    ],
)
def test_what_cannot_be_executed_is_refused(text, name, refusal):
    with pytest.raises(refusal):
        read(text, name)


def test_every_finding_is_told_with_its_place():
    with pytest.raises(NotValid) as refused:
        read("{ people { one two } }")
    assert [entry["locations"] for entry in refused.value.entries()] == [
        [{"line": 1, "column": 12}],
        [{"line": 1, "column": 16}],
    ]
    assert {entry["extensions"]["code"] for entry in refused.value.entries()} == {"GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize(
    "text",
    [
        "{ people { __typename: name } }",
        "{ people { ...F } } fragment F on Person { friend { ... { __typename: id } } }",
        "{ __typename: people { id } }",
        "{ people { __typename __typename: friend { id } } }",
        'mutation { __typename: rename(id: 1, name: "x") { id } }',
    ],
)
def test_the_key_of_the_type_name_is_for_no_other_field(text):
    with pytest.raises(NotValid) as refused:
        read(text)
    told = [entry for entry in refused.value.entries() if "alias '__typename'" in entry["message"]]
    assert told[0]["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    assert told[0]["locations"] == [{"line": 1, "column": text.index("__typename: ") + 1}]


def test_the_type_name_may_have_any_key():
    assert read("{ __typename people { __typename: __typename kind: __typename } }")


def test_suggestions_can_be_hidden():
    with pytest.raises(NotValid) as open_refusal:
        read("{ people { personalCod } }")
    with pytest.raises(NotValid) as hidden_refusal:
        read("{ people { personalCod } }", hide_suggestions=True)
    assert "personalCode" in str(open_refusal.value.entries())
    assert "personalCode" not in str(hidden_refusal.value.entries())


def nested(depth):
    return "{ people { " + "friend { " * (depth - 2) + "id" + " }" * depth


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (nested(13), "13 levels of depth"),
        ("{ people { ...A } } fragment A on Person " + nested(12).replace("people", "friend"), "13 levels of depth"),
        ("{ people { " + " ".join(f"a{n}: id" for n in range(31)) + " } }", "31 aliases"),
        ("{ " + " ".join(f"a{n}: people {{ id }}" for n in range(21)) + " }", "21 root fields"),
        ("{ people { " + "id " * 101 + "} }", "101 fields in one selection"),
        ("{ people { " + "name " * 21 + "} }", "21 selections of 'name'"),
        ("{ people { ...F0 } }" + "".join(f" fragment F{n} on Person {{ id }}" for n in range(51)), "51 fragments"),
        ("{ people { " + "id @skip(if: false) " * 20 + "name @skip(if: false) " * 20 + "} }", None),
        (
            "{ people { id " + "@skip(if: false) " * 51 + "} }",
            "51 directives",
        ),
        ("{ people { " + "id, " * 3000 + "} }", "token"),
        ("#" + "x" * 70_000 + "\n{ people { id } }", "characters"),
        ("#\n" * 200 + "{ people { id } }", "comments"),
    ],
)
def test_an_operation_over_a_limit_is_refused_and_told_which(text, words):
    if words is None:
        assert read(text)
        return
    with pytest.raises(LimitExceeded, match=words):
        read(text)


def test_a_depth_at_the_limit_is_served():
    assert read(nested(12))


def test_introspection_is_not_measured_by_the_depth_of_data():
    text = "{ __schema { types { fields { type { " + "ofType { " * 7 + "name" + " }" * 12
    assert read(text)


def test_a_fragment_bomb_is_refused_at_once():
    bomb = "{ people { ...F0 } }" + "".join(
        f" fragment F{n} on Person {{ friend {{ ...F{n + 1} }} friends {{ ...F{n + 1} }} }}" for n in range(9)
    )
    bomb += " fragment F9 on Person { " + " ".join(f"...G{n}" for n in range(20)) + " }"
    bomb += "".join(f" fragment G{n} on Person {{ id name }}" for n in range(20))
    started = time.thread_time()
    with pytest.raises(LimitExceeded, match="fields"):
        read(bomb)
    assert time.thread_time() - started < 2  # of this thread's own work: it would be hours


def test_doubled_spreads_do_not_cost_more_than_their_text():
    bomb = "{ people { ...F0 } }" + "".join(f" fragment F{n} on Person {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30))
    bomb += " fragment F30 on Person { id }"
    started = time.thread_time()
    with pytest.raises(LimitExceeded, match="fields"):
        read(bomb)
    assert time.thread_time() - started < 2  # of this thread's own work: it would be hours


def test_nesting_without_end_is_refused_and_not_a_crash():
    for text in ("{" * 20_000, nested(900), "{ people(a: " + "[" * 900 + "]" * 900 + ") { id } }"):
        with pytest.raises((LimitExceeded, NotParsed)):
            read(text)
