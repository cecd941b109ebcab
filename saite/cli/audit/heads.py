"""`saite audit head`: what to remember of the log elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from saite.cli.audit.options import LogOption, location_of
from saite.cli.output import DEFAULT_DATA, NO, DataOption, clear_errors, complain


@clear_errors
def head(
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.")] = None,
    log: LogOption = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Print the ends of all chains and the newest signed head of each as JSON, after checking the log. Keep it where the log's
    keeper cannot write (a partner agency, another system, paper): `saite audit verify --head FILE` compares later.

    Exit code 1 when the log is broken: such a head is not worth remembering.

    Example: `saite audit head --out 2026-11-23.json`
    """
    from authz.audit import verify
    from saite.folder import DataFolder

    found = verify(location_of(log, DataFolder(data)))
    if not found.ok:
        complain(f"The log is broken, so its heads are not worth remembering: {found.reason}")
        raise typer.Exit(NO)
    if out is None:
        typer.echo(found.heads.to_json().decode())
    else:
        out.write_bytes(found.heads.to_json())
