"""Why a change is refused: data for whoever asked, in English and Latvian, with the path of the input that has to be mended.

What comes in: a code, what fills its words, and the room's words. What goes out: `Problem`s, and `UserError` of the graph.
All that is wrong is told at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from strawberry import federation

from subgraphs.room.fields import plain, words

Words = Mapping[str, tuple[str, str]]
"""By code: the English and the Latvian sentence."""

SHARED: Final[Words] = {
    "REQUIRED": ("Give this a value.", "Norādiet vērtību."),
    "TOO_LONG": ("Give at most {most} characters.", "Norādiet ne vairāk kā {most} zīmes."),
    "BAD_IDEMPOTENCY_KEY": (
        "Give 8 to 128 characters: letters, digits, `-`, `_`, `.`, `:`.",
        "Norādiet 8 līdz 128 zīmes: burtus, ciparus, `-`, `_`, `.`, `:`.",
    ),
    "BAD_ID": ("This is no id of this kind: give one that begins with `{prefix}_`.", "Tas nav derīgs identifikators."),
    "IN_FUTURE": ("This lies in the future.", "Šis laiks ir nākotnē."),
    "CONFLICT": (
        "It was changed meanwhile: it is at version {version}. Read it again and decide anew.",
        "Ieraksts pa to laiku mainīts: tā versija ir {version}. Nolasiet to no jauna.",
    ),
    "IDEMPOTENCY_KEY_REUSED": (
        "This key was used for another change: give every change a key of its own.",
        "Šī atslēga jau lietota citai izmaiņai: katrai izmaiņai lietojiet savu atslēgu.",
    ),
}
"""What every room that is changed may say."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason. `path` leads to the input, from `input` on; `current_version` and `possible` are told where they help."""

    path: tuple[str, ...]
    code: str
    message: str
    message_lv: str
    current_version: int | None = None
    possible: tuple[str, ...] | None = None


def problem_in(
    said: Words,
    path: str,
    code: str,
    /,
    *,
    current_version: int | None = None,
    possible: tuple[str, ...] | None = None,
    **fillings: object,
) -> Problem:
    """The problem `code` at `path` (`place.atvk`, below `input`), in a room's own words."""
    english, latvian = said[code]
    where = ("input", *(part for part in path.split(".") if part))
    filled = {"version": current_version, "possible": ", ".join(possible or ("-",)), **fillings}
    return Problem(where, code, english.format(**filled), latvian.format(**filled), current_version, possible)


class Refused(Exception):
    """Raised inside a change's transaction, so that nothing of it stays; caught where the change was asked for."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(each.code for each in problems))
        self.problems = problems


@federation.type(shareable=True, description=words("Why a change was refused.", "Kāpēc izmaiņa noraidīta."))
class UserError:
    """Something that whoever asked can mend."""

    path: list[str] = plain("Where in the arguments, from `input` on.", "Vieta ievadē.")
    code: str = plain("What it is, for programs.", "Kļūdas kods.")
    message: str = plain("What it is, in English.", "Paskaidrojums angliski.")
    message_lv: str = plain("What it is, in Latvian.", "Paskaidrojums latviski.")
    current_version: int | None = plain("For CONFLICT: the version that there is.", "Pašreizējā versija.")
    possible: list[str] | None = plain("For a wrong status: what is possible instead.", "Kas ir iespējams.")
