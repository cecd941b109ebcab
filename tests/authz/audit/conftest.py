"""A log in a fresh folder, and an entry to put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from authz.audit import AuditEntry, AuditLog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.sqlite"


@pytest.fixture
def log(path: Path) -> Iterator[AuditLog]:
    opened = AuditLog.open(path)
    yield opened
    opened.close()


@pytest.fixture
def entry() -> Callable[..., AuditEntry]:
    def make(request_id: str = "req-1", **more: Any) -> AuditEntry:
        given = {"kind": "consultation", "agency": "LV-PROK", "user": "anna", "status": "ok"} | more
        return AuditEntry(request_id=request_id, **given)

    return make
