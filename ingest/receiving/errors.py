"""What can go wrong with receiving as a whole. A message that is wrong is never an error: it goes to the quarantine.

ClientError
  └─ BadSources         the document of registered sources is wrong; says where
"""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import ClientError


class BadSources(ClientError):
    """Raised when the document that registers sources cannot be used."""

    code: ClassVar[str] = "BAD_SOURCES"
