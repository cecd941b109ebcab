"""What the tests of the import share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.ingest.registers import House, house


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[House]:
    """A data folder with nothing in it."""
    async with house(tmp_path / "data") as opened:
        yield opened
