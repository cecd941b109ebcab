"""`saite contract publish|revoke`: what all processes of an installation learn through its store."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.contract.reading import draft
from saite.cli.output import DEFAULT_DATA, DataOption, clear_errors, complain

if TYPE_CHECKING:
    from authz.book import ContractStore

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--contracts",
        metavar="URL",
        envvar="SAITE_CONTRACTS",
        help="The database that the processes follow, postgresql://…; otherwise the store of the data folder.",
    ),
]


@clear_errors
def publish(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Contract documents.")],
    contracts: StoreOption = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Put contracts into the store that processes follow: a database for those of all machines, or the data folder's.

    Each is compiled and its canaries are tried first: what is refused is not published, nor anything with it.

    Example: `saite contract publish LV-VP.yaml --contracts postgresql://contracts@db/saite`
    """
    from kernel.clock import SystemClock

    for path in files:
        draft(path)
    store = store_of(contracts, data)
    try:
        texts = [(path.name, path.read_text(encoding="utf-8")) for path in files]
        number = store.publish(texts, getpass.getuser(), SystemClock().now())
    finally:
        store.close()
    complain(f"Published {', '.join(path.name for path in files)} as number {number}.")


@clear_errors
def revoke(
    contract_id: Annotated[str, typer.Argument(metavar="CONTRACT", help="The contract's id, e.g. C-2026-002.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the store, not shown to the agency.")],
    version: Annotated[
        int,
        typer.Option(min=1, max=2**31, help="This version and all before it; otherwise every version that there will ever be."),
    ] = 2**31,
    contracts: StoreOption = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """End a contract now: within a second every process that follows the store refuses it, streams included.

    A revocation is for ever. Name the `--version` that ends when a later one shall come into force; without it the contract is over.

    Example: `saite contract revoke C-2026-002 --version 1 --reason "misuse, case 26-00017"`
    """
    from authz.book import Revocation
    from kernel.clock import SystemClock

    store = store_of(contracts, data)
    try:
        number = store.revoke(Revocation(contract_id, version, SystemClock().now(), reason, getpass.getuser()))
    finally:
        store.close()
    complain(f"Revoked {contract_id} (number {number}).")


def store_of(named: str | None, data: Path) -> ContractStore:
    """The store in the database that is named, else in the data folder."""
    from authz.book import open_store
    from saite.folder import DataFolder

    if named is not None and "://" in named:  # SAITE_CONTRACTS may name a folder: its store is the data folder's
        return open_store(named)
    folder = DataFolder(data)
    folder.prepare()
    return open_store(folder.contracts)
