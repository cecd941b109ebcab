"""`saite keys`: changing the key by which the gateway signs to the registers, while everything runs; the audit log's keys."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from saite.cli.output import DEFAULT_DATA, DataOption, clear_errors

app = typer.Typer(
    no_args_is_help=True,
    help="Change the key by which the gateway signs, without an interruption; the keys of ids in the audit log.",
)


class Step(StrEnum):
    """The steps, in this order."""

    ANNOUNCE = "announce"
    ACTIVATE = "activate"
    RETIRE = "retire"


@app.command()
@clear_errors
def rotate(
    step: Annotated[Step, typer.Argument(help="announce, then activate, then (40 seconds later) retire.")],
    data: DataOption = DEFAULT_DATA,
) -> None:
    """One step of a change of the gateway's key: processes of this data folder follow within a second.

    `announce` publishes the next key beside the current one; copy `keys/gateway-context.public.jwks` to registers that run elsewhere.
    `activate` signs with it. `retire` takes the old one out of the key set; copy it again. Each step can be repeated.

    Example: `saite keys rotate announce`
    """
    from authz.signed_context import rotation
    from saite.folder import DataFolder

    keys = DataFolder(data).keys
    match step:
        case Step.ANNOUNCE:
            typer.echo(f"The key {rotation.announce(keys)} is announced. Next: saite keys rotate activate")
        case Step.ACTIVATE:
            typer.echo(f"The gateway signs with {rotation.activate(keys)}. Next, in 40 seconds: saite keys rotate retire")
        case Step.RETIRE:
            typer.echo(f"Only {rotation.retire(keys, time.time())} is believed.")


@app.command()
@clear_errors
def entities(data: DataOption = DEFAULT_DATA) -> None:
    """Begin a new key for the ids in the audit log. Old ones stay: without them older records are not found by person.

    Processes mark with it from their next start on.

    Example: `saite keys entities`
    """
    from authz.audit.entity_marks import renew
    from saite.folder import DataFolder

    typer.echo(f"Ids in coming records are marked with {renew(DataFolder(data).keys)}, from each process's next start on.")


@app.command()
@clear_errors
def inspector(
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the private key goes: take it away from this machine.")],
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Make the inspector's key pair: from the next start on each record holds its ids for their eyes alone.

    The public half stays in the data folder; `saite audit open` reads a record's ids with the private one.

    Example: `saite keys inspector --out inspector.jwk`
    """
    from authz.audit.entity_marks import new_inspector
    from saite.folder import DataFolder

    folder = DataFolder(data)
    folder.prepare()
    new_inspector(folder.keys, out)
    typer.echo(f"The inspector's private key is in {out}. Ids are sealed to it from each process's next start on.")
