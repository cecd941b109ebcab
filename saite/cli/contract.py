"""`saite contract`: read, check and explain contracts."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, help="Read, check and explain the contracts that say what each agency may see.")
