"""`saite token`: development identities."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from saite.cli.output import DEFAULT_DATA, DataOption, Format, FormatOption, clear_errors, print_json


@clear_errors
def token(
    agency: Annotated[
        str, typer.Option(help="The agency's id, as in its contract: LV-PROK, LV-VP, LV-PP-RIGA, LV-OP-RIGA, LV-STAT.")
    ],
    user: Annotated[str, typer.Option(help="Who asks; goes into the audit log.")],
    purpose: Annotated[
        str | None, typer.Option(help="What for, e.g. CRIMINAL_PROCEEDING; `saite contract show` lists them.")
    ] = None,
    case: Annotated[str | None, typer.Option(help="The case reference, e.g. 12-34567, where the contract wants one.")] = None,
    hours: Annotated[float, typer.Option(min=0.001, max=24 * 7, help="How long it holds.")] = 12.0,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Issue a development token, signed with the key of the data folder (made on first use).

    It is for trying things out: whoever can read that key can be anybody. Real deployments validate tokens of an identity provider.

    Example: `saite token --agency LV-PROK --user ilze.berzina --purpose CRIMINAL_PROCEEDING --case 12-34567`
    """
    text = issue(data, agency, user, purpose, case, hours)
    if format_ is Format.JSON:
        print_json({"token": text, "agency": agency, "user": user, "purpose": purpose, "case": case, "hours": hours})
    else:
        typer.echo(text)


def issue(data: Path, agency: str, user: str, purpose: str | None, case: str | None, hours: float = 12.0) -> str:
    """A development token from the key in the data folder."""
    from datetime import timedelta

    from authz.identity import DevelopmentIssuer
    from saite.folder import DataFolder

    folder = DataFolder(data)
    folder.prepare()
    return DevelopmentIssuer(folder.keys).issue(agency, user, purpose=purpose, case_ref=case, lifetime=timedelta(hours=hours))
