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
    no_args_is_help=True,
    help="Rows of imports and messages of journals that could not be taken: list, show, correct, replay. Nothing is lost.",
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
        str | None,
        typer.Option(
            help="OPEN, CORRECTED, IMPORTED, SUPERSEDED; of messages also WAITING and LATE; otherwise what waits for a person."
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many entries.")] = 100,
    language: LanguageOption = Language.ENGLISH,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """List what was refused, with file, line, column, value and reason, the oldest first; then messages: with source and message,
    number in their event, place and reason.

    Example: `saite quarantine list --language lv`
    """
    from ingest.ledger import EntryState
    from saite.cli import held_messages
    from saite.folder import DataFolder

    wanted = None if state is None else state.upper()
    if wanted not in (None, *EntryState, "WAITING", "LATE"):
        stop(f"--state {state!r} is none of {', '.join(EntryState)}, WAITING, LATE.")
    with _ledger(data) as ledger:
        quarantine = ledger.quarantine
        if wanted is None:
            found = quarantine.entries(limit=limit)
        else:
            found = quarantine.entries([EntryState(wanted)], limit=limit) if wanted in EntryState.__members__ else []
    rows = [row for entry in found for row in _faults(entry, language.value)]
    states = held_messages.WAITING if wanted is None else (wanted,)
    rows += asyncio.run(held_messages.listed(DataFolder(data), states, limit, language.value))
    if format_ is Format.JSON:
        print_json(rows)
    elif rows:
        columns = ("id", "state", "file", "line", "column", "value", "reason")
        print_table("Quarantine", columns, [[row[column] for column in columns] for row in rows])
    else:
        typer.echo("The quarantine is empty.")


@app.command()
@clear_errors
def show(
    entry: Annotated[str, typer.Argument(help="The entry's id, as `list` shows it.")],
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Show everything that is kept of an entry, as JSON: it holds what was sent, which may be data of people."""
    import msgspec

    from saite.cli import held_messages
    from saite.folder import DataFolder

    with _ledger(data) as ledger:
        found = _row_entry(ledger, entry)
    said = msgspec.to_builtins(found) if found is not None else asyncio.run(held_messages.shown(DataFolder(data), entry))
    if said is None:
        stop(f"There is no {entry} in the quarantine: `saite quarantine list` shows what there is.", NO)
    print_json(said)


@app.command()
@clear_errors
def correct(
    entry: Annotated[str, typer.Argument(help="The entry's id, as `list` shows it.")],
    values: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="COLUMN=VALUE",
            help="The right value of a column; of a message PATH=TEXT or PATH:=JSON (body.place.atvk=0001000). May be given several times.",
        ),
    ] = None,
    file: Annotated[str | None, typer.Option(help="Which file's row is meant, where several have the column.")] = None,
    line: Annotated[int | None, typer.Option(help="Which line is meant.")] = None,
    body: Annotated[
        Path | None, typer.Option("--body", exists=True, dir_okay=False, help="The whole message as it should have been.")
    ] = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Note how something refused should have been. It comes in with `saite quarantine replay`.

    Example: `saite quarantine correct qrn_0192… --set Hora_dia=14`
    """
    settings = values or []
    if not settings and body is None:
        stop("Say what is right: --set COLUMN=VALUE, or --body FILE for a message.")
    with _ledger(data) as ledger:
        is_row = _row_entry(ledger, entry) is not None
    state = _correct_row(entry, settings, file, line, data) if is_row else _correct_message(entry, settings, body, data)
    if format_ is Format.JSON:
        print_json({"id": entry, "state": state})
    else:
        typer.echo(f"{entry} is {state}. Bring it in with: saite quarantine replay")


def _row_entry(ledger: Ledger, entry: str) -> Entry | None:
    """The entry of an import; None for what is none, and perhaps a message."""
    from ingest.errors import BadCorrection

    try:
        return ledger.quarantine.get(entry)
    except BadCorrection:
        return None


def _correct_message(entry: str, settings: list[str], body: Path | None, data: Path) -> str:
    from saite.cli import held_messages
    from saite.folder import DataFolder

    whole = None if body is None else body.read_bytes()
    state = asyncio.run(held_messages.correct(DataFolder(data), entry, settings, whole))
    if state is None:
        stop(f"BAD_CORRECTION: there is no {entry} that waits in the quarantine: `saite quarantine list` shows what does.")
    return str(state)


def _correct_row(entry: str, values: list[str], file: str | None, line: int | None, data: Path) -> str:
    from ingest.ledger import Correction

    corrections = []
    for text in values:
        column, separator, value = text.partition("=")
        if not separator or not column:
            stop(f"--set {text!r} has not the form COLUMN=VALUE.")
        corrections.append(Correction(column, value, file, line))
    with _ledger(data) as ledger:
        corrected = ledger.quarantine.correct(entry, corrections)
    return str(corrected.state)


@app.command()
@clear_errors
def replay(
    agency: Annotated[str, typer.Option(help="Who imports, for the audit log: the agency.")] = "LV-IC",
    user: Annotated[str, typer.Option(help="Who imports, for the audit log: the person.")] = "importer",
    sources: Annotated[
        Path | None,
        typer.Option(
            "--sources", exists=True, dir_okay=False, help="The document that registers sources: replays messages instead."
        ),
    ] = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Import every corrected row, or take every corrected message (--sources). What is still wrong stays in the quarantine with its new
    reason (exit code 1).
    """
    if sources is not None:
        _replay_messages(sources, data, format_)
        return
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


def _replay_messages(sources: Path, data: Path, format_: Format) -> None:
    from saite.cli import held_messages
    from saite.folder import DataFolder

    folder = DataFolder(data)
    folder.prepare()
    outcome = asyncio.run(held_messages.replay(folder, sources))
    if format_ is Format.JSON:
        print_json(outcome)
    else:
        for entry, status in outcome.items():
            typer.echo(f"{entry} {status}")
        typer.echo(f"replayed {len(outcome)} messages")
    if "QUARANTINED" in outcome.values():
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
