"""One count: suppressed below the contract's smallest cell, else rounded."""

from __future__ import annotations

from authz.document.model import Aggregates


def published(count: int, aggregates: Aggregates) -> int | None:
    """A count as it may leave: None below the smallest cell (0 is such a cell, too), else the nearest multiple of `round_to`.

    Rounding never takes a published count below the smallest cell: it would look suppressed and not be.
    """
    if aggregates.min_cell > 1 and count < aggregates.min_cell:
        return None
    step = aggregates.round_to
    rounded = (count + step // 2) // step * step
    return rounded if aggregates.min_cell <= 1 or rounded >= aggregates.min_cell else rounded + step
