"""`saite audit`: read and verify the audit log."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
)

if TYPE_CHECKING:
    from authz.audit import AuditRecord, LogHeads, Verification

app = typer.Typer(
    no_args_is_help=True, help="Read and verify the log in which every consultation stands before it is answered."
)


@app.command()
@clear_errors
def tail(
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many records.")] = 20,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Show the newest records: who asked, under which contract, why, and what was given and withheld. Values are never in it.

    Example: `saite audit tail -n 5 --format json`
    """
    from authz.audit import tail as read_tail
    from saite.folder import DataFolder

    records = read_tail(DataFolder(data).audit, count)
    if format_ is Format.JSON:
        print_json([_as_json(record) for record in records])
        return
    columns = ("at (UTC)", "kind", "agency", "user", "purpose", "case", "status", "entities", "fields", "withheld", "record")
    print_table("Audit log", columns, [_row(record) for record in records])


@app.command()
@clear_errors
def verify(
    heads: Annotated[
        Path | None, typer.Option(help="Remembered heads (written by --write-heads): a log cut off since then is found.")
    ] = None,
    write_heads: Annotated[
        Path | None, typer.Option(help="Remember the ends of all chains in this file; keep it elsewhere.")
    ] = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Recompute every hash chain of the log and name the first broken record of each. Reads only; works while the log is written.

    Exit code 1 when a record was changed, removed, reordered or, against remembered heads, cut off.

    Example: `saite audit verify --heads monday.json --write-heads tuesday.json`
    """
    from authz.audit import LogHeads
    from authz.audit import verify as verify_log
    from saite.folder import DataFolder

    remembered: LogHeads | None = None if heads is None else LogHeads.from_json(heads.read_bytes())
    found = verify_log(DataFolder(data).audit, remembered)
    if found.ok and write_heads is not None:
        write_heads.write_bytes(found.heads.to_json())
    if format_ is Format.JSON:
        print_json(_verification(found))
    elif found.ok:
        typer.echo(f"The log is whole: {found.records} records in {len(found.heads.heads)} chain(s).")
    else:
        for broken in found.broken:
            complain(f"BROKEN {broken.writer} record {broken.seq} ({broken.record_id or 'missing'}): {broken.reason}")
    if not found.ok:
        raise typer.Exit(NO)


def _verification(found: Verification) -> dict[str, Any]:
    return {
        "ok": found.ok,
        "records": found.records,
        "heads": {writer: {"seq": head.seq, "hash": head.hash} for writer, head in found.heads.heads.items()},
        "broken": [{"writer": b.writer, "seq": b.seq, "recordId": b.record_id, "reason": b.reason} for b in found.broken],
    }


def _as_json(record: AuditRecord) -> Any:
    import msgspec

    return msgspec.to_builtins(record)


def _row(record: AuditRecord) -> tuple[object, ...]:
    entry = record.entry
    entities = ", ".join(f"{len(ids)} {name}" for name, ids in sorted(entry.entities.items()))
    if not entities:
        entities = ", ".join(f"{number} {name}" for name, number in sorted(entry.counts.items()))
    return (
        record.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        entry.kind,
        entry.agency,
        entry.user,
        entry.purpose or "–",
        entry.case_ref or "–",
        f"{entry.status} {entry.error_code}" if entry.error_code else entry.status,
        entities or "–",
        len(entry.resources),
        len(entry.withheld),
        record.id,
    )
