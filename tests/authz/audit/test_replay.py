"""Replay: each decision is recomputed by the contracts and the graph of its day, and a record that says otherwise is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from authz.audit import WithheldField
from authz.audit.archive import ContractArchive, archive_beside, bundle_of
from authz.audit.errors import NotArchived
from authz.audit.replay import Replayer, documents_of
from authz.book import ContractBook
from authz.document import read_contract
from gateway.query_graph import build_query_graph
from schema import text
from tests.gateway.access.conftest import book, graph, protected  # noqa: F401  # fixtures

QUERY = (
    "query($plate: String!) { vehicleByPlate(plate: $plate) { plate make holders { person { documents { kind number } } } } }"
)
PLATE = {"plate": "QA-1234"}


@pytest.fixture(scope="module")
def schema_of():
    known = {}

    def made(sdl):
        if sdl not in known:
            known[sdl] = build_query_graph(sdl).supergraph.api_schema
        return known[sdl]

    return made


@pytest.fixture
def archive(tmp_path, graph, book):  # noqa: F811
    kept = ContractArchive(archive_beside(tmp_path / "audit.db"))
    kept.keep(book, text("supergraph"), graph.supergraph.api_schema)
    return kept


@pytest.fixture
async def records(protected):  # noqa: F811
    """A whole answer, one with a withheld field, a search that is refused, and three callers whom the gate sends away."""
    ask, token = protected.ask, protected.token
    await ask(QUERY, token("LV-PROK", "CRIMINAL_PROCEEDING", "11-00012"), PLATE)
    await ask(QUERY, token("LV-PP-RIGA", "EVENT_RESPONSE"), PLATE)
    await ask(
        '{ persons(first: 1, where: {familyName: {startsWith: "B"}}) { totalCount } }', token("LV-PP-RIGA", "EVENT_RESPONSE")
    )
    await ask(QUERY, token("LV-PROK", None), PLATE)
    await ask(QUERY, token("LV-PROK", "CRIMINAL_PROCEEDING"), PLATE)
    await ask(QUERY, token("LV-NOBODY", "STATISTICS"), PLATE)
    return protected.log.tail(6)


def changed(record, **fields):
    return replace(record, entry=msgspec.structs.replace(record.entry, **fields))


async def test_everything_is_decided_again_as_it_was(records, archive, schema_of):
    replayer = Replayer(archive, schema_of, documents_of({"query": QUERY}))
    assert [replayer.replay(record).verdict for record in records] == ["same"] * 6


async def test_a_field_that_was_given_without_a_right_is_told(records, archive, schema_of):
    forged = changed(records[1], resources=records[1].entry.resources | {"Document.number"})
    found = Replayer(archive, schema_of).replay(forged)
    assert (found.verdict, found.differences) == ("different", ("Document.number was given, and is not granted",))


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        ({"filters": frozenset({"Person.personalCode:contains"})}, "searched by"),
        ({"sorts": frozenset({"Person.personalCode"})}, "sorted by"),
        ({"withheld": (WithheldField("Vehicle.make", "read", "NOT_GRANTED"),)}, "was withheld, and is granted"),
        ({"purpose": "NO_PURPOSE"}, "would be refused (PURPOSE_REQUIRED)"),
        ({"case_ref": None}, "would be refused (CASE_REFERENCE_REQUIRED)"),
    ],
)
async def test_a_record_that_lies_is_told(records, archive, schema_of, lie, told):
    found = Replayer(archive, schema_of).replay(changed(records[0], **lie))
    assert found.verdict == "different"
    assert told in found.differences[0]


async def test_a_decision_after_the_end_of_the_contract_is_told(records, archive, schema_of):
    late = replace(records[0], at=records[0].at + timedelta(days=4000))
    assert Replayer(archive, schema_of).replay(late).differences == (
        "the caller would be refused (CONTRACT_NOT_IN_FORCE), and was: admitted",
    )


async def test_another_digest_of_the_mask_alone_is_equivalent(records, archive, schema_of):
    assert Replayer(archive, schema_of).replay(changed(records[0], mask_digest="sha256:00")).verdict == "equivalent"


async def test_with_the_operation_at_hand_what_it_did_not_ask_for_is_told(records, archive, schema_of):
    forged = changed(records[0], resources=records[0].entry.resources | {"Vehicle.colour"})
    assert Replayer(archive, schema_of).replay(forged).verdict == "same"
    found = Replayer(archive, schema_of, documents_of({"query": QUERY})).replay(forged)
    assert found.differences == ("Vehicle.colour was given, and the operation does not ask for it",)


async def test_a_record_whose_rules_are_gone_or_changed_cannot_be_replayed(records, archive, schema_of, tmp_path):
    assert Replayer(archive, schema_of).replay(changed(records[0], bundle=None)).verdict == "cannot be replayed"
    assert Replayer(archive, schema_of).replay(changed(records[0], bundle="sha256:00")).verdict == "cannot be replayed"
    for contract in (tmp_path / "audit.rules" / "contracts").iterdir():
        contract.write_text(contract.read_text().replace("LV-PROK", "LV-PROX"))
    found = Replayer(archive, schema_of).replay(records[0])
    assert (found.verdict, "another digest" in found.differences[0]) == ("cannot be replayed", True)


async def test_a_record_that_no_contract_decided_says_so(records, archive, schema_of):
    assert Replayer(archive, schema_of).replay(changed(records[0], kind="import")).verdict == "not decided by contract"


def test_archiving_twice_is_nothing_and_a_changed_document_is_told(tmp_path, graph, book):  # noqa: F811
    archive = ContractArchive(tmp_path / "rules")
    schema = graph.supergraph.api_schema
    assert archive.keep(book, text("supergraph"), schema) == archive.keep(book, text("supergraph"), schema) == bundle_of(book)
    contract = next(iter(book.contracts.values())).contract
    copy = tmp_path / "copy.yaml"
    copy.write_text(Path(contract.file).read_text(encoding="utf-8"))
    read, _ = read_contract(copy)
    other = ContractBook.of([read], schema, book.clock)
    copy.write_text(copy.read_text() + "\n# and a remark\n")
    ContractArchive(tmp_path / "third").keep(other, text("supergraph"), schema)  # the same document in other words
    copy.write_text(copy.read_text().replace("title:", "title: x"))
    with pytest.raises(NotArchived, match="No longer the document"):
        ContractArchive(tmp_path / "second").keep(other, text("supergraph"), schema)


async def test_a_look_up_in_an_emergency_that_the_contract_does_not_know_is_told(records, archive, schema_of):
    found = Replayer(archive, schema_of).replay(changed(records[0], emergency="emg_1"))
    assert (found.verdict, "the contract has none" in found.differences[0]) == ("different", True)
