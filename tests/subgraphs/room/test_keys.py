from datetime import UTC, date, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from subgraphs.room.keys import day, folded, instant, micros


@given(st.datetimes(timezones=st.just(timezone(timedelta(hours=2)))))
def test_an_instant_survives_its_number(at):
    assert instant(micros(at)) == at
    assert instant(micros(at)).tzinfo is UTC


def test_names_are_compared_without_diacritics_and_case():
    assert folded("  BĒRZIŅŠ   Ķīlis ") == "berzins kilis"
    assert folded(None) == folded("") == ""


def test_an_unknown_day_comes_before_every_day():
    assert day(None) < day(date(1, 1, 1))
