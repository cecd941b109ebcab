from __future__ import annotations

from tests.authz.small_world import mask_of


def test_small_counts_are_suppressed_and_others_rounded() -> None:
    mask = mask_of("STATISTICS")
    assert [mask.published_count(count) for count in (0, 1, 4, 5, 6)] == [None, None, None, 5, 6]


def test_a_right_that_does_not_exist_is_not_permitted() -> None:
    mask = mask_of()
    assert mask.permits("read", "Person.familyName")
    assert not mask.permits("write", "Person.familyName")
    assert not mask.permits("filter", "Person.familyName")
