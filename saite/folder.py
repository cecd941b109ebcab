"""The data folder of the embedded mode: where registers, keys, the audit log and the import's state are.

registers/{events,persons,vehicles,documents}.sqlite3
keys/            development keys, readable by the owner alone
audit.sqlite3    the hash-chained audit log; audit.rules/ the contracts and graphs that it was decided by
audit-{events,persons,vehicles,documents}.sqlite3   the rooms' own records
ingest.sqlite3   runs of imports and the quarantine
contracts.sqlite3  revocations, contracts that were in force, what each process has in force
search/          the search index: `current` names the file that answers; may be deleted, and is filled again
used/            contexts that each register has seen in the last seconds; may be deleted while nothing runs
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Final

from kernel.errors import ClientError

ROOMS: Final = ("events", "persons", "vehicles", "documents")


class UnusableFolder(ClientError):
    """Raised when the data folder cannot be used."""

    code: ClassVar[str] = "UNUSABLE_DATA_FOLDER"


class DataFolder:
    """Names the files of one data folder."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.keys = self.path / "keys"
        self.registers = self.path / "registers"
        self.audit = self.path / "audit.sqlite3"
        self.ingest = self.path / "ingest.sqlite3"
        self.contracts = self.path / "contracts.sqlite3"

    @property
    def search(self) -> Path:
        """The folder of the search index."""
        return self.path / "search"

    def register(self, room: str) -> Path:
        """The database of one room."""
        return self.registers / f"{room}.sqlite3"

    def used_contexts(self, room: str) -> Path:
        """Where the processes of one room remember which contexts were used."""
        return self.path / "used" / f"{room}.sqlite3"

    @property
    def emergencies(self) -> Path:
        """The ledger of emergencies and their reviews."""
        return self.path / "emergencies.sqlite3"

    def published_counts(self, room: str) -> Path:
        """What was counted in one room under contracts that forbid subtracting counts."""
        return self.path / f"counts-{room}.sqlite3"

    @property
    def quotas(self) -> Path:
        """What each user and contract was given lately."""
        return self.path / "quotas.sqlite3"

    def room_audit(self, room: str) -> Path:
        """The room's own audit log."""
        return self.path / f"audit-{room}.sqlite3"

    def prepare(self) -> None:
        """Make the folders, owner only. Raises UnusableFolder."""
        try:
            for folder in (self.path, self.keys, self.registers):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = self.path / f".writable-{secrets.token_hex(4)}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise UnusableFolder(
                f"The data folder {self.path} cannot be written ({error.strerror}): choose another with --data DIR."
            ) from None

    def cursor_secret(self) -> bytes:
        """The 32 bytes that seal cursors, made on first use."""
        path = self.keys / "cursors"
        if not path.exists():
            draft = self.keys / f".cursors-{secrets.token_hex(4)}"
            draft.touch(mode=0o600)
            draft.write_bytes(secrets.token_bytes(32))
            try:
                os.link(draft, path)  # whole or not at all, and the first of two processes wins
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_bytes()

    def empty(self) -> None:
        """Remove the registers, the audit log and the import's state; keys stay, so that printed tokens still hold."""
        kept = (
            "registers/*.sqlite3*",
            "audit*.sqlite3*",
            "ingest.sqlite3*",
            "emergencies.sqlite3*",
            "quotas.sqlite3*",
            "counts-*.sqlite3*",
            "search/*",
        )
        for path in [path for pattern in kept for path in self.path.glob(pattern)]:
            path.unlink()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other demos out of this folder while one serves it; imports may go on beside it. Raises UnusableFolder."""
        self.prepare()
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UnusableFolder(
                    f"Another demo is using the data folder {self.path}: end it, or choose another with --data DIR."
                ) from None
            yield
