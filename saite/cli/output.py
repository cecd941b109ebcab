"""What every verb prints with: text for people, JSON for programs, and the three exit codes.

0: done; 1: done, and the answer is no (does not compose, broken log, no data); 2: it could not be tried (bad option, file, folder, port).
Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, NoReturn, ParamSpec, TypeVar

import typer

from kernel.errors import SaiteError

NO = 1
UNUSABLE = 2

P = ParamSpec("P")
R = TypeVar("R")


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="`text` for people, `json` for programs.")]
DataOption = Annotated[
    Path,
    typer.Option(
        "--data", metavar="DIR", envvar="SAITE_DATA", help="The folder of the embedded registers, keys and audit log."
    ),
]
StoreOption = Annotated[
    list[str] | None,
    typer.Option(
        "--store",
        metavar="ROOM=URL",
        help="A register's database, postgresql://…; else SAITE_<ROOM>_STORE, else a file of the data folder.",
    ),
]
DEFAULT_DATA = Path(".saite")


def print_json(value: Any) -> None:
    """Print `value` as one indented JSON document."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under a title, as wide as the terminal; plain lines of tab-separated cells when nobody is looking."""
    if not sys.stdout.isatty():
        typer.echo("\t".join(columns))
        for row in rows:
            typer.echo("\t".join(str(cell) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console().print(table)


def complain(message: str) -> None:
    """Say `message` on standard error."""
    typer.echo(message, err=True)


def stop(message: str, code: int = UNUSABLE) -> NoReturn:
    """Say why on standard error and end with `code`."""
    complain(message)
    raise typer.Exit(code)


def clear_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn our errors and the system's into one clear line and exit code 2; anything else is a bug and keeps its traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except SaiteError as error:
            stop(f"{error.code}: {error.message}")
        except OSError as error:
            where = f" {error.filename}" if error.filename else ""
            stop(f"saite:{where}: {error.strerror or error}")

    return run
