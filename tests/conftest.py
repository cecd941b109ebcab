"""What every test may use: the folder with the shared conformance data and real registers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the checkout (or `$SAITE_SHARED`): corpora and real registers.

    Without it a test is skipped; with `SAITE_REQUIRE_SHARED=1`, as in CI, it fails.
    """
    folder = Path(os.environ.get("SAITE_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    if folder.is_dir():
        return folder
    reason = "the shared corpora are not here: put them beside the checkout as `shared` or name their folder in SAITE_SHARED"
    if os.environ.get("SAITE_REQUIRE_SHARED") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
