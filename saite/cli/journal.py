"""`saite journal`: the reference client of a municipality or of 112. It knows nothing of the platform but how to reach it."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saite.cli.output import NO, Format, FormatOption, clear_errors, print_json, print_table, stop

if TYPE_CHECKING:
    from journal.outbox import Outbox

app = typer.Typer(
    no_args_is_help=True, help="The reference client of a journal: keeps messages and sends them until the receipt came."
)

JournalOption = Annotated[
    Path, typer.Option("--journal", metavar="FILE", envvar="SAITE_JOURNAL", help="The journal's own file.")
]
DEFAULT = Path("journal.sqlite3")


@app.command()
@clear_errors
def add(
    file: Annotated[
        str, typer.Argument(help="One registration or change a line, JSON (kind, sourceEventNo, body); - is standard input.")
    ],
    source: Annotated[str | None, typer.Option(help="The source, as it is registered; for a new journal.")] = None,
    journal: JournalOption = DEFAULT,
) -> None:
    """Put registrations and changes into the journal: on disk when it returns, with a message id and the number in its event.

    Example: `echo '{"kind": "close", "sourceEventNo": "2026/17", "body": {}}' | saite journal add -`
    """
    text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    entries = [_entry(line, number) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    outbox = _opened(journal, source)
    for message_id in outbox.add(entries):
        typer.echo(message_id)
    outbox.close()


@app.command()
@clear_errors
def send(
    to: Annotated[str, typer.Option("--to", metavar="URL", help="amqp://USER:PASSWORD@HOST/VHOST or https://HOST/ingest.")],
    token: Annotated[str, typer.Option(envvar="SAITE_TOKEN", help="The bearer token, for https.")] = "",
    follow: Annotated[bool, typer.Option("--follow", help="Go on when everything has its receipt.")] = False,
    again: Annotated[
        float, typer.Option(min=0.1, help="Seconds after which a message without a receipt is sent again.")
    ] = 10.0,
    prefix: Annotated[str, typer.Option(help="Goes before the names at the broker.")] = "",
    journal: JournalOption = DEFAULT,
) -> None:
    """Send what has no receipt yet, again and again, until it has one. May be killed at any time and started again."""
    from journal.sending import Sending
    from kernel.logs import configure

    configure("text", "WARNING")
    outbox = _opened(journal, None)
    sending = Sending(outbox, again, ends=not follow)
    if to.startswith(("amqp://", "amqps://")):
        asyncio.run(sending.over_amqp(to, prefix))
    elif to.startswith(("http://", "https://")):
        asyncio.run(sending.over_https(to, token))
    else:
        stop("--to is an address amqp://…, amqps://…, http://… or https://…")
    _tell(outbox.status(), Format.TEXT)
    outbox.close()


@app.command()
@clear_errors
def status(journal: JournalOption = DEFAULT, format_: FormatOption = Format.TEXT) -> None:
    """Tell how many messages are in which state; exit code 1 when something is without a receipt or in quarantine."""
    outbox = _opened(journal, None)
    found = outbox.status()
    _tell(found, format_)
    outbox.close()
    if set(found) - {"APPLIED", "SUPERSEDED"}:
        raise typer.Exit(NO)


def _opened(journal: Path, source: str | None) -> Outbox:
    from journal.outbox import Outbox

    try:
        return Outbox(journal, source)
    except ValueError as error:
        stop(f"{error}.")


def _entry(line: str, number: int) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        stop(f"line {number} is no JSON: {error}")
    if not isinstance(entry, dict) or not {"kind", "sourceEventNo", "body"} <= entry.keys() <= _KNOWN:
        stop(f"line {number} needs kind, sourceEventNo and body, and may have official.")
    return entry


_KNOWN = {"kind", "sourceEventNo", "body", "official"}


def _tell(found: dict[str, int], format_: Format) -> None:
    if format_ is Format.JSON:
        print_json(found)
    else:
        print_table("Journal", ("state", "messages"), found.items())
