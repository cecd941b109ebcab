"""`saite contract diff`: what a new version changes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from saite.cli.contract.reading import draft
from saite.cli.output import NO, Format, FormatOption, clear_errors, print_json

_SIGNS = {"widens": "+", "narrows": "-", "unclear": "?", "neutral": " "}


@clear_errors
def diff(
    old: Annotated[Path, typer.Argument(help="The version before.")],
    new: Annotated[Path, typer.Argument(help="The version after.")],
    fail_on_widening: Annotated[
        bool, typer.Option("--fail-on-widening", help="Exit code 1 when something widens, or may: for a gate in CI.")
    ] = False,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Say in sentences what a new version of a contract widens (`+`) or narrows (`-`).

    Both are compiled against the graph, so a field that moved between bundles is no change, and one that a deny takes away is. Purposes,
    fields, filters, masks, rows, quotas, limits, clients, validity and duties are compared. `?` is what cannot be told apart safely, such
    as two row rules of different shape; it counts as widening.

    Example: `saite contract diff LV-VP.v1.yaml LV-VP.v2.yaml --fail-on-widening`
    """
    from authz.explain import changes_between

    changes = changes_between(draft(old), draft(new))
    if format_ is Format.JSON:
        print_json([asdict(change) for change in changes])
    else:
        for change in changes:
            typer.echo(f"{_SIGNS[change.effect]} {change.sentence}")
        if not changes:
            typer.echo("They mean the same.")
    if fail_on_widening and any(change.may_widen for change in changes):
        raise typer.Exit(NO)
