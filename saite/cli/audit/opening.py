"""`saite audit open`: whose data a record is about, for the inspector."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from saite.cli.audit.options import LogOption, location_of
from saite.cli.output import DEFAULT_DATA, NO, DataOption, Format, FormatOption, clear_errors, print_json, print_table, stop


@clear_errors
def open_(
    records: Annotated[list[str], typer.Argument(metavar="RECORD...", help="Record ids (`aud_…`).")],
    key: Annotated[Path, typer.Option("--key", exists=True, dir_okay=False, help="The inspector's private key.")],
    log: LogOption = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """The ids of the entities that records are about: in the log they are marks, which only the inspector's key opens.

    Example: `saite audit open aud_0190… --key inspector.jwk`
    """
    from authz.audit import find
    from authz.audit.entity_marks import opened
    from saite.folder import DataFolder

    location = location_of(log, DataFolder(data))
    rows: list[tuple[str, str, str]] = []
    for name in records:
        record = find(location, name)
        if record is None:
            stop(f"There is no record {name} in the log.", NO)
        rows.extend((name, kind, one) for kind, ids in sorted(opened(record.entry, key).items()) for one in ids)
    if format_ is Format.JSON:
        print_json([{"record": name, "type": kind, "id": one} for name, kind, one in rows])
    else:
        print_table("Entities", ("record", "type", "id"), rows)
