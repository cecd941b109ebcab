"""Why a change of identity is refused, in English and Latvian.

What comes in: a code and what fills its words. What goes out: `Problem`s.
"""

from __future__ import annotations

from typing import Final

from subgraphs.room.refusal import SHARED, Problem, Words, problem_in

WORDS: Final[Words] = {
    **SHARED,
    "NAMES_NOBODY": (
        "Give a personal code, a family name or a birth date, or say that the identity is not known.",
        "Norādiet personas kodu, uzvārdu vai dzimšanas datumu, vai arī to, ka identitāte nav zināma.",
    ),
    "BAD_PERSONAL_CODE": ("This is no personal code.", "Tas nav derīgs personas kods."),
    "PERSON_NOT_FOUND": ("There is no such person.", "Tādas personas nav."),
    "SAME_PERSON": ("These are one record.", "Tas ir viens un tas pats ieraksts."),
    "MERGED_ALREADY": (
        "This record was merged: name the one that stands for it, or split it first.",
        "Šis ieraksts jau ir apvienots: norādiet to, kas to aizstāj, vai vispirms atdaliet.",
    ),
    "NOT_MERGED": ("This record was not merged.", "Šis ieraksts nav apvienots."),
    "VERIFIED_SURVIVES": (
        "The record verified against the register of natural persons has to survive: merge the other way round.",
        "Jāpaliek ierakstam, kas pārbaudīts Fizisko personu reģistrā: apvienojiet otrādi.",
    ),
    "TWO_VERIFIED": (
        "Both were verified with different personal codes: they are two persons.",
        "Abi ieraksti pārbaudīti ar dažādiem personas kodiem: tās ir divas personas.",
    ),
}
"""By code: the English and the Latvian sentence."""


def problem(path: str, code: str, /, *, current_version: int | None = None, **words: object) -> Problem:
    """The problem `code` at `path`, below `input`."""
    return problem_in(WORDS, path, code, current_version=current_version, possible=None, **words)
