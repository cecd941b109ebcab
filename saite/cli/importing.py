"""`saite import`: journals into the registers."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.output import DEFAULT_DATA, DataOption, Format, FormatOption, StoreOption, clear_errors, complain, print_json

if TYPE_CHECKING:
    from ingest.report import Listener, Progress, Report


@clear_errors
def import_(
    mapping: Annotated[
        str, typer.Option(metavar="FILE", help="A mapping document, or the name of a shipped one: barcelona-2018, fars.")
    ],
    journals: Annotated[
        list[Path], typer.Argument(metavar="JOURNAL...", exists=True, dir_okay=False, help="CSV or JSON Lines, plain or .gz.")
    ],
    agency: Annotated[str, typer.Option(help="Who imports, for the audit log: the agency.")] = "LV-IC",
    user: Annotated[str, typer.Option(help="Who imports, for the audit log: the person.")] = "importer",
    store: StoreOption = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Import journals by a declarative mapping.

    A second import of the same rows adds nothing and says so; a changed row becomes a new version of the same event; a bad row goes to the
    quarantine with file, line, column, value and reason. Killed at any point and started again, it loses and doubles nothing.

    The report says: read, new, changed, same, quarantined, seconds; `--format json` prints one object with these keys.

    Example: `saite import --mapping barcelona-2018 examples/barcelona-2018/*.csv.gz`
    """
    from saite.listen import run

    with _progress_bar(format_) as listener:
        report = run(_import(mapping, journals, agency, user, store or [], data, listener))
    if format_ is Format.JSON:
        print_json(report.as_json())
    else:
        _tell(report)


async def _import(
    mapping: str, journals: list[Path], agency: str, user: str, stores: list[str], data: Path, listener: Listener | None
) -> Report:
    from ingest.ahead.process import started

    with started(journals) as worker:  # it gets ready while this process does
        from contextlib import closing

        from ingest.importing import import_journals
        from ingest.ledger import Ledger
        from ingest.mapping import load_mapping
        from ingest.registers import Importer
        from saite.folder import DataFolder
        from saite.processes import audit_log
        from saite.registers import open_registers, stores_named

        folder = DataFolder(data)
        folder.prepare()
        loaded, who = load_mapping(mapping), Importer(agency, user)
        gc.freeze()  # modules stay; the collector looks at the import's own objects alone, and seldom: few of them form cycles
        gc.set_threshold(100_000, 50, 100)
        async with open_registers(folder, stores_named(stores)) as registers:
            with closing(Ledger.open(folder.path)) as ledger, closing(audit_log(folder, "import")) as audit:
                return await import_journals(loaded, journals, registers, ledger, audit, who, listener, worker)


@contextmanager
def _progress_bar(format_: Format) -> Iterator[Listener | None]:
    """A bar with rate and remaining time on standard error; nothing when nobody is looking."""
    from rich import progress as rich_progress
    from rich.console import Console

    console = Console(stderr=True)
    if format_ is Format.JSON or not console.is_terminal:
        yield None
        return
    columns = (
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.TextColumn("{task.completed}/{task.total}"),
        rich_progress.TextColumn("{task.fields[pace]}"),
    )
    with rich_progress.Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None, pace="")

        def listen(now: Progress) -> None:
            remaining = "" if now.remaining is None else f", {now.remaining:.0f} s to go"
            bar.update(task, description=now.phase, completed=now.done, total=now.total, pace=f"{now.rate:,.0f}/s{remaining}")

        yield listen


def _tell(report: Report) -> None:
    counts = report.counts
    if report.resumed:
        complain("An earlier import was cut off; this one went on where it ended.")
    rate = counts.read / report.seconds if report.seconds else 0
    typer.echo(
        f"read {counts.read}, new {counts.new}, changed {counts.changed}, same {counts.same}, quarantined {counts.quarantined}, "
        f"in {report.seconds:.1f} s ({rate:,.0f} events/s)"
    )
    if counts.read and counts.same == counts.read:
        typer.echo("Nothing was added: everything was imported before.")
    if counts.orphans:
        typer.echo(f"{counts.orphans} rows of joined journals belong to no event.")
    if counts.quarantined or counts.orphans:
        typer.echo("See them with: saite quarantine list")
