"""A contract at a glance: types × fields × rights × purposes.

In: a compiled contract and the catalogue. Out: a `Matrix` of plain texts, which the command prints as a table, as JSON, or as
one HTML page (`page.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from authz.catalogue import Catalogue
from authz.compile import CompiledContract
from authz.mask import Mask
from authz.rows import EVERY_ROW, NO_ROW, plain

Reading = Literal["yes", "part", "withheld", "no", "public"]


@dataclass(frozen=True, slots=True)
class Cell:
    """The rights on one field for one purpose. `read` is `part` where a value mask applies, `withheld` where the agency may
    know of the field.
    """

    read: Reading
    filter: tuple[str, ...]
    sort: bool
    count: bool
    subscribe: bool
    trigger: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing is allowed and nothing is known."""
        return self.read == "no" and not (self.filter or self.sort or self.count or self.subscribe or self.trigger)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One field. `classification` is L0 … L4, `public`, or `unmarked`."""

    type: str
    field: str
    classification: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Matrix:
    """All fields of the schema that need a right, or of which something is granted. `rows_of` says which rows of a type."""

    contract: str
    version: int
    digest: str
    agency: str
    agency_name: str
    title: str
    valid: tuple[str, str]
    purposes: tuple[str, ...]
    requires: Mapping[str, str]
    rows: tuple[MatrixRow, ...]
    rows_of: Mapping[str, Mapping[str, object]]


def matrix_of(compiled: CompiledContract, catalogue: Catalogue) -> Matrix:
    """The matrix of a contract."""
    contract, masks = compiled.contract, compiled.masks
    rows = []
    for name in sorted({*catalogue.fields, *catalogue.rights}):
        if not catalogue.rights.get(name):
            continue
        type_name, _, field = name.partition(".")
        entry = catalogue.fields.get(name)
        marked = None if entry is None else entry.mark.classification
        if marked is None:
            marked = "count" if entry is not None and entry.mark.counts else "public"
        rows.append(MatrixRow(type_name, field, marked, {purpose: _cell(mask, name) for purpose, mask in masks.items()}))
    validity = contract.validity
    return Matrix(
        contract=contract.id,
        version=contract.version,
        digest=contract.digest,
        agency=contract.agency,
        agency_name=contract.parties.consumer.name,
        title=contract.title,
        valid=(f"{validity.not_before:%Y-%m-%d}", f"{validity.not_after:%Y-%m-%d}"),
        purposes=compiled.purposes,
        requires={name: _requires(compiled, name) for name in compiled.purposes},
        rows=tuple(rows),
        rows_of={purpose: _rows_of(mask) for purpose, mask in masks.items()},
    )


def _cell(mask: Mask, name: str) -> Cell:
    read: Reading = "no"
    if name in mask.values:
        read = "part"
    elif name in mask.read:
        read = "yes"
    elif name in mask.listed:
        read = "withheld"
    operators = tuple(sorted(mask.filter.get(name, ())))
    return Cell(read, operators, name in mask.sort, name in mask.count, name in mask.subscribe, name in mask.trigger)


def _requires(compiled: CompiledContract, name: str) -> str:
    purpose = compiled.contract.purposes[name]
    words = ["user"] if purpose.requires_user else []
    if purpose.requires_case:
        words.append(f"case {purpose.case_ref_pattern}" if purpose.case_ref_pattern else "case")
    return ", ".join(words)


def _rows_of(mask: Mask) -> dict[str, object]:
    said: dict[str, object] = {}
    for name, predicate in mask.rows.items():
        said[name] = "all" if predicate == EVERY_ROW else "none" if predicate == NO_ROW else plain(predicate)
    return said
