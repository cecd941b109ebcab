"""S-41 no-deed-without-record: faults of our own leave a record too, and a change is recorded before it is sent."""

from __future__ import annotations

import msgspec
import pytest

import gateway.pipeline
from authz.audit import AuditEntry, AuditLog
from gateway.access import OpenGate
from gateway.access.open import OpenAccess
from gateway.pipeline import Pipeline
from gateway.query_graph import build_query_graph
from kernel.errors import InternalError
from tests.gateway.access.conftest import book, graph, protected  # noqa: F401  # fixtures
from tests.gateway.test_pipeline import SUPERGRAPH, Asked

QUERY = "{ events(first: 1) { nodes { kind } } }"


class LoggedAccess(OpenAccess):
    """Anybody, recorded in a real log."""

    log: AuditLog

    async def record(self, outcome):
        kind = "alteration" if outcome.is_intended else "consultation"
        status = "intended" if outcome.is_intended else "ok"
        await self.log.append(AuditEntry(kind=kind, request_id="r", agency="A", user="u", status=status))
        return {}


class CountingRoom:
    def __init__(self) -> None:
        self.sent = 0

    async def send(self, request):
        from gateway.execution import SubgraphAnswer

        self.sent += 1
        return SubgraphAnswer(200, b'{"data":{"touch":1}}')

    async def close(self) -> None:
        pass


@pytest.fixture
def altering(tmp_path):
    graph = build_query_graph(SUPERGRAPH)  # noqa: F811
    gate, room, log = OpenGate(graph.supergraph.api_schema), CountingRoom(), AuditLog.open(tmp_path / "audit.db")
    access = LoggedAccess(graph.supergraph.api_schema)
    LoggedAccess.log = log
    gate._access = access
    yield Pipeline(graph, gate, {"users": room, "names": room}), room, log
    log.close()


async def test_a_change_is_recorded_before_it_is_sent_and_again_when_it_is_done(altering) -> None:
    pipeline, room, log = altering
    assert (await pipeline.answer(Asked("mutation { touch }"))).status == 200
    assert room.sent == 1
    assert [record.entry.status for record in log.tail(5)] == ["intended", "ok"]


async def test_without_a_log_no_change_is_sent(altering) -> None:
    pipeline, room, log = altering
    log.close()
    answered = await pipeline.answer(Asked("mutation { touch }"))
    assert (answered.status, answered.code, room.sent) == (503, "AUDIT_UNAVAILABLE", 0)


@pytest.mark.parametrize("stage", ["execute", "render"])
@pytest.mark.parametrize(("fault", "code"), [(RuntimeError("30990000000"), "INTERNAL_ERROR"), (InternalError("x"), None)])
async def test_a_fault_of_our_own_is_recorded_and_masked(protected, monkeypatch, stage, fault, code) -> None:  # noqa: F811
    def broken(*_a, **_k):
        raise fault

    monkeypatch.setattr(gateway.pipeline, stage, broken)
    answered = await protected.ask(QUERY, protected.token("LV-STAT", "STATISTICS"))
    assert answered.status == 500
    assert b"30990000000" not in answered.body
    entry = protected.log.tail(1)[0].entry
    assert (entry.status, entry.error_code) == ("failed", code or InternalError.code)
    assert entry.resources == frozenset()


async def test_variables_that_cannot_be_recorded_refuse_the_request_with_a_record(protected) -> None:  # noqa: F811
    answered = await protected.ask(QUERY, protected.token("LV-STAT", "STATISTICS"), {"x": "\ud800"})
    assert (answered.has_data, answered.code) == (False, "UNRECORDABLE_VARIABLES")
    assert msgspec.json.decode(answered.body)["errors"]
    entry = protected.log.tail(1)[0].entry
    assert (entry.kind, entry.error_code) == ("denial", "UNRECORDABLE_VARIABLES")
    assert protected.fetched() == ""
