"""How well somebody who was named fits somebody who is registered."""

from datetime import UTC, date, datetime

import pytest

from subgraphs.persons.enumerations import MatchBasis, Sex
from subgraphs.persons.identity.matching import Named, ranked, taken
from subgraphs.persons.model import PersonalCode
from subgraphs.room.records import Kept
from tests.subgraphs.samples import id_of, person

AT = datetime(2026, 1, 1, tzinfo=UTC)
BORN = date(1980, 4, 3)
CODES = (
    PersonalCode(value="309912-00001", valid_to=date(2020, 1, 1)),
    PersonalCode(value="319912-00002"),
)
ANNA = person(1, given_names="Anna Marija", family_name="Bērziņa", birth_date=BORN, sex=Sex.FEMALE, codes=CODES)


def best(named: Named, *persons):
    found = ranked(named, [Kept(each, 1, AT) for each in persons or (ANNA,)])
    return (found[0].score, found[0].basis) if found else None


@pytest.mark.parametrize(
    ("named", "score", "basis"),
    [
        (Named(code="31991200002"), 1.0, MatchBasis.CODE),
        (Named(code="30991200001", family_name="Berzina"), 0.97, MatchBasis.FORMER_CODE),
        (Named(code="31991200002", family_name="Liepkalns"), 0.6, MatchBasis.CODE),
    ],
)
def test_the_code_says_who_it_is_unless_the_name_is_another(named, score, basis):
    assert best(named) == (score, basis)


def test_the_whole_name_and_the_birth_date_say_who_it_is_in_any_spelling():
    score, basis = best(Named(given_names="ANNA MARIJA", family_name="Berzina", birth_date=BORN))
    assert basis is MatchBasis.NAME_AND_BIRTH_DATE
    assert score > 0.95
    assert best(Named(given_names="Анна Мария", family_name="Берзиня", birth_date=BORN))[0] > 0.85


@pytest.mark.parametrize(
    "named",
    [
        Named(given_names="Anna", family_name="Bērziņš", birth_date=BORN),
        Named(given_names="Anna Marija", family_name="Bērziņa", birth_date=date(1980, 3, 4)),
        Named(given_names="Anna Marija", family_name="Bērziņa"),
    ],
)
def test_who_fits_less_well_is_a_candidate_and_not_taken(named):
    found = ranked(named, [Kept(ANNA, 1, AT)])
    assert [each.basis for each in found] == [MatchBasis.SIMILAR]
    assert taken(found) is None


@pytest.mark.parametrize(
    "named",
    [
        Named(given_names="Anna"),
        Named(given_names="Juris", family_name="Liepkalns", birth_date=date(1951, 12, 30)),
        Named(birth_date=date(1999, 9, 9)),
        Named(code="32100012345", given_names="Anna Marija", family_name="Bērziņa", birth_date=date(1980, 4, 4)),
    ],
)
def test_who_does_not_fit_is_not_told(named):
    assert best(named) is None


def test_of_two_with_one_name_and_birth_date_none_is_taken():
    named = Named(given_names="Anna Marija", family_name="Bērziņa", birth_date=BORN)
    twins = [Kept(ANNA, 1, AT), Kept(person(2, given_names="Anna Marija", family_name="Bērziņa", birth_date=BORN), 1, AT)]
    found = ranked(named, twins)
    assert [each.person.record.id for each in found] == [id_of("per", 1), id_of("per", 2)]
    assert taken(found) is None
    assert taken(found[:1]) is found[0]
