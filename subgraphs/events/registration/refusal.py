"""Why a change is refused: data for whoever asked, in English and Latvian, with the path of the input that has to be mended.

What comes in: a code and what fills its words. What goes out: `Problem`s. All that is wrong is told at once.
"""

from __future__ import annotations

from typing import Final

from subgraphs.room.refusal import SHARED, Problem, Refused, Words, problem_in

__all__ = ["WORDS", "Problem", "Refused", "problem"]

WORDS: Final[Words] = {
    **SHARED,
    "UNKNOWN_CODE": ("The list `{list}` has no code {code}.", "Klasifikatorā `{list}` nav koda {code}."),
    "BAD_ATVK": ("Give a unit of the classifier ATVK: seven digits.", "Norādiet ATVK kodu: septiņus ciparus."),
    "OUT_OF_RANGE": ("Give a number from {least} to {most}.", "Norādiet skaitli no {least} līdz {most}."),
    "POINT_INCOMPLETE": ("Give both `lat` and `lon`, or neither.", "Norādiet gan `lat`, gan `lon`, vai nevienu."),
    "BEFORE": ("This lies before {what}.", "Šis laiks ir pirms: {what}."),
    "CATEGORY_NOT_YOURS": (
        "Only the State Police has response categories: give NONE.",
        "Reaģēšanas kategorijas ir tikai Valsts policijai: norādiet NONE.",
    ),
    "NAMES_NOBODY": (
        "Say who or what it is, or what was observed of it.",
        "Norādiet, kas tas ir, vai to, kas novērots.",
    ),
    "NOT_DISPATCHED": ("No such crew was sent and is awaited.", "Šāda ekipāža nav norīkota vai jau ir ieradusies."),
    "USE_TRANSFER": ("Hand an event over with `transferToAgency`.", "Nododiet notikumu ar `transferToAgency`."),
    "SAME_AGENCY": ("It is this agency's already.", "Tas jau piekrīt šai iestādei."),
    "NOTHING_TO_CHANGE": ("Say what is to be changed.", "Norādiet, kas jāmaina."),
    "EVENT_NOT_FOUND": ("There is no such event.", "Tāda notikuma nav."),
    "NOT_YOUR_EVENT": (
        "The event is another agency's: only whose it is may change it.",
        "Notikums piekrīt citai iestādei: to maina tikai tā.",
    ),
    "CASE_NOT_FOUND": ("There is no such case.", "Tādas lietas nav."),
    "NOT_YOUR_CASE": (
        "The case is another agency's: only who has it may do this.",
        "Lieta ir citas iestādes lietvedībā: to var darīt tikai tā.",
    ),
    "WRONG_CASE_STATUS": (
        "`{action}` is not possible while the case is {status}. Possible: {possible}.",
        "`{action}` nav iespējams, kamēr lietas statuss ir {status}. Iespējams: {possible}.",
    ),
    "EVENT_IN_CASE": ("The event is in the case already.", "Notikums jau ir lietā."),
    "EVENT_NOT_IN_CASE": ("The event is not in the case.", "Notikuma lietā nav."),
    "CASE_FULL": ("A case has at most {most} events.", "Lietā var būt ne vairāk kā {most} notikumi."),
    "CASE_NAMED_TWICE": (
        "Name the case by `caseId` or by `caseNumber`, not by both.",
        "Norādiet lietu ar `caseId` vai `caseNumber`, ne ar abiem.",
    ),
    "WRONG_STATUS": (
        "`{action}` is not possible while the event is {status}. Possible: {possible}.",
        "`{action}` nav iespējams, kamēr notikuma statuss ir {status}. Iespējams: {possible}.",
    ),
}
"""By code: the English and the Latvian sentence."""


def problem(
    path: str,
    code: str,
    /,
    *,
    current_version: int | None = None,
    possible: tuple[str, ...] | None = None,
    **words: object,
) -> Problem:
    """The problem `code` at `path` (`place.atvk`, below `input`)."""
    return problem_in(WORDS, path, code, current_version=current_version, possible=possible, **words)
