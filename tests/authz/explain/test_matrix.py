from __future__ import annotations

import re
from html.parser import HTMLParser

from authz.catalogue import catalogue_of
from authz.compile import compile_contract, questions
from authz.explain import Matrix, matrix_of
from authz.explain.page import page
from tests.authz.small_world import CONTRACT, SCHEMA, contract_of


def matrix(text: str = CONTRACT) -> Matrix:
    catalogue = catalogue_of(SCHEMA)
    return matrix_of(compile_contract(contract_of(text), catalogue), catalogue)


def test_every_cell_is_what_the_mask_says() -> None:
    catalogue = catalogue_of(SCHEMA)
    compiled = compile_contract(contract_of(), catalogue)
    cells = {(f"{row.type}.{row.field}", name): cell for row in matrix().rows for name, cell in row.cells.items()}
    for purpose, mask in compiled.masks.items():
        for field, right in questions(catalogue):
            cell = cells[field, purpose]
            kind, _, operator = right.partition(":")
            shown = (
                operator in cell.filter
                if kind == "filter"
                else cell.read in ("yes", "part")
                if kind == "read"
                else getattr(cell, kind)
            )
            assert shown is mask.permits(right, field), (purpose, field, right)


def test_a_denied_field_that_the_agency_knows_of_is_withheld() -> None:
    rows = {f"{row.type}.{row.field}": row for row in matrix().rows}
    assert rows["Person.warrants"].cells["INVESTIGATION"].read == "withheld"
    assert rows["Person.address"].cells["INVESTIGATION"].read == "no"
    assert rows["Person.warrants"].classification == "L4"
    assert matrix().rows_of["STATISTICS"]["Event"] == {
        "all": [{"in": ["territory", ["0001000"]]}, {"not": {"eq": ["sealed", True]}}]
    }


def test_the_page_needs_nothing_else_and_shows_every_field() -> None:
    text = page(matrix())
    assert not re.search(r"https?://|<link|<img|src=", text)
    fields: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            fields.extend(value for name, value in attrs if name == "data-name" and value)

    Reader().feed(text)
    assert fields == [f"{row.type}.{row.field}".lower() for row in matrix().rows]


def test_a_title_cannot_break_the_page() -> None:
    text = page(matrix(CONTRACT.replace("title: A contract for tests", "title: '<script>alert(1)</script>'")))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
