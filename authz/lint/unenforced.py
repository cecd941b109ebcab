"""Words of the form that nothing enforces yet, and what lint says about a contract that uses them.

A demand that would protect somebody refuses the contract (error): whoever signed it relies on it. What is only recorded, and
denies nothing, is a warning or a note. Who builds the enforcement takes its line out of DEMANDS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from authz.document import Contract, Report
from authz.document.findings import Level, Place


@dataclass(frozen=True, slots=True)
class Demand:
    """`places` finds where a contract uses the word; `message` is one sentence on what does not happen."""

    level: Level
    code: str
    message: str
    places: Callable[[Contract], Iterator[Place]]


def _streams(contract: Contract) -> Iterator[Place]:
    return (grant.at for grant in contract.grants if grant.subscribe or grant.trigger)


DEMANDS: Final = (
    Demand("note", "NO_SUBSCRIPTIONS", "`subscribe` and `trigger` are compiled; the graph has no subscriptions yet.", _streams),
)


def nothing_unenforced_is_relied_upon(contract: Contract, report: Report) -> None:
    """Tell of every demand that this version does not meet."""
    tell = {"error": report.error, "warning": report.warning, "note": report.note}
    for demand in DEMANDS:
        for at in demand.places(contract):
            tell[demand.level](demand.code, at, demand.message)
