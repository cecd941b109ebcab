"""`saite contract publish|revoke`: what all processes of an installation learn through its store."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.contract.reading import draft
from saite.cli.output import DEFAULT_DATA, DataOption, clear_errors, complain

if TYPE_CHECKING:
    from authz.book import SqliteContracts


@clear_errors
def publish(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Contract documents.")],
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Put contracts into the store of the data folder, for processes that follow the store instead of a folder.

    Each is compiled and its canaries are tried first: what is refused is not published, nor anything with it.

    Example: `saite contract publish LV-VP.yaml --data /srv/saite`
    """
    from kernel.clock import SystemClock

    for path in files:
        draft(path)
    store = _store(data)
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
    data: DataOption = DEFAULT_DATA,
) -> None:
    """End a contract now: within a second every process that follows the data folder refuses it, streams included.

    A revocation is for ever. Name the `--version` that ends when a later one shall come into force; without it the contract is over.

    Example: `saite contract revoke C-2026-002 --version 1 --reason "misuse, case 26-00017"`
    """
    from authz.book import Revocation
    from kernel.clock import SystemClock

    store = _store(data)
    try:
        number = store.revoke(Revocation(contract_id, version, SystemClock().now(), reason, getpass.getuser()))
    finally:
        store.close()
    complain(f"Revoked {contract_id} (number {number}).")


def _store(data: Path) -> SqliteContracts:
    from authz.book import SqliteContracts
    from saite.folder import DataFolder

    folder = DataFolder(data)
    folder.prepare()
    return SqliteContracts(folder.contracts)
