"""How far two points are apart, the same to the last bit in Python, in SQL and in MongoDB.

The Earth is taken flat around the centre: degrees of latitude are 111 194.93 m, degrees of longitude that times the cosine
of the centre's latitude. Up to 50 km the error in Latvia is below one per cent; in return a store needs nothing but `+`, `-`
and `*` (SQLite builds without mathematical functions exist), and every store draws the line at the same place.
"""

from __future__ import annotations

import math
from typing import Final

METRES_PER_DEGREE: Final = 111_194.93


def metres_per_degree_of_longitude(lat: float) -> float:
    """At the given latitude (degrees), in metres."""
    return METRES_PER_DEGREE * math.cos(math.radians(lat))
