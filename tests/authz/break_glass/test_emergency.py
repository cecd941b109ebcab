"""Break glass: off by default, for a role, with a reason, for a time, opening listed fields alone, never unseen."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from authz.audit import AuditLog, VariableSeal, verify
from authz.audit.archive import ContractArchive
from authz.audit.replay import Replayer
from authz.break_glass import EmergencyLedger, EmergencyRefused, may_declare, opened
from authz.identity import DevelopmentIssuer, development_validator
from authz.signed_context import ContextSigner, ContextVerifier, SignedContext
from gateway.access import Asked, ContractGate
from gateway.access.contract import Keeping
from gateway.pipeline import Pipeline
from kernel.clock import FixedClock
from schema import text
from subgraphs.room.guard import Guard
from tests.authz.break_glass.conftest import glass_source
from tests.gateway.access.conftest import NOW, InventedRoom, book, graph  # noqa: F401  # fixtures

QUERY = "query($plate: String!) { vehicleByPlate(plate: $plate) { holders { person { documents { kind number } } } } }"
REASON = "A child is in danger, Brīvības iela"
NUMBER = ["vehicleByPlate", "holders", "person", "documents", "number"]


class Gateway:
    """A protected gateway for the contract with break glass."""

    def __init__(self, folder, graph, book) -> None:  # noqa: F811
        keys = folder / "keys"
        keys.mkdir(mode=0o700)
        self.clock, self.keys, self.book = FixedClock(NOW), keys, book
        self.issuer = DevelopmentIssuer(keys, self.clock)
        self.log = AuditLog.open(folder / "audit.db", self.clock)
        self.ledger = EmergencyLedger(folder / "emergencies.sqlite3")
        self.rooms = {
            name: InventedRoom(graph.supergraph.subgraph_schema(name), ContextVerifier.open(keys, name), self.clock)
            for name in graph.supergraph.subgraphs
        }
        self.issuer.issue("LV-PP-RIGA", "x")
        self.schema = graph.supergraph.api_schema
        tokens, signer, seal = development_validator(keys), ContextSigner.open(keys), VariableSeal.open(keys)
        gate = ContractGate(self.schema, book, tokens, signer, self.log, seal, self.clock, Keeping(self.ledger))
        self.pipeline = Pipeline(graph, gate, self.rooms)

    async def ask(self, roles=("shift-leader",), **headers):
        self.clock.advance(timedelta(seconds=1))
        token = self.issuer.issue("LV-PP-RIGA", "anna", purpose="EVENT_RESPONSE", roles=roles)
        # As a header comes in: UTF-8, read as Latin-1.
        named = {name.replace("_", "-"): value.encode().decode("latin-1") for name, value in headers.items()}
        asked = Asked(QUERY, None, {"plate": "QA-1234"}, {"authorization": f"Bearer {token}", **named})
        return msgspec.json.decode((await self.pipeline.answer(asked)).body)


@pytest.fixture
async def gateway(tmp_path, graph, glass_book):  # noqa: F811
    made = Gateway(tmp_path, graph, glass_book)
    yield made
    await made.pipeline.close()


def withheld(answer):
    return [one["path"] for one in answer["extensions"]["withheld"]]


async def test_an_emergency_opens_what_is_listed_and_without_the_header_it_stays_closed(gateway):
    assert withheld(await gateway.ask()) == [NUMBER]
    answer = await gateway.ask(saite_emergency=REASON)
    assert withheld(answer) == []
    assert answer["data"]["vehicleByPlate"]["holders"][0]["person"]["documents"][0]["number"] == "a value"
    assert withheld(await gateway.ask()) == [NUMBER]


async def test_it_is_recorded_before_anything_is_opened_and_every_look_up_names_it(gateway, tmp_path):
    await gateway.ask(saite_emergency=REASON)
    await gateway.ask(saite_emergency=REASON)
    declared, first, second = (record.entry for record in gateway.log.tail(3))
    assert (declared.kind, declared.user, declared.resources) == ("break_glass", "anna", frozenset())
    assert {declared.emergency, first.emergency, second.emergency} == {gateway.ledger.all()[0].id}
    assert "Document.number" in first.resources
    assert declared.justification_hmac is not None
    assert "child" not in str(declared)
    assert verify(tmp_path / "audit.db").ok
    assert gateway.ledger.all(only_pending=True)[0].reason == REASON
    assert {context.emergency for context in gateway.rooms["documents"].contexts[-1:]} == {first.emergency}


@pytest.mark.parametrize("roles", [(), ("officer",), ("SHIFT-LEADER",)])
async def test_a_user_without_the_role_is_refused_and_that_is_recorded(gateway, roles):
    answer = await gateway.ask(roles, saite_emergency=REASON)
    assert answer["errors"][0]["extensions"]["code"] == "EMERGENCY_REFUSED"
    assert gateway.log.tail(1)[0].entry.error_code == "EMERGENCY_REFUSED"
    assert gateway.ledger.all() == ()


@pytest.mark.parametrize("reason", ["", "urgent", "          x"])
async def test_an_emergency_without_a_reason_is_refused(gateway, reason):
    assert (await gateway.ask(saite_emergency=reason))["errors"][0]["extensions"]["code"] == "EMERGENCY_REFUSED"


async def test_it_ends_by_itself_and_another_one_is_another_alarm(gateway, caplog):
    await gateway.ask(saite_emergency=REASON)
    gateway.clock.advance(timedelta(minutes=31))
    await gateway.ask(saite_emergency=REASON)
    assert len(gateway.ledger.all()) == 2
    assert sum(record.name == "saite.alarm" for record in caplog.records) == 2


def test_without_the_clause_nobody_may_declare_one(book):  # noqa: F811
    for compiled in book.contracts.values():
        for purpose in compiled.masks:
            with pytest.raises(EmergencyRefused):
                may_declare(compiled.contract, {"shift-leader"}, purpose, REASON)


def test_another_purpose_opens_nothing(glass_book):
    (compiled,) = glass_book.contracts.values()
    assert compiled.masks["EVENT_RESPONSE"].emergency
    for purpose, mask in compiled.masks.items():
        if purpose != "EVENT_RESPONSE":
            assert not mask.emergency
            with pytest.raises(EmergencyRefused):
                may_declare(compiled.contract, {"shift-leader"}, purpose, REASON)


def test_only_reading_of_listed_fields_is_opened(glass_book):
    (compiled,) = glass_book.contracts.values()
    mask = compiled.masks["EVENT_RESPONSE"]
    wide = opened(mask)
    assert wide.read - mask.read == mask.emergency <= mask.listed
    assert (wide.filter, wide.sort, wide.count, wide.rows, wide.values) == (
        mask.filter,
        mask.sort,
        mask.count,
        mask.rows,
        mask.values,
    )
    assert wide.digest != mask.digest


def test_a_room_decides_by_the_opened_mask_too_and_only_with_an_emergency(glass_book, tmp_path, graph):  # noqa: F811
    (compiled,) = glass_book.contracts.values()
    mask = compiled.masks["EVENT_RESPONSE"]
    signer = ContextSigner.open(tmp_path)
    guard = Guard(ContextVerifier.open(tmp_path, "documents"), glass_book, FixedClock(NOW))
    schema = graph.supergraph.api_schema

    def entered(digest, emergency):
        context = SignedContext(
            "t", compiled.agency, "anna", mask.contract_id, mask.contract_version, digest, mask.purpose, emergency=emergency
        )
        return guard.admit(signer.sign(context, "documents", b"{}", NOW), b"{}", schema)

    assert "Document.number" in entered(opened(mask).digest, "emg_1").mask.read
    assert "Document.number" not in entered(mask.digest, None).mask.read
    for digest, emergency in ((opened(mask).digest, None), (mask.digest, "emg_1")):
        with pytest.raises(Exception, match="answers the gateway only"):
            entered(digest, emergency)


async def test_look_ups_in_an_emergency_are_replayed_by_the_opened_mask(gateway, tmp_path, graph):  # noqa: F811
    (compiled,) = gateway.book.contracts.values()
    archive = ContractArchive(tmp_path / "rules")
    archive.keep(gateway.book, text("supergraph"), gateway.schema, {compiled.contract.digest: glass_source()})
    await gateway.ask()
    await gateway.ask(saite_emergency=REASON)
    replayer = Replayer(archive, lambda _sdl: gateway.schema)
    assert [(one.entry.kind, replayer.replay(one).verdict) for one in gateway.log.tail(3)] == [
        ("combination", "same"),
        ("break_glass", "same"),
        ("combination", "same"),
    ]
