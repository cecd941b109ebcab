"""What the verbs of `saite contract` read: contracts by agency or by file, compiled against the shipped graph."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.output import NO, UNUSABLE, complain, stop

if TYPE_CHECKING:
    from authz.book import ContractBook
    from authz.catalogue import Catalogue
    from authz.compile import CompiledContract, Dependencies
    from authz.document import Contract

ContractsOption = Annotated[
    str | None,
    typer.Option(
        "--contracts",
        metavar="DIR|URL",
        envvar="SAITE_CONTRACTS",
        help="A folder of contracts, or the database they are published in; otherwise the shipped ones.",
    ),
]
WhichArgument = Annotated[
    str, typer.Argument(metavar="AGENCY|FILE", help="An agency's id, or a contract document: a draft that is nowhere in force.")
]


def catalogue() -> Catalogue:
    """What there is to have rights on."""
    from authz.catalogue import catalogue_of
    from saite.graph import api_schema

    return catalogue_of(api_schema())


@lru_cache(maxsize=1)
def dependencies() -> Dependencies:
    """What the shipped graph's fields are made from."""
    from authz.dependencies import dependencies_of
    from schema import text

    return dependencies_of(text("supergraph"))


def document(path: Path) -> Contract:
    """The contract in a file; ends with every finding and exit code 1 when it is wrong."""
    from authz.document import read_contract

    if not path.is_file():
        stop(f"There is no file {path}.", UNUSABLE)
    contract, findings = read_contract(path)
    for finding in findings:
        complain(str(finding))
    if contract is None:
        stop(f"{path} is no contract.", NO)
    return contract


def draft(path: Path, *, canaries: bool = True) -> CompiledContract:
    """The file's contract, compiled; ends with exit code 1 when it is refused."""
    from authz.compile import compile_contract, decide
    from authz.errors import ContractRefused

    try:
        return (compile_contract if canaries else decide)(document(path), catalogue(), dependencies())
    except ContractRefused as refusal:
        stop(refusal.message, NO)


def book_of(contracts: str | None) -> ContractBook:
    """The contracts of a folder or database, compiled; otherwise the shipped ones."""
    from saite.contracts import source_of
    from saite.graph import api_schema, contract_book, shipped_contracts

    source = source_of(contracts)
    if source.store is None:
        return contract_book(source.folder or shipped_contracts())
    from authz.book import ContractBook, open_store
    from authz.document import read_contract_text
    from kernel.clock import SystemClock

    store = open_store(source.store)
    try:
        published = store.documents()
    finally:
        store.close()
    read = []
    for one in published:
        contract, findings = read_contract_text(one.text, one.name)
        for finding in findings:
            complain(str(finding))
        if contract is not None:
            read.append(contract)
    return ContractBook.of(read, api_schema(), SystemClock(), dependencies=dependencies())


def contract_of(which: str, contracts: str | None) -> CompiledContract:
    """The contract of an agency in the folder or database, or the draft in a file."""
    if which.endswith((".yaml", ".yml")) or Path(which).is_file():
        return draft(Path(which))
    book = book_of(contracts)
    compiled = book.of_agency(which)
    if compiled is None:
        known = ", ".join(sorted({each.agency for each in book.contracts.values()}))
        stop(f"There is no contract with {which!r}. There are contracts with: {known}.", NO)
    return compiled


def purposes_of(compiled: CompiledContract, purpose: str | None) -> tuple[str, ...]:
    """The purposes asked for: the one named, or all; ends with exit code 2 for one that the contract does not have."""
    if purpose is None:
        return compiled.purposes
    if purpose not in compiled.masks:
        stop(f"{purpose!r} is no purpose of {compiled.contract.id}. Its purposes: {', '.join(compiled.purposes)}.", UNUSABLE)
    return (purpose,)
