"""Variables as keyed hashes: testable by who holds the code and the key, silent for everybody else."""

from __future__ import annotations

import pytest

from authz.audit import UnrecordableVariables, VariableSeal
from authz.audit.variables import MAX_VALUES

SEAL = VariableSeal(b"k" * 32)


def test_an_inspector_who_holds_a_code_finds_out_whether_it_was_asked_for():
    sealed = SEAL.seal(
        {"where": {"or": [{"personalCode": {"eq": "309912-10000"}}, {"familyName": {"eq": "Bērziņa"}}]}, "first": 10}
    )
    assert SEAL.value("30991210000") in sealed.values
    assert SEAL.value("309912-10000") in sealed.values
    assert SEAL.value("30991210001") not in sealed.values


def test_without_the_key_the_same_values_look_different():
    assert VariableSeal(b"x" * 32).seal({"plate": "QA-1"}) != SEAL.seal({"plate": "QA-1"})


def test_no_value_can_be_read_from_the_seal():
    sealed = SEAL.seal({"plate": "QA1234"})
    assert "QA1234" not in f"{sealed}"


def test_the_order_of_names_does_not_matter_and_the_names_do():
    assert SEAL.seal({"a": "1", "b": "2"}) == SEAL.seal({"b": "2", "a": "1"})
    assert SEAL.seal({"a": "1"}).whole != SEAL.seal({"b": "1"}).whole


def test_no_variables_leave_no_hash():
    assert SEAL.seal(None) == SEAL.seal({})
    assert SEAL.seal(None).whole is None


def test_the_number_of_hashes_is_bounded():
    assert len(SEAL.seal({"list": [str(number) for number in range(1000)]}).values) == MAX_VALUES


def test_variables_that_cannot_be_recorded_are_refused():
    deep: object = "x"
    for _ in range(100_000):
        deep = [deep]
    for variables in ({"text": "\ud800"}, {"\ud800": 1}, {"deep": deep}, {"odd": object()}):
        with pytest.raises(UnrecordableVariables):
            SEAL.seal(variables)


def test_the_secret_stays_in_the_data_folder(tmp_path):
    assert VariableSeal.open(tmp_path).value("x") == VariableSeal.open(tmp_path).value("x")
