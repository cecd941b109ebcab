"""ATVK, the classifier of administrative territories: seven digits, of which digits 3 and 4 name the municipality.

What comes in: codes. What goes out: the municipality of a unit. Source: Cabinet regulation Nr. 379 of 2021 (`domain.md` §3.5).
"""

from __future__ import annotations


def municipality_of(atvk: str | None) -> str | None:
    """The municipality that a unit lies in (`0028101` → `0028000`)."""
    return None if atvk is None else f"{atvk[:4]}000"


def is_municipality(atvk: str) -> bool:
    """Whether the code names a whole municipality."""
    return atvk.endswith("000")
