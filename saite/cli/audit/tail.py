"""`saite audit tail`: the newest records."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saite.cli.audit.options import LogOption, location_of
from saite.cli.output import DEFAULT_DATA, DataOption, Format, FormatOption, clear_errors, print_json, print_table

if TYPE_CHECKING:
    from authz.audit import AuditRecord


@clear_errors
def tail(
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many records.")] = 20,
    log: LogOption = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Show the newest records: who asked, under which contract, why, and what was given and withheld. Values are never in it.

    Example: `saite audit tail -n 5 --format json`
    """
    from authz.audit import tail as read_tail
    from saite.folder import DataFolder

    records = read_tail(location_of(log, DataFolder(data)), count)
    if format_ is Format.JSON:
        print_json([_as_json(record) for record in records])
        return
    columns = ("at (UTC)", "kind", "agency", "user", "purpose", "case", "status", "entities", "fields", "withheld", "record")
    print_table("Audit log", columns, [_row(record) for record in records])


def _as_json(record: AuditRecord) -> Any:
    import msgspec

    entry = record.entry
    fields = {name: getattr(entry, name) for name in entry.__struct_fields__}  # also those that are as they are by default
    return msgspec.to_builtins(record) | {"entry": msgspec.to_builtins({**fields, "decision": entry.decision})}


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
