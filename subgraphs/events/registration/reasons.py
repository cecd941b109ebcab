"""Why a message of a source is in quarantine, beside what registration itself refuses: in English and Latvian.

What comes in: a code and what fills its words, or the problems of registration. What goes out: `Problem`s whose paths lead into
the message.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from subgraphs.events.registration.arrival import ReceiptProblem
from subgraphs.events.registration.refusal import Problem

WORDS: Final = {
    "ALREADY_REGISTERED": (
        "The event {number} of this source is registered already: send changes of it.",
        "Šī avota notikums {number} jau ir reģistrēts: sūtiet tā izmaiņas.",
    ),
    "MESSAGE_ID_REUSED": (
        "This id was used for a message that said something else: give every message an id of its own.",
        "Šis identifikators jau lietots ziņojumam ar citu saturu: katram ziņojumam lietojiet savu identifikatoru.",
    ),
    "NOT_A_MESSAGE": ("This is no message of the schema: {detail}.", "Ziņojums neatbilst shēmai: {detail}."),
    "TOO_LARGE": ("A message has at most {most} bytes.", "Ziņojumā drīkst būt ne vairāk kā {most} baiti."),
    "UNKNOWN_SOURCE": (
        "No source of this id is registered: ask whoever runs the register.",
        "Avots ar šādu identifikatoru nav reģistrēts: sazinieties ar reģistra uzturētāju.",
    ),
    "NOT_ITS_SENDER": (
        "Whoever sent this may not send for this source.",
        "Sūtītājs nedrīkst sūtīt šī avota vārdā.",
    ),
    "REFUSED_BY_STORE": (
        "The register could not take this message, though it takes others: {detail}.",
        "Reģistrs šo ziņojumu nevarēja pieņemt: {detail}.",
    ),
}
"""By code: the English and the Latvian sentence."""


def reason(path: tuple[str, ...], code: str, **words: object) -> Problem:
    """The problem `code` at `path` of the message."""
    english, latvian = WORDS[code]
    return Problem(path, code, english.format(**words), latvian.format(**words))


def in_message(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Registration's problems with the paths that they have in a message."""
    return tuple(Problem(_path(each.path), each.code, each.message, each.message_lv) for each in problems)


def told(problems: Iterable[Problem]) -> tuple[ReceiptProblem, ...]:
    """Problems as a receipt has them."""
    return tuple(ReceiptProblem(each.path, each.code, each.message, each.message_lv) for each in problems)


def _path(path: tuple[str, ...]) -> tuple[str, ...]:
    match path:
        case ("input", "eventId"):
            return ("sourceEventNo",)
        case ("input", *rest):
            return ("body", *rest)
    return path
