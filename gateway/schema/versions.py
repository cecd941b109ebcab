"""Versions of specifications, as they stand at the end of a @link url: `v2.9`."""

from __future__ import annotations

import re
from typing import NamedTuple

_FORM = re.compile(r"v(\d{1,3})\.(\d{1,4})$")


class Version(NamedTuple):
    """A specification's version; compares by major, then minor."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"v{self.major}.{self.minor}"


FEDERATION_1 = Version(1, 0)
"""The version of a subgraph that links no federation specification."""

NEWEST_FEDERATION = Version(2, 11)


def read_version(text: str) -> Version | None:
    """`v2.9` → Version(2, 9); anything else → None."""
    found = _FORM.match(text)
    return Version(int(found[1]), int(found[2])) if found else None
