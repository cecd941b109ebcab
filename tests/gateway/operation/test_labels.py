"""`active_labels`: which progressive overrides are on."""

from __future__ import annotations

import pytest

from gateway.operation.labels import active_labels


@pytest.mark.parametrize(
    ("drawn", "active"),
    [
        (0.0, {"percent(0.5)", "percent(20)", "percent(100)"}),
        (0.1, {"percent(20)", "percent(100)"}),
        (0.2, {"percent(100)"}),
        (0.999, {"percent(100)"}),
    ],
)
def test_percent_labels_are_on_for_their_share_of_requests(drawn, active):
    labels = ["percent(0)", "percent(0.5)", "percent(20)", "percent(100)", "my-flag", "percent(x)"]
    assert active_labels(labels, lambda: drawn) == active


def test_without_percent_labels_nothing_is_drawn():
    def never():
        raise AssertionError

    assert active_labels(["my-flag"], never) == frozenset()
