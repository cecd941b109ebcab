"""What is wrong or worth knowing in a contract document, each with its file, line and column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a document, counted from 1."""

    line: int
    column: int = 1


START: Final = Place(1, 1)


@dataclass(frozen=True, slots=True)
class Finding:
    """An error refuses the contract; a warning denies what it is about or tells of something not yet enforced; a note
    informs.
    """

    level: Level
    code: str
    message: str
    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.level} {self.code}: {self.message}"


class Report:
    """Collects the findings of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Finding] = []

    def error(self, code: str, at: Place, message: str) -> None:
        """Note what refuses the contract."""
        self._note("error", code, at, message)

    def warning(self, code: str, at: Place, message: str) -> None:
        """Note what is denied or not enforced."""
        self._note("warning", code, at, message)

    def note(self, code: str, at: Place, message: str) -> None:
        """Note what a reader should know."""
        self._note("note", code, at, message)

    def _note(self, level: Level, code: str, at: Place, message: str) -> None:
        finding = Finding(level, code, message, self.file, at.line, at.column)
        if finding not in self._found:
            self._found.append(finding)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found, by place."""
        return tuple(sorted(self._found, key=lambda finding: (finding.line, finding.column)))

    @property
    def has_errors(self) -> bool:
        """Whether the contract must be refused."""
        return any(finding.level == "error" for finding in self._found)
