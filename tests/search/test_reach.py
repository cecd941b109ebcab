"""What a mask lets search: fields by the right to filter, values by the right to read, rows by the rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import authz
from authz.book import ContractBook
from authz.document.model import MaskRule, Quota
from authz.mask import Mask
from authz.rows import EVERY_ROW, NO_ROW
from authz.values import ValueMask
from kernel.clock import FixedClock
from saite.graph import api_schema
from search.reach import Reach, facets_of, reaches_of
from subgraphs.events.search import TYPE as EVENT
from subgraphs.persons.search import TYPE as PERSON
from tests.search.conftest import TYPES
from tests.security.town import NOW


@pytest.fixture(scope="module")
def mask() -> Mask:
    book = ContractBook.load(Path(authz.__file__).parent / "contracts", api_schema(), FixedClock(NOW))
    compiled = book.of_agency("LV-PROK")
    assert compiled is not None
    return compiled.masks["CRIMINAL_PROCEEDING"]


def of(mask: Mask) -> Reach:
    (found,) = reaches_of(mask, (PERSON,))
    return found


def names(fields: frozenset[Any]) -> set[str]:
    return {field.field.partition(".")[2] for field in fields}


def granting(mask: Mask, **operators: set[str]) -> Mask:
    filters: Mapping[str, frozenset[str]] = {f"Person.{name}": frozenset(each) for name, each in operators.items()}
    return replace(mask, filter=filters)


def test_parts_are_searched_with_search_and_whole_identifiers_with_eq(mask):
    reach = of(granting(mask, familyName={"search"}, givenNames={"eq", "startsWith"}, personalCode={"eq"}))
    assert (names(reach.inside), names(reach.whole)) == ({"familyName"}, {"personalCode"})
    reach = of(granting(mask, personalCode={"search"}))
    assert names(reach.inside) == names(reach.whole) == {"personalCode"}


def test_nothing_granted_or_no_id_to_read_is_no_reach(mask):
    assert reaches_of(granting(mask), (PERSON,)) == ()
    assert reaches_of(replace(mask, read=mask.read - {"Person.id"}), (PERSON,)) == ()


def test_what_may_not_be_read_is_searched_and_not_shown(mask):
    reach = of(replace(granting(mask, familyName={"search"}), read=mask.read - {"Person.familyName"}))
    assert (names(reach.searched), names(reach.shown)) == ({"familyName"}, set())


def test_what_is_read_through_another_field_is_shown_when_both_may_be_read(mask):
    (reach,) = reaches_of(mask, (EVENT,))
    assert {"Place.text", "Decision.caseNumber"} <= {field.field for field in reach.shown}
    (reach,) = reaches_of(replace(mask, read=mask.read - {"Event.place"}), (EVENT,))
    assert "Place.text" not in {field.field for field in reach.shown}
    assert "Place.atvk" not in facets_of(replace(mask, read=mask.read - {"Event.place"}), EVENT)


def test_masked_values_and_counted_look_ups_are_not_searched(mask):
    both = granting(mask, familyName={"search"}, personalCode={"search", "eq"})
    masked = replace(both, values={"Person.familyName": ValueMask(MaskRule("keep_last", 2, "*"))})
    assert names(of(masked).searched) == {"personalCode"}
    quota = Quota("user", "1d", None, {"Person.personalCode": 50}, None)
    assert names(of(replace(both, quotas=(quota,))).searched) == {"familyName"}


def test_a_type_without_a_row_rule_shows_no_row(mask):
    assert of(mask).rows == EVERY_ROW
    assert of(replace(mask, rows={})).rows == NO_ROW


def test_every_type_has_the_attributes_that_its_rows_declare():
    from authz.catalogue import catalogue_of

    declared = catalogue_of(api_schema()).row_attributes
    kinds = {"[String]": "many", "Point": "point"}
    for searched in TYPES:
        said = {name: kinds.get(kind, "one") for name, kind in declared[searched.name].items()}
        assert dict(searched.rows) == said


def test_codes_of_fields_are_of_two_letters_and_each_is_one_fields():
    codes = [field.code for searched in TYPES for field in searched.fields]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 2 and code.isalpha() for code in codes)
