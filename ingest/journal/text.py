"""Lines of text out of a file that may be compressed, wrongly encoded or one endless line.

In: a path and an encoding. Out: lines; bytes that are not of the encoding come as lone surrogates, a line beyond the limit
comes as an empty line, and `Text` says so until it is asked.
"""

from __future__ import annotations

import codecs
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ingest.errors import JournalUnreadable

MAX_LINE: Final = 1_000_000


class Text:
    """A journal's lines, with what was wrong with the latest ones."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._path = path
        self._encoding = encoding
        self._too_long = False

    def took_too_long(self) -> bool:
        """Whether a line was cut since this was last asked."""
        was, self._too_long = self._too_long, False
        return was

    def lines(self) -> Iterator[str]:
        """The file's lines with their ends. Raises JournalUnreadable when the file itself cannot be read."""
        try:
            with self._open() as file:
                while line := file.readline(MAX_LINE):
                    if len(line) < MAX_LINE or line.endswith("\n"):
                        yield line
                    else:
                        self._skip_rest(file)
                        yield "\n"
        except (OSError, EOFError, gzip.BadGzipFile) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise JournalUnreadable(f"{self._path}: cannot be read: {reason}") from None

    def _skip_rest(self, file: io.TextIOWrapper) -> None:
        self._too_long = True
        while (rest := file.readline(MAX_LINE)) and not rest.endswith("\n"):
            pass

    def _open(self) -> io.TextIOWrapper:
        binary = gzip.open(self._path, "rb") if self._path.suffix == ".gz" else self._path.open("rb")  # noqa: SIM115  the wrapper below closes it
        buffered = io.BufferedReader(binary, 1 << 18) if isinstance(binary, gzip.GzipFile) else binary
        # newline="": the csv module wants the ends of lines as they are
        return io.TextIOWrapper(buffered, self._encoding, errors="surrogateescape", newline="")


def is_clean(text: str) -> bool:
    """Whether `text` came from valid bytes only."""
    if text.isascii():
        return True
    try:
        codecs.encode(text, "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def readable(text: str) -> str:
    """`text` with the escaped bytes made visible (`\\xe9`), so that it can be stored and shown."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
