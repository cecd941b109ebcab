"""Formulas of `@skip`/`@include` variables: whatever is built of them means what it means by truth tables."""

from __future__ import annotations

from itertools import product

from graphql import parse
from hypothesis import given
from hypothesis import strategies as st

from gateway.planning.check.when import (
    ALWAYS,
    NEVER,
    both,
    can_meet,
    directives_when,
    either,
    implies,
    literal,
    negated,
    print_when,
)

NAMES = "abc"
TABLE = [dict(zip(NAMES, values, strict=True)) for values in product((True, False), repeat=len(NAMES))]

literals = st.builds(literal, st.sampled_from(NAMES), st.booleans())
formulas = st.recursive(
    literals | st.sampled_from([ALWAYS, NEVER]),
    lambda inner: st.builds(both, inner, inner) | st.builds(either, inner, inner) | st.builds(negated, inner),
    max_leaves=8,
)


def holds(when, values):
    return any(all(values[name] is wanted for name, wanted in term) for term in when)


@given(formulas, formulas)
def test_both_holds_where_each_does(one, other):
    assert all(holds(both(one, other), values) is (holds(one, values) and holds(other, values)) for values in TABLE)


@given(formulas, formulas)
def test_either_holds_where_one_does(one, other):
    assert all(holds(either(one, other), values) is (holds(one, values) or holds(other, values)) for values in TABLE)


@given(formulas)
def test_negated_holds_elsewhere(when):
    assert all(holds(negated(when), values) is not holds(when, values) for values in TABLE)


@given(formulas, formulas)
def test_implies_is_exact(one, other):
    assert implies(one, other) is all(holds(other, values) for values in TABLE if holds(one, values))


@given(formulas, formulas)
def test_two_can_meet_where_both_hold(one, other):
    assert can_meet(one, other) is any(holds(one, values) and holds(other, values) for values in TABLE)


def when_of(text):
    return directives_when(parse(f"{{ a {text} }}").definitions[0].selection_set.selections[0].directives)


def test_directives_are_read():
    assert when_of("") == ALWAYS
    assert when_of("@include(if: $a) @skip(if: $b)") == both(literal("a", True), literal("b", False))
    assert when_of("@include(if: $a) @skip(if: $a)") == NEVER
    assert when_of("@include(if: false)") == NEVER
    assert when_of("@skip(if: false) @other") == ALWAYS


def test_formulas_are_shown_in_words():
    assert print_when(ALWAYS) == "always"
    assert print_when(NEVER) == "never"
    assert print_when(either(both(literal("a", True), literal("b", False)), literal("c", True))) == "$a and not $b, or $c"
