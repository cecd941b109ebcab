"""A contract with break glass, over the shipped graph."""

from __future__ import annotations

from pathlib import Path

import pytest

import authz
from authz.book import ContractBook
from authz.dependencies import dependencies_of
from authz.document import read_contract_text
from kernel.clock import FixedClock
from schema import text
from tests.gateway.access.conftest import NOW, graph  # noqa: F401  # fixture

GLASS = "break_glass: {roles: [shift-leader], purposes: [EVENT_RESPONSE], longest: 30m}\n"


def glass_source() -> str:
    """The municipal police's contract with the clause."""
    return (Path(authz.__file__).parent / "contracts" / "LV-PP-RIGA.yaml").read_text(encoding="utf-8") + "\n" + GLASS


@pytest.fixture(scope="module")
def glass_book(graph) -> ContractBook:  # noqa: F811
    """The municipal police's contract, and the same agency's rights plus an emergency."""
    contract, findings = read_contract_text(glass_source(), "glass.yaml")
    assert contract is not None, findings
    schema = graph.supergraph.api_schema
    return ContractBook.of([contract], schema, FixedClock(NOW), dependencies=dependencies_of(text("supergraph")))
