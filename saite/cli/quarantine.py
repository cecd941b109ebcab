"""`saite quarantine`: rows that could not be imported, until somebody corrects them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from saite.cli.output import (
    DEFAULT_DATA,
    NO,
    DataOption,
    Format,
    FormatOption,
    clear_errors,
    complain,
    print_json,
    print_table,
    stop,
)

if TYPE_CHECKING:
    from ingest.ledger import Entry, Ledger
    from ingest.replaying import Replayed

app = typer.Typer(
    no_args_is_help=True, help="Rows that could not be imported: list them, correct them, replay them. Nothing is lost."
)


class Language(StrEnum):
    """The languages of reasons."""

    ENGLISH = "en"
    LATVIAN = "lv"


LanguageOption = Annotated[Language, typer.Option("--language", help="The language of the reasons.")]


@contextmanager
def _ledger(data: Path) -> Iterator[Ledger]:
    from ingest.ledger import Ledger
    from saite.folder import DataFolder

    folder = DataFolder(data)
    folder.prepare()
    with closing(Ledger.open(folder.path)) as ledger:
        yield ledger


@app.command("list")
@clear_errors
def list_(
    state: Annotated[
        str | None, typer.Option(help="OPEN, CORRECTED, IMPORTED or SUPERSEDED; otherwise what still waits.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many entries.")] = 100,
    language: LanguageOption = Language.ENGLISH,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """List refused rows with file, line, column, value and reason, the oldest first.

    Example: `saite quarantine list --language lv`
    """
    from ingest.ledger import EntryState

    try:
        states = None if state is None else [EntryState(state.upper())]
    except ValueError:
        stop(f"--state {state!r} is none of {', '.join(EntryState)}.")
    with _ledger(data) as ledger:
        found = ledger.quarantine.entries(limit=limit) if states is None else ledger.quarantine.entries(states, limit=limit)
    rows = [row for entry in found for row in _faults(entry, language.value)]
    if format_ is Format.JSON:
        print_json(rows)
    elif rows:
        columns = ("id", "state", "file", "line", "column", "value", "reason")
        print_table("Quarantine", columns, [[row[column] for column in columns] for row in rows])
    else:
        typer.echo("The quarantine is empty.")


@app.command()
@clear_errors
def correct(
    entry: Annotated[str, typer.Argument(help="The entry's id, as `list` shows it.")],
    values: Annotated[
        list[str],
        typer.Option("--set", metavar="COLUMN=VALUE", help="The right value of a column; may be given several times."),
    ],
    file: Annotated[str | None, typer.Option(help="Which file's row is meant, where several have the column.")] = None,
    line: Annotated[int | None, typer.Option(help="Which line is meant.")] = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Note the right value of a refused row. It comes in with `saite quarantine replay`.

    Example: `saite quarantine correct qrn_0192… --set Hora_dia=14`
    """
    from ingest.ledger import Correction

    corrections = []
    for text in values:
        column, separator, value = text.partition("=")
        if not separator or not column:
            stop(f"--set {text!r} has not the form COLUMN=VALUE.")
        corrections.append(Correction(column, value, file, line))
    with _ledger(data) as ledger:
        corrected = ledger.quarantine.correct(entry, corrections)
    if format_ is Format.JSON:
        print_json({"id": corrected.id, "state": corrected.state})
    else:
        typer.echo(f"{corrected.id} is {corrected.state}. Bring it in with: saite quarantine replay")


@app.command()
@clear_errors
def replay(
    agency: Annotated[str, typer.Option(help="Who imports, for the audit log: the agency.")] = "LV-IC",
    user: Annotated[str, typer.Option(help="Who imports, for the audit log: the person.")] = "importer",
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Import every corrected row. What is still wrong stays in the quarantine with its new reason (exit code 1)."""
    replayed = asyncio.run(_replay(agency, user, data))
    counts = replayed.report.counts
    if format_ is Format.JSON:
        print_json({**replayed.report.as_json(), "awaiting": list(replayed.awaiting)})
    else:
        typer.echo(
            f"replayed {counts.read}: new {counts.new}, changed {counts.changed}, same {counts.same}, still wrong {counts.quarantined}"
        )
    for waiting in replayed.awaiting:
        complain(f"{waiting} waits for its event: import the same journals again to bring it in.")
    if counts.quarantined:
        raise typer.Exit(NO)


async def _replay(agency: str, user: str, data: Path) -> Replayed:
    from ingest.registers import Importer
    from ingest.replaying import replay as replay_corrected
    from saite.folder import DataFolder
    from saite.processes import audit_log
    from saite.registers import open_registers

    folder = DataFolder(data)
    folder.prepare()
    async with open_registers(folder) as registers:
        with _ledger(data) as ledger, closing(audit_log(folder, "import")) as audit:
            return await replay_corrected(registers, ledger, audit, Importer(agency, user))


def _faults(entry: Entry, language: Literal["en", "lv"]) -> list[dict[str, Any]]:
    return [
        {
            "id": entry.id,
            "state": str(entry.state),
            "file": fault.file,
            "line": fault.line,
            "column": fault.column,
            "value": fault.value,
            "reason": fault.message(language),
            "code": str(fault.reason),
            "key": entry.key,
        }
        for fault in entry.faults
    ]
