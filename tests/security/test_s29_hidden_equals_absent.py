"""S-29 hidden-equals-absent: a hidden name and a random one are answered alike."""

from __future__ import annotations

import pytest
from graphql import parse, validate

from authz.errors import NotInSchema
from authz.operation import authorise
from authz.view import view_of
from tests.authz.small_world import SCHEMA, mask_of

VIEW = view_of(SCHEMA, mask_of())
PLACES = (
    "{{ persons {{ nodes {{ {} }} }} }}",
    '{{ persons(where: {{{}: {{eq: "x"}}}}) {{ nodes {{ id }} }} }}',
    '{{ persons(where: {{and: [{{{}: {{eq: "x"}}}}]}}) {{ nodes {{ id }} }} }}',
    "{{ persons(orderBy: [{}]) {{ nodes {{ id }} }} }}",
)


def hidden_and_random(place: str) -> tuple[str, str]:
    return ("PHONE_ASC", "PHONO_ASC") if "orderBy" in place else ("phone", "phono")


@pytest.mark.parametrize("place", PLACES)
def test_validation_against_the_view_says_the_same_of_both(place: str) -> None:
    hidden, absent = hidden_and_random(place)
    answers = [
        [error.formatted for error in validate(VIEW, parse(place.format(name)), hide_suggestions=True)]
        for name in (hidden, absent)
    ]
    assert answers[0]
    assert str(answers[0]).replace(hidden, absent) == str(answers[1])


@pytest.mark.parametrize("place", PLACES)
def test_authorisation_says_the_same_of_both(place: str) -> None:
    hidden, absent = hidden_and_random(place)
    messages = []
    for name in (hidden, absent):
        with pytest.raises(NotInSchema) as caught:
            authorise(SCHEMA, parse(place.format(name)), None, mask_of())
        messages.append((caught.value.message.replace(name, "?"), caught.value.extensions))
    assert messages[0] == messages[1]
