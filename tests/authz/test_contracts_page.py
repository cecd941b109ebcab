"""The page about contracts is true: its example loads, and every word of the form is explained."""

from __future__ import annotations

import re
from pathlib import Path

from authz.catalogue import catalogue_of
from authz.compile import compile_contract
from authz.document.form import FORM
from tests.authz.small_world import api_schema, contract_of

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "contracts.md").read_text(encoding="utf-8")


def test_the_example_on_the_page_is_a_contract_in_force() -> None:
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    compiled = compile_contract(contract_of(example[1]), catalogue_of(api_schema()))
    assert set(compiled.masks) == {"EVENT_RESPONSE", "ADMIN_PROCEEDING"}
    assert {finding.level for finding in compiled.findings} == {"note"}


def test_every_word_of_the_form_is_explained() -> None:
    for word in FORM.words:
        if word.name not in ("apiVersion", "kind"):
            assert f"`{word.name}`" in PAGE
