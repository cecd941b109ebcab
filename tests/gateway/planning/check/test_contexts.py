"""Arguments that an ancestor supplies: sent from the nearest one, with the value that the context means."""

from __future__ import annotations

from dataclasses import replace

import pytest
from graphql import parse

from gateway.planning.check import FaultKind, check_plan
from gateway.planning.plan import Fetch, Flatten, RequiredField, Sequence

SHOPS = """
type Query { shop: Shop }
type Shop @key(fields: "id") @context(name: "shop") { id: ID! currency: String country: String inner: Shop best: Offer }
type Offer @key(fields: "id") { id: ID! price(currency: String @fromContext(field: "$shop { currency }"), digits: Int): String }
"""


@pytest.fixture
def kinds(world):
    """query, change → the kinds of faults when the request with the context is changed."""
    shops = world({"shops": SHOPS}, {})

    def make(query, change=lambda fetch, path: (fetch, path)):
        document = parse(query)
        made = shops.plan(query)
        assert check_plan(shops.graph, document, None, made) == ()
        *before, last = made.node.nodes
        assert last.node.contexts
        fetch, path = change(last.node, last.path)
        wrong = replace(made, node=Sequence((*before, Flatten(path, fetch))))
        return {fault.kind for fault in check_plan(shops.graph, document, None, wrong)}

    return make


def of_context(**values):
    return lambda fetch, path: (replace(fetch, contexts=(replace(fetch.contexts[0], **values),)), path)


def test_a_value_of_the_nearest_ancestor_is_right(kinds):
    assert kinds("{ shop { inner { best { price } } } }") == set()
    assert kinds("{ shop { best { p: price(digits: 2) } } }") == set()


def test_a_value_from_further_above_is_reported(kinds):
    query = "{ shop { currency inner { best { price } } } }"
    assert FaultKind.INPUT in kinds(query, of_context(above=1))


def test_a_value_of_another_field_is_reported(kinds):
    query = "{ shop { country best { price } } }"
    assert FaultKind.INPUT in kinds(query, of_context(selections=(RequiredField("country", "country"),)))


def test_a_value_that_is_read_where_nothing_is_is_reported(kinds):
    query = "{ shop { best { price } } }"
    assert FaultKind.INPUT in kinds(query, of_context(selections=(RequiredField("currency", "money"),)))


def test_a_variable_of_another_type_is_reported(kinds):
    assert FaultKind.INVALID in kinds("{ shop { best { price } } }", of_context(type="Int"))


def test_an_argument_that_is_not_supplied_is_reported(kinds):
    def without(fetch: Fetch, path):
        text = fetch.operation.replace(", $contextualArgument_0: String", "").replace("(currency: $contextualArgument_0)", "")
        return replace(fetch, operation=text, contexts=()), path

    assert FaultKind.INPUT in kinds("{ shop { best { price } } }", without)


def test_a_field_with_supplied_arguments_is_asked_by_a_request_for_its_own_object(world):
    shops = world({"shops": SHOPS}, {})
    query = "{ shop { best { price } } }"
    made = shops.plan(query)
    root = replace(next(iter(made.fetches())), operation="{ shop { best { price } } }")
    found = check_plan(shops.graph, parse(query), None, replace(made, node=root))
    assert FaultKind.UNRESOLVABLE in {fault.kind for fault in found}
