"""Numbers for operators, read at the moment somebody asks for them, in the text format of Prometheus.

In: a registry of the caller's own, and measures: functions that read what a part counts anyway. Out: the page that a scraper
gets. There is no registry of the process: whoever starts the parts makes one and hands it on. Labels hold words of ours (codes,
reasons, names of queues and of contracts), never persons, users or values of registers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

_log: Final = logging.getLogger(__name__)

Readings = Iterable[tuple[tuple[str, ...], float]]
"""The values of the labels, in their order, and the number."""

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


@dataclass(frozen=True, slots=True)
class Measure:
    """One number, or one for each set of labels. `name` is snake_case with its unit (`saite_lag_seconds`); that of a counter
    (`grows`) is exposed with `_total` at its end. `read` is called for each page, on any thread, and has to be quick.
    """

    name: str
    said: str
    read: Callable[[], Readings]
    labels: tuple[str, ...] = ()
    grows: bool = False


class _Collector:
    """Reads measures for the registry."""

    def __init__(self, measures: tuple[Measure, ...]) -> None:
        self._measures = measures

    def describe(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """The names, so that the registry refuses a second measure of the same name."""
        return (_family(measure) for measure in self._measures)

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        for measure in self._measures:
            try:
                readings = tuple(measure.read())
            except Exception:  # noqa: BLE001  # logged; one number that cannot be read must not hide the others
                _log.exception("a measure cannot be read", extra={"measure": measure.name})
                continue
            family = _family(measure)
            for labels, number in readings:
                family.add_metric(labels, number)
            yield family


def _family(measure: Measure) -> CounterMetricFamily | GaugeMetricFamily:
    kind = CounterMetricFamily if measure.grows else GaugeMetricFamily
    return kind(measure.name, measure.said, labels=measure.labels)


def measured(registry: CollectorRegistry, *measures: Measure) -> None:
    """Have `registry` read these measures for each page. Raises ValueError for a name that it has already."""
    registry.register(_Collector(measures))


def one(read: Callable[[], float]) -> Callable[[], Readings]:
    """The reading of a measure without labels."""
    return lambda: [((), read())]


def by_label(read: Callable[[], Mapping[str, float]]) -> Callable[[], Readings]:
    """The readings of a measure with one label, from a mapping of its values."""
    return lambda: [((label,), number) for label, number in sorted(read().items())]


def page(registry: CollectorRegistry) -> bytes:
    """What a scraper gets, of media type CONTENT_TYPE."""
    return generate_latest(registry)
