"""Which progressive overrides are on for one request.

In: the labels of a graph's `@override(label:)`. Out: those that are active. `percent(N)` is on for N of a hundred requests,
drawn anew for each; any other label names a switch that nobody operates here: it is off and the field stays where it was.
Source: Federation specification, `@override` and `percent(x)` labels.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from typing import Final

_PERCENT: Final = re.compile(r"\Apercent\((\d{1,3}(?:\.\d{1,8})?)\)\Z")


def active_labels(labels: Iterable[str], draw: Callable[[], float] = random.random) -> frozenset[str]:
    """The active ones of `labels`. `draw` gives a number from 0 to below 1; one number decides all, so that a request to which
    `percent(20)` applies is one to which `percent(50)` applies too.
    """
    percents = {label: float(match.group(1)) for label in labels if (match := _PERCENT.match(label))}
    if not percents:
        return frozenset()
    drawn = draw() * 100
    return frozenset(label for label, percent in percents.items() if drawn < percent)
