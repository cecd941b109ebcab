from __future__ import annotations

from pathlib import Path

import pytest

from authz.document import Contract, read_contract_text
from authz.errors import ContractRefused
from authz.signatures import (
    UNCHECKED,
    PartyKeys,
    SignaturePolicy,
    check_signatures,
    party_key,
    sign_contract,
    with_signature,
)
from authz.signatures.keys import NoSuchParty
from tests.authz.small_world import CONTRACT, contract_of

PARTIES = (("data-owner", "LV-IC"), ("data-consumer", "LV-TEST"))


def signed(text: str, folder: Path, roles=PARTIES) -> str:
    for role, party in roles:
        contract = contract_of(text)
        text = with_signature(text, contract.signatures, sign_contract(contract, role, party_key(folder, party)))
    return text


def reasons(contract: Contract, folder: Path) -> list[str]:
    return [checked.reason for checked in check_signatures(contract, PartyKeys(folder)) if not checked.holds]


def test_two_parties_sign_and_both_signatures_hold(tmp_path: Path) -> None:
    contract = contract_of(signed(CONTRACT, tmp_path))
    assert [signature.by for signature in contract.signatures] == ["LV-IC", "LV-TEST"]
    assert reasons(contract, tmp_path) == []
    SignaturePolicy(PartyKeys(tmp_path)).insist(contract)


def test_a_signature_changes_nothing_else_and_layout_and_remarks_may_change(tmp_path: Path) -> None:
    text = signed(CONTRACT, tmp_path)
    assert text.startswith(CONTRACT)
    assert contract_of(text).digest == contract_of(CONTRACT).digest
    assert reasons(contract_of(f"# a remark\n{text}\n# and another\n"), tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("min_cell: 5", "min_cell: 4"),
        ("Event.kind: [eq]", "Event.kind: [eq, in]"),
        ("version: 1", "version: 2"),
        ("title: A contract for tests", "title: A contract for test"),
        ('["0001000"]', "[0001001]"),
    ],
)
def test_a_change_of_meaning_breaks_both_signatures(tmp_path: Path, old: str, new: str) -> None:
    text = signed(CONTRACT, tmp_path)
    assert old in text
    assert len(reasons(contract_of(text.replace(old, new)), tmp_path)) == 2


def test_one_party_is_not_enough(tmp_path: Path) -> None:
    contract = contract_of(signed(CONTRACT, tmp_path, PARTIES[:1]))
    assert reasons(contract, tmp_path) == ["LV-TEST has not signed as data-consumer"]
    with pytest.raises(ContractRefused, match="LV-TEST has not signed as data-consumer"):
        SignaturePolicy(PartyKeys(tmp_path)).insist(contract)
    UNCHECKED.insist(contract)


def test_a_party_cannot_sign_for_the_other(tmp_path: Path) -> None:
    """The owner's key, under the consumer's name: the kid is not among the consumer's keys."""
    contract = contract_of(signed(CONTRACT, tmp_path))
    forged = sign_contract(contract, "data-consumer", party_key(tmp_path, "LV-IC"))
    text = with_signature(CONTRACT, contract.signatures, forged)
    assert "has no key" in reasons(contract_of(text), tmp_path)[0]


def test_a_signature_of_one_role_is_none_of_the_other(tmp_path: Path) -> None:
    """The consumer's own key, but over the statement of the owner."""
    text = signed(CONTRACT, tmp_path)
    owner, consumer = contract_of(text).signatures
    assert contract_of(text.replace(consumer.value, owner.value)).signatures[1].value == owner.value
    assert "does not fit" in reasons(contract_of(text.replace(consumer.value, owner.value)), tmp_path)[0]


def test_an_algorithm_in_the_header_decides_nothing(tmp_path: Path) -> None:
    text = signed(CONTRACT, tmp_path)
    value = contract_of(text).signatures[0].value
    none = "eyJhbGciOiJub25lIn0.." + value.partition("..")[2]
    assert "does not fit" in reasons(contract_of(text.replace(value, none)), tmp_path)[0]


def test_a_key_that_is_withdrawn_is_believed_no_longer(tmp_path: Path) -> None:
    contract = contract_of(signed(CONTRACT, tmp_path))
    keys = PartyKeys(tmp_path)
    (tmp_path / "LV-TEST.public.jwks").unlink()
    assert [checked.by for checked in check_signatures(contract, keys) if not checked.holds] == ["LV-TEST"]


def test_a_damaged_key_file_refuses_the_contract(tmp_path: Path) -> None:
    contract = contract_of(signed(CONTRACT, tmp_path))
    (tmp_path / "LV-TEST.public.jwks").write_text("{}")
    with pytest.raises(ContractRefused, match="No public keys can be read"):
        SignaturePolicy(PartyKeys(tmp_path)).insist(contract)


@pytest.mark.parametrize("party", ["", "../LV-IC", "a/b", ".hidden", "LV IC"])
def test_a_party_that_no_file_can_be_named_by_is_refused(tmp_path: Path, party: str) -> None:
    with pytest.raises(NoSuchParty):
        party_key(tmp_path, party)


def test_a_signature_takes_the_place_of_an_older_one_and_remarks_stay(tmp_path: Path) -> None:
    text = signed(CONTRACT, tmp_path) + "# the end\n"
    assert signed(text, tmp_path) == text
    brackets = CONTRACT + "signatures: []\n# the end\n"
    again = signed(brackets, tmp_path)
    assert again.endswith("# the end\n")
    assert reasons(contract_of(again), tmp_path) == []


def test_lint_tells_of_signatures_that_are_not_the_parties(tmp_path: Path) -> None:
    from authz.lint import findings_of

    text = signed(CONTRACT, tmp_path).replace("by: LV-TEST", "by: LV-OTHER")
    contract, _ = read_contract_text(text)
    assert contract is not None
    assert any(f.message == "The data-consumer is LV-TEST, not LV-OTHER." for f in findings_of(contract, None))
