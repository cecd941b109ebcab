"""`saite audit reconcile`: do gateway and rooms tell the same?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.audit.options import LogOption, location_of
from saite.cli.output import DEFAULT_DATA, NO, DataOption, Format, FormatOption, clear_errors, print_json, print_table, stop

if TYPE_CHECKING:
    from authz.audit import Location
    from saite.folder import DataFolder


@clear_errors
def reconcile(
    room: Annotated[
        list[str] | None,
        typer.Option("--room", metavar="NAME=FILE|URL", help="A room's log. Without it, those in the data folder."),
    ] = None,
    since: Annotated[datetime | None, typer.Option(help="Tell what was recorded from this instant on (UTC).")] = None,
    settle: Annotated[
        float, typer.Option(min=0, help="Seconds that a record may be on its way: younger ones are not told.")
    ] = 60.0,
    log: LogOption = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Hold each room's own records against the gateway's, exchange by exchange, and tell what is missing on either side.

    Exit code 1 when data left a room that the gateway did not record, or the other way round.

    Example: `saite audit reconcile --room vehicles=/mnt/csdd/audit-vehicles.sqlite3`
    """
    from authz.audit.reconcile import reconcile as compare
    from saite.folder import DataFolder

    folder = DataFolder(data)
    rooms = _rooms(room or [], folder)
    if not rooms:
        stop(f"There is no room's log in {folder.path}: name them with --room NAME=FILE.")
    until = datetime.now(UTC) - timedelta(seconds=settle)
    found = compare(location_of(log, folder), rooms, since.replace(tzinfo=UTC) if since else None, until)
    if format_ is Format.JSON:
        import msgspec

        print_json({"ok": found.ok, **msgspec.to_builtins(found)})
    else:
        typer.echo(f"{found.exchanges} exchange(s) are told alike by the gateway and {', '.join(sorted(rooms))}.")
        columns = ("at (UTC)", "what", "room", "agency", "user", "txn", "record")
        rows = [
            (f"{d.at:%Y-%m-%d %H:%M:%S}", d.kind, d.room, d.agency, d.user, d.txn, d.record_id) for d in found.discrepancies
        ]
        if rows:
            print_table("Told differently", columns, rows)
    if not found.ok:
        raise typer.Exit(NO)


def _rooms(named: list[str], folder: DataFolder) -> dict[str, Location]:
    """The rooms' logs by name: those that are named, else those that lie in the data folder."""
    from saite.folder import ROOMS

    if not named:
        return {room: folder.room_audit(room) for room in ROOMS if folder.room_audit(room).is_file()}
    rooms: dict[str, Location] = {}
    for one in named:
        room, separator, place = one.partition("=")
        if not separator:
            stop(f"{one!r} names no log: write NAME=FILE, such as vehicles=audit-vehicles.sqlite3.")
        rooms[room] = place if "://" in place else Path(place)
    return rooms
