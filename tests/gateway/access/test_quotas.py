"""Quotas at the gateway: counted before a value is looked up, and before entities are given (S-18, S-37)."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import msgspec

from authz.document.model import Quota
from gateway.access.contract import ContractGate

LOOK_UP = "query($code: String!) { personByCode(code: $code) { familyName } }"


def answer_of(answered):
    return msgspec.json.decode(answered.body)


async def test_the_fifty_first_code_of_a_day_is_not_looked_up(protected):
    token = protected.token("LV-OP-RIGA", "EVENT_RESPONSE")
    for number in range(50):
        answered = await protected.ask(LOOK_UP, token, {"code": f"309901-{number:05}"})
        assert answered.status == 200
    sent = len(protected.fetched())
    refused = await protected.ask(LOOK_UP, token, {"code": "309901-99999"})
    assert refused.status == 429
    error = answer_of(refused)["errors"][0]
    assert error["extensions"]["code"] == "QUOTA_EXCEEDED"
    assert error["extensions"]["quota"]["freesAt"]
    assert len(protected.fetched()) == sent
    record = protected.log.tail(1)[0].entry
    assert (record.kind, record.status, record.error_code) == ("denial", "denied", "QUOTA_EXCEEDED")
    literal = await protected.ask('{ personByCode(code: "309901-88888") { familyName } }', token)
    assert literal.status == 429
    again = await protected.ask(LOOK_UP, token, {"code": "30990100007"})  # one that was looked up before, written otherwise
    assert again.status == 200


async def test_what_is_given_is_counted_in_entities_and_never_more_than_the_quota(protected, monkeypatch):
    quota = Quota("user", "1d", 20, {}, None)
    admitted = ContractGate.identify

    async def identify(gate, asked):
        access = await admitted(gate, asked)
        access._mask = replace(access._mask, quotas=(quota,))
        return access

    monkeypatch.setattr(ContractGate, "identify", identify)
    token = protected.token("LV-PROK", "CRIMINAL_PROCEEDING", "11-00012")
    query = '{ one: vehicleByPlate(plate: "QA-1") { plate } two: vehicleByVin(vin: "01") { plate } }'
    counts = []
    for _ in range(3):
        answers = await asyncio.gather(*(protected.ask(query, token) for _ in range(6)))
        counts += [answered.status for answered in answers]
    assert counts.count(200) == 10
    assert set(counts) == {200, 429}
    given = [record.entry for record in protected.log.tail(100) if record.entry.status in ("ok", "partial")]
    assert sum(sum(entry.counts.values()) for entry in given) == 20
    refused = next(record.entry for record in protected.log.tail(100) if record.entry.error_code == "QUOTA_EXCEEDED")
    assert refused.entities == {}
    assert refused.answer_sha256 is None


async def test_the_answer_says_when_a_quota_runs_low(protected, monkeypatch):
    token = protected.token("LV-PROK", "CRIMINAL_PROCEEDING", "11-00012")
    admitted = ContractGate.identify

    async def identify(gate, asked):
        access = await admitted(gate, asked)
        access._mask = replace(access._mask, quotas=(Quota("contract", "1w", 5, {}, 0.5),))
        return access

    monkeypatch.setattr(ContractGate, "identify", identify)
    query = '{ vehicleByPlate(plate: "QA-1") { plate } }'
    said = [answer_of(await protected.ask(query, token))["extensions"].get("quota") for _ in range(3)]
    assert said[:2] == [None, None]
    assert said[2] == [{"per": "contract", "what": "entities", "window": "1w", "limit": 5, "used": 3}]
