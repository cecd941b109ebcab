"""What an import tells: on the way `Progress`, at the end `Report`.

In: counts and times. Out: frozen values that the command line draws or writes as JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ingest.ledger.runs import Counts


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is. `done` and `total` count rows of the events' journals; `rate` is rows a second, `remaining` seconds
    (None: not known yet). While `reading`, the total is not known either and `done` counts rows of all journals.
    """

    phase: Literal["reading", "importing"]
    done: int
    total: int | None
    rate: float
    remaining: float | None


Listener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a run. `counts.read` = new + changed + same + quarantined; `resumed`: it went on where an earlier one
    was cut off.
    """

    run: str
    counts: Counts
    seconds: float
    resumed: bool = False

    def as_json(self) -> dict[str, object]:
        """The report as one flat object: read, new, changed, same, quarantined, seconds first."""
        counts = self.counts
        main = {name: getattr(counts, name) for name in ("read", "new", "changed", "same", "quarantined")}
        beside = {name: getattr(counts, name) for name in counts.__struct_fields__ if name not in main}
        return {**main, "seconds": round(self.seconds, 3), **beside, "run": self.run, "resumed": self.resumed}
