from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.paging import DEFAULT_PAGE, BadPage, CursorSealer, Page, page_of

SEALER = CursorSealer(bytes(range(32)))
positions = st.lists(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), min_size=1, max_size=4)


@given(positions, st.text())
def test_a_cursor_gives_its_position_back_in_its_own_scope_alone(position: list[object], scope: str) -> None:
    cursor = SEALER.seal(position, scope)
    assert SEALER.open(cursor, scope) == tuple(position)
    with pytest.raises(BadPage):
        SEALER.open(cursor, scope + "x")


@given(positions, st.integers(0, 10_000))
def test_a_changed_cursor_is_refused(position: list[object], at: int) -> None:
    cursor = SEALER.seal(position, "scope")
    at %= len(cursor)
    other = "A" if cursor[at] != "A" else "B"
    changed = cursor[:at] + other + cursor[at + 1 :]
    try:
        opened = SEALER.open(changed, "scope")
    except BadPage:
        return
    assert opened == tuple(position)  # the last character of base64 may carry unused bits


@pytest.mark.parametrize("cursor", ["", "é", "a", "AAAA", "=" * 40, "{}"])
def test_what_is_no_cursor_is_refused_with_the_same_words(cursor: str) -> None:
    with pytest.raises(BadPage, match="does not belong to this list"):
        SEALER.open(cursor, "scope")


def test_a_cursor_shows_nothing_of_its_position() -> None:
    assert "30990100017" not in SEALER.seal(["30990100017"], "scope")


def test_without_arguments_the_first_page_has_the_default_size() -> None:
    assert page_of(SEALER, "s", first=None, after=None, last=None, before=None) == Page(DEFAULT_PAGE, False, None)


def test_last_goes_backwards_from_before() -> None:
    cursor = SEALER.seal([1], "s")
    assert page_of(SEALER, "s", first=None, after=None, last=2, before=cursor) == Page(2, True, (1,))


@pytest.mark.parametrize(
    "arguments",
    [
        {"first": 1, "last": 1},
        {"after": "a", "before": "b"},
        {"last": 1, "after": "a"},
        {"first": 1, "before": "a"},
        {"first": 0},
        {"first": 101},
        {"last": -1},
    ],
)
def test_contradictions_are_told(arguments: dict[str, object]) -> None:
    asked = {"first": None, "after": None, "last": None, "before": None} | arguments
    with pytest.raises(BadPage):
        page_of(SEALER, "s", **asked)  # type: ignore[arg-type]  # the cases mix kinds on purpose
