from __future__ import annotations

from datetime import UTC, datetime

from authz.catalogue import catalogue_of
from authz.compile import compile_contract
from authz.document import read_contract_text
from authz.document.form import FORM
from authz.document.kinds import Either, Group, Kind, ListOf, Named
from authz.document.starter import Draft, starter
from tests.authz.small_world import api_schema

DRAFT = Draft("C-9", 'The "harbour"', "LV-HM", "Ostas kapteinis", datetime(2026, 5, 1, tzinfo=UTC), "./contract.schema.json")


def words_of(kind: Kind) -> list[str]:
    match kind:
        case Group(words):
            return [name for word in words for name in (word.name, *words_of(word.kind))]
        case ListOf(item) | Named(item):
            return words_of(item)
        case Either(_, other):
            return words_of(other)
        case _:
            return []


def test_a_new_contract_is_in_force_against_the_shipped_graph() -> None:
    contract, findings = read_contract_text(starter(DRAFT))
    assert contract is not None, findings
    assert (contract.id, contract.title, contract.agency) == ("C-9", 'The "harbour"', "LV-HM")
    compiled = compile_contract(contract, catalogue_of(api_schema()))
    assert [finding.code for finding in compiled.findings] == ["UNSIGNED"]
    assert "Event.kind" in compiled.masks["EVENT_RESPONSE"].read


def test_it_tells_of_every_word_that_there_is() -> None:
    text = starter(DRAFT)
    within_signatures = {"by", "kid", "alg", "over", "value", "signatures"}
    assert [word for word in words_of(FORM) if word not in within_signatures and f"{word}:" not in text] == []


def test_what_it_only_offers_can_be_taken_up_by_removing_the_sign() -> None:
    lines = starter(DRAFT).splitlines()
    offered = ("clients", "quotas", "assurance", "break_glass", "masks")
    taken, inside = [], False
    for line in lines:
        inside = line.startswith(tuple(f"# {word}:" for word in offered)) or (inside and line.startswith("#   "))
        taken.append(line.removeprefix("# ") if inside else line)
    contract, findings = read_contract_text("\n".join(taken))
    assert contract is not None, findings
    assert contract.break_glass is not None
    assert contract.clients[0].client_id == "hm-desk"
    assert contract.masks["last4"].n == 4
