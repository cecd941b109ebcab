"""Measures are read for each page, from a registry of one's own."""

from __future__ import annotations

import logging

import pytest
from prometheus_client import CollectorRegistry

from kernel.metrics import Measure, by_label, measured, one, page


def test_a_measure_is_read_anew_for_each_page() -> None:
    registry, waiting = CollectorRegistry(), [3]
    measured(registry, Measure("saite_waiting", "What waits.", one(lambda: waiting[0])))
    assert b"# HELP saite_waiting What waits.\n# TYPE saite_waiting gauge\nsaite_waiting 3.0\n" in page(registry)
    waiting[0] = 4
    assert b"saite_waiting 4.0" in page(registry)


def test_a_counter_has_its_ending_and_a_label_its_values() -> None:
    registry = CollectorRegistry()
    measured(registry, Measure("saite_refused", "By reason.", by_label(lambda: {"key": 2, "expired": 1}), ("reason",), True))
    assert b'saite_refused_total{reason="expired"} 1.0\nsaite_refused_total{reason="key"} 2.0\n' in page(registry)


def test_two_registries_share_nothing() -> None:
    first, second = CollectorRegistry(), CollectorRegistry()
    measured(first, Measure("saite_one", "One.", one(lambda: 1)))
    assert page(second) == b""


def test_a_measure_that_cannot_be_read_hides_no_other(caplog: pytest.LogCaptureFixture) -> None:
    registry = CollectorRegistry()
    measured(registry, Measure("saite_bad", "Fails.", one(lambda: 1 / 0)), Measure("saite_good", "Works.", one(lambda: 1)))
    with caplog.at_level(logging.ERROR, "kernel.metrics"):
        assert b"saite_good 1.0" in page(registry)
    assert "a measure cannot be read" in caplog.text


def test_a_name_that_is_there_already_is_refused() -> None:
    registry = CollectorRegistry()
    measured(registry, Measure("saite_one", "One.", one(lambda: 1)))
    with pytest.raises(ValueError, match="saite_one"):
        measured(registry, Measure("saite_one", "Another.", one(lambda: 2)))
