"""What a gateway tells operators: numbers of everything that is refused, and nobody's name."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from authz.break_glass import EmergencyLedger
from authz.identity import DevelopmentIssuer
from kernel.clock import SystemClock
from kernel.metrics import Measure, measured, one, page
from saite.contracts import EXAMPLES
from saite.folder import DataFolder
from saite.listen import AddressUnusable
from saite.metrics import metrics_at
from saite.processes import protected_gateway
from tests.gateway.server.conftest import AsgiClient


def numbers(text: str) -> dict[str, float]:
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(sample.labels.values())
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


async def test_a_gateway_tells_who_was_refused_why_and_what_is_in_force(tmp_path: Path) -> None:
    registry, folder = CollectorRegistry(), DataFolder(tmp_path)
    client = AsgiClient(protected_gateway(tmp_path, None, EXAMPLES, {}, registry=registry))
    secret = "jana.slepena"
    token = DevelopmentIssuer(folder.keys).issue("LV-PROK", secret)
    for authorization in ("Bearer nonsense", "Bearer a.b.c", f"Bearer {token}"):
        headers = {"content-type": "application/json", "authorization": authorization}
        await client.request("POST", "/graphql", headers=headers, chunks=(json.dumps({"query": "{ __typename }"}).encode(),))
    now = SystemClock().now()
    ledger = EmergencyLedger(folder.emergencies)
    ledger.declare("LV-PROK", secret, "C-2026-001", "RESCUE", "a person in the water", now, timedelta(hours=1))
    text = page(registry).decode()
    told = numbers(text)
    assert told["saite_authentications_rejected_total{token,malformed}"] == 1
    assert told["saite_authentications_rejected_total{token,header}"] == 1
    assert told["saite_refusals_total{PURPOSE_REQUIRED}"] == 1
    assert told["saite_audit_chain_ok"] == 1
    assert told["saite_audit_records"] >= 1
    assert (told["saite_emergencies{in_force}"], told["saite_emergencies{unreviewed}"]) == (1, 1)
    assert told["saite_contract_version{C-2026-001}"] == 1
    assert told["saite_contract_alarms"] == 0
    assert abs(told["saite_contracts_confirmed_timestamp_seconds"] - now.timestamp()) < 600
    assert secret not in text
    assert "LV-" not in text, "no agency, and nobody of one"
    metrics = await client.request("GET", "/metrics", headers={})
    assert metrics.status == 404, "not where agencies ask"


def test_a_page_is_served_on_a_port_of_this_machine_while_the_process_runs() -> None:
    registry, said = CollectorRegistry(), list[str]()
    measured(registry, Measure("saite_one", "One.", one(lambda: 1)))
    with metrics_at(registry, 0, said.append):
        address = said[0].removeprefix("Metrics are at ")
        assert address.startswith("http://127.0.0.1:")
        with urlopen(address, timeout=10) as answer:
            assert b"saite_one 1.0" in answer.read()
    with metrics_at(registry, None, said.append):
        assert len(said) == 1


def test_an_address_that_cannot_be_had_is_said() -> None:
    with (
        pytest.raises(AddressUnusable, match="Metrics cannot be served"),
        metrics_at(CollectorRegistry(), 1, print, "203.0.113.1"),
    ):
        pass
