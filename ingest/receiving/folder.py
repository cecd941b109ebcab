"""The way in over a watched folder, for journals that can write files and nothing else.

In: files `DIR/SOURCE/in/NAME.json` (one message) or `NAME.ndjson` (one a line), put there whole: written under another name or
in another folder of the same file system, then renamed. Out: the file in `done/` or, when a message of it is in quarantine or
the file is none, in `failed/`, beside `NAME.receipts.ndjson` with a receipt for each message. Who may write into the folder of
a source speaks for it.

Killed between commit and renaming, the file is taken again: the inbox knows its messages.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from ingest.receiving.receiver import AWAY, Incoming, Receiver
from subgraphs.events.registration.arrival import Fate, Receipt

_log: Final = logging.getLogger(__name__)

ENDINGS: Final = (".json", ".ndjson")
SECONDS: Final = 0.5
BATCH: Final = 100
MAX_FILE: Final = 64 << 20


class WatchedFolder:
    """One folder with a folder for each source."""

    def __init__(self, folder: Path, receiver: Receiver, heard: Callable[[str, bool], None]) -> None:
        self._folder = folder
        self._receiver = receiver
        self._heard = heard

    async def watch(self) -> None:
        """Take files, for ever. One process at a time does it; others wait for their turn."""
        self._prepare()
        with _alone(self._folder / ".lock") as mine:
            while not mine():  # noqa: ASYNC110 - another process has it, and tells nobody when it ends
                await asyncio.sleep(SECONDS)
            while True:
                await self.take_all()
                await asyncio.sleep(SECONDS)

    async def take_all(self) -> int:
        """Take every file that is there; how many were dealt with."""
        self._prepare()
        number = 0
        for source in self._receiver.sources:
            inside = self._folder / source.id / "in"
            for path in sorted(one for one in inside.iterdir() if _is_ready(one)):
                try:
                    await self._take(path, source.id)
                except AWAY as error:
                    self._heard("register", False)
                    _log.warning("the register takes nothing; files wait", extra={"reason": str(error)})
                    return number
                self._heard("register", True)
                number += 1
        return number

    async def _take(self, path: Path, source: str) -> None:
        raws = await asyncio.to_thread(messages_in, path)
        receipts: list[Receipt] = []
        for start in range(0, len(raws), BATCH):
            part = [Incoming(raw, frozenset({source})) for raw in raws[start : start + BATCH]]
            receipts += [taken.receipt for taken in await self._receiver.take(part)]
        is_well = bool(receipts) and all(receipt.status is not Fate.QUARANTINED for receipt in receipts)
        await asyncio.to_thread(_put_away, path, "done" if is_well else "failed", receipts)

    def _prepare(self) -> None:
        for source in self._receiver.sources:
            for name in ("in", "done", "failed"):
                (self._folder / source.id / name).mkdir(mode=0o770, parents=True, exist_ok=True)


def _is_ready(path: Path) -> bool:
    return path.suffix in ENDINGS and not path.name.startswith(".") and path.is_file() and not path.is_symlink()


def messages_in(path: Path) -> list[bytes]:
    """The messages of a file, unread; none of one that is too large."""
    if path.stat().st_size > MAX_FILE:
        return []
    body = path.read_bytes()
    return [body] if path.suffix == ".json" else [line for line in body.split(b"\n") if line.strip()]


def _put_away(path: Path, where: str, receipts: list[Receipt]) -> None:
    """Receipts first, whole and on disk; then the file. A name that is taken gets a number."""
    target = path.parent.parent / where
    name, number = path.name, 0
    while (target / name).exists():
        number += 1
        name = f"{path.stem}.{number}{path.suffix}"
    draft = target / f".{name}.receipts"
    with draft.open("wb") as file:
        file.writelines(msgspec.json.encode(receipt) + b"\n" for receipt in receipts)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(target / f"{name}.receipts.ndjson")
    path.rename(target / name)


@contextmanager
def _alone(path: Path) -> Iterator[Callable[[], bool]]:
    with path.open("w") as lock:

        def mine() -> bool:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        yield mine
