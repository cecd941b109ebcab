"""`saite keys`: changing the key by which the gateway signs to the registers, while everything runs."""

from __future__ import annotations

import time
from enum import StrEnum
from typing import Annotated

import typer

from saite.cli.output import DEFAULT_DATA, DataOption, clear_errors

app = typer.Typer(no_args_is_help=True, help="Change the key by which the gateway signs, without an interruption.")


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
