"""Names of invented persons: given names and surnames of Latvia in the right gender form.

What comes in: the tables of given names and surnames (how common each is), and draws. What goes out: wheels to draw from.
Given names follow the fashion of the birth years and go with surnames of the same tradition more often than not.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from subgraphs.room.world.chance import wheel
from subgraphs.room.world.tables import rows

SLOTS: Final = 1 << 13
SEXES: Final = ("MALE", "FEMALE")
COHORTS: Final = ("OLD", "MID", "YOUNG")
TRADITIONS: Final = ("LV", "SL")


class Foreigner(NamedTuple):
    """A name of somebody from elsewhere, as its own documents spell it."""

    country: str
    given: str
    family: str


def cohort_of(birth_year: int) -> str:
    """The fashion of names in a birth year."""
    return "OLD" if birth_year < 1970 else "MID" if birth_year < 2000 else "YOUNG"


def _given(sex: str, tradition: str, cohort: str) -> tuple[str, ...]:
    """How common each given name is: by rank, four times less outside its own cohort, twelve times less in the other
    tradition.
    """

    def weight(row: dict[str, str]) -> float:
        fashion = 1.0 if row["cohort"] in (cohort, "EVER") else 0.25
        custom = 1.0 if row["tradition"] == tradition else 0.5 if row["tradition"] == "ANY" else 1 / 12
        return fashion * custom / (int(row["rank"]) + 9)

    return wheel({row["name"]: weight(row) for row in rows("given_names") if row["sex"] == sex}, SLOTS)


def _family(sex: str, tradition: str) -> tuple[str, ...]:
    """How common each surname is: by rank, ten times less in the other tradition."""
    form = sex.lower()
    drawn = {
        place: (1.0 if row["tradition"] == tradition else 0.1) / (int(row["rank"]) + 14)
        for place, row in enumerate(rows("surnames"))
    }
    return tuple(rows("surnames")[place][form] for place in wheel(drawn, SLOTS))


GIVEN: Final = {(s, t, c): _given(s, t, c) for s in SEXES for t in TRADITIONS for c in COHORTS}
"""Wheel of given names by (sex, tradition, cohort)."""

FAMILY: Final = {(s, t): _family(s, t) for s in SEXES for t in TRADITIONS}
"""Wheel of surnames by (sex, tradition); the same slot holds the male and the female form of one name in most cases."""

FOREIGNERS: Final = {
    (country, sex): tuple(
        Foreigner(row["country"], row["given"], row["family"])
        for row in rows("foreign_names")
        if row["country"] == country and row["sex"] == sex
    )
    for country in sorted({row["country"] for row in rows("foreign_names")})
    for sex in SEXES
}

SLAVIC_SHARE: Final = {"LATGALE": 0.55, "RIGA": 0.42, "ZEMGALE": 0.24, "KURZEME": 0.2, "VIDZEME": 0.1}
"""How many of a region's names follow the Slavic tradition: working values of ours."""
