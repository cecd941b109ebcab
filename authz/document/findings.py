"""What is wrong or worth knowing in a contract document, each with its file and line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "note"]


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

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.level} {self.code}: {self.message}"


class Report:
    """Collects the findings of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Finding] = []

    def error(self, code: str, line: int, message: str) -> None:
        """Note what refuses the contract."""
        self._found.append(Finding("error", code, message, self.file, line))

    def warning(self, code: str, line: int, message: str) -> None:
        """Note what is denied or not enforced."""
        self._found.append(Finding("warning", code, message, self.file, line))

    def note(self, code: str, line: int, message: str) -> None:
        """Note what a reader should know."""
        self._found.append(Finding("note", code, message, self.file, line))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found, by line."""
        return tuple(sorted(self._found, key=lambda finding: finding.line))

    @property
    def has_errors(self) -> bool:
        """Whether the contract must be refused."""
        return any(finding.level == "error" for finding in self._found)
