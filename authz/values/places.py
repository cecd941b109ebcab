"""Places made coarse: to the cell of a grid, or to the municipality.

The grid is simple on purpose: cells are as many metres from south to north, and from west to east at 57° N, where Latvia's
middle is; elsewhere in Latvia they are up to 4 % wider or narrower. Both coordinates are rounded by themselves, so that each
can be checked without the other. The shown point is the middle of the cell; masking it again changes nothing.
"""

from __future__ import annotations

import math
from typing import Final

METRES_PER_DEGREE: Final = 111_194.93
_LATITUDE: Final = 57.0
_MUNICIPALITY: Final = 4
_ATVK: Final = 7


def grid_line(degrees: float, metres: int, axis: str) -> float:
    """The middle of the cell that a latitude (`lat`) or longitude (`lon`) lies in, degrees."""
    per_degree = METRES_PER_DEGREE * (math.cos(math.radians(_LATITUDE)) if axis == "lon" else 1.0)
    step = metres / per_degree
    return round((math.floor(degrees / step) + 0.5) * step, 7)


def municipality(code: str) -> str | None:
    """The ATVK 2021 code of the state city or county that a territorial unit lies in; None for what is no code."""
    return f"{code[:_MUNICIPALITY]}000" if len(code) == _ATVK and code.isascii() and code.isdigit() else None
