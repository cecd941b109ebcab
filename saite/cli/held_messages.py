"""What `saite quarantine` does with messages of journals, beside the rows of imports."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

if TYPE_CHECKING:
    from saite.folder import DataFolder
    from subgraphs.events.registration.arrival import Held, HeldState
    from subgraphs.events.registration.holding import Holding

WAITING: Final = ("OPEN", "CORRECTED")


@asynccontextmanager
async def _holding(folder: DataFolder) -> AsyncIterator[Holding | None]:
    """The held messages of the event register; None where there is no register yet, which is not made for this."""
    from saite.registers import open_one, store_of
    from subgraphs.events.registration.holding import Holding

    where = store_of(folder, "events")
    if isinstance(where, Path) and not where.exists():
        yield None
        return
    async with open_one(folder, "events") as store:
        yield Holding(store.database)


async def listed(folder: DataFolder, states: Sequence[str], limit: int, language: Literal["en", "lv"]) -> list[dict[str, Any]]:
    """A line for each problem of each message in these states; other states than messages have are passed over."""
    from subgraphs.events.registration.arrival import HeldState

    wanted = [HeldState(state) for state in states if state in HeldState.__members__]
    async with _holding(folder) as holding:
        found = await holding.entries(wanted, limit=limit) if holding is not None and wanted else []
    return [line for held in found for line in _lines(held, language)]


async def shown(folder: DataFolder, entry: str) -> dict[str, Any] | None:
    """Everything that is kept of a message."""
    async with _holding(folder) as holding:
        held = None if holding is None else await holding.entry(entry)
    if held is None:
        return None
    said: dict[str, Any] = msgspec.to_builtins(held)
    texts = {name: None if text is None else text.decode(errors="replace") for name, text in _bodies(held).items()}
    return {**said, **texts, "digest": held.digest.hex()}


async def correct(folder: DataFolder, entry: str, settings: Sequence[str], body: bytes | None) -> HeldState | None:
    """Note how a message should have been; its state then, or None when there is none of this id in quarantine.

    Raises BadCorrection.
    """
    from ingest.receiving.correcting import corrected
    from subgraphs.events.registration.arrival import HeldState

    async with _holding(folder) as holding:
        held = None if holding is None else await holding.entry(entry)
        if holding is None or held is None or held.state.value not in WAITING:
            return None
        before = body if body is not None else held.body if held.corrected is None else held.corrected
        return HeldState.CORRECTED if await holding.correct(entry, corrected(before, settings)) else None


async def replay(folder: DataFolder, sources: Path, limit: int = 1000) -> dict[str, str]:
    """Try every corrected message again; what became of each, by id. Raises BadSources, and what the register raises."""
    from ingest.receiving.sources import read_sources
    from saite.receiving import receiving
    from subgraphs.events.registration.arrival import HeldState

    async with receiving(folder, read_sources(sources), {}) as receiver:
        found = await receiver.store.holding.entries([HeldState.CORRECTED], limit=limit)
        outcome: dict[str, str] = {}
        for held in found:  # one by one: a person looks at each
            receipts = await receiver.retry([held.id], forced=True)
            outcome |= {key: receipt.status.value for key, receipt in receipts.items()}
    return outcome


def _bodies(held: Held) -> dict[str, bytes | None]:
    return {"body": held.body, "corrected": held.corrected}


def _lines(held: Held, language: Literal["en", "lv"]) -> list[dict[str, Any]]:
    problems = [
        (".".join(problem.path), problem.message_lv if language == "lv" else problem.message, problem.code)
        for problem in held.problems
    ] or [("", held.state.value, held.state.value)]
    return [
        {
            "id": held.id,
            "state": held.state.value,
            "file": f"{held.source_id or '?'}/{held.message_id or '?'}",
            "line": held.seq or 0,
            "column": path,
            "value": "",
            "reason": said,
            "code": code,
            "key": held.event_no or "",
        }
        for path, said, code in problems
    ]
