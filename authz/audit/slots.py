"""Which chain a process writes: each living writer holds one chain alone, a restarted one goes on with a free chain.

`gateway` becomes `gateway-1`; while that one lives, a second gateway becomes `gateway-2`. The claim is a lock on a file
beside the log; the system frees it when its holder dies, however it dies.
"""

from __future__ import annotations

import fcntl
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from authz.audit.errors import AuditUnavailable

MAX_SLOTS: Final = 64
_ROLE: Final = re.compile(r"\A[a-z][a-z0-9-]{0,31}\Z")


@dataclass(frozen=True, slots=True)
class Slot:
    """A claimed chain: its name and the lock that holds it."""

    writer: str
    descriptor: int

    def free(self) -> None:
        """Give the chain up, for the next process to go on with."""
        os.close(self.descriptor)


def claim(path: Path, role: str) -> Slot:
    """The first chain of `role` in the log `path` that no living process writes. Raises AuditUnavailable."""
    if not is_role(role):
        raise ValueError(f"`{role}` cannot name an audit writer: use small letters, digits and hyphens")
    for number in range(1, MAX_SLOTS + 1):
        writer = f"{role}-{number}"
        descriptor = lock(path.with_name(f"{path.name}.{writer}.lock"), wait=False)
        if descriptor is not None:
            return Slot(writer, descriptor)
    raise AuditUnavailable(f"{MAX_SLOTS} processes write the audit log {path} as `{role}` already: stop some of them.")


def is_role(role: str) -> bool:
    """Whether `role` can name chains."""
    return _ROLE.match(role) is not None


def lock(path: Path, *, wait: bool) -> int | None:
    """A descriptor that holds the lock file until it is closed; None when it is taken and `wait` is False."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
