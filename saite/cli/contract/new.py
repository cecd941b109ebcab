"""`saite contract new`: a draft to begin with."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from saite.cli.output import clear_errors, complain, stop


@clear_errors
def new(
    agency: Annotated[str, typer.Option(help="The id of the agency that will ask, as in its tokens.")],
    name: Annotated[str, typer.Option(help="Its full name.")],
    title: Annotated[str, typer.Option(help="What the contract is about.")] = "What for",
    contract_id: Annotated[
        str | None, typer.Option("--id", help="The contract's id; otherwise made of year and agency.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", dir_okay=False, help="Write to this file.")] = None,
) -> None:
    """Write the draft of a contract, with the meaning of every word beside it.

    With `--output` the JSON Schema is laid beside the file, so that an editor with a YAML language server completes the words and
    underlines mistakes. The draft is a working contract over events: change its purposes, bundles and grants, then `saite contract lint`.

    Example: `saite contract new --agency LV-HM --name "Ostas kapteinis" --output drafts/LV-HM.yaml`
    """
    from authz.document.json_schema import FILE
    from authz.document.starter import Draft, starter

    now = datetime.now(UTC)
    chosen = contract_id or f"C-{now.year}-{agency.removeprefix('LV-')}"
    text = starter(Draft(chosen, title, agency, name, now, f"./{FILE.name}"))
    if output is None:
        typer.echo(text, nl=False)
        return
    if output.exists():
        stop(f"{output} exists already: choose another name.")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
    beside = output.parent / FILE.name
    beside.write_text(FILE.read_text(encoding="utf-8"), encoding="utf-8")
    complain(f"Wrote {output}, and {beside} for editors. Next: saite contract lint {output}")
