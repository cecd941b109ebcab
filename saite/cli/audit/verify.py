"""`saite audit verify`: is the log whole?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saite.cli.audit.options import KeysOption, LogOption, keys_of, location_of
from saite.cli.output import DEFAULT_DATA, NO, DataOption, Format, FormatOption, clear_errors, complain, print_json

if TYPE_CHECKING:
    from authz.audit import LogHeads, Verification


@clear_errors
def verify(
    head: Annotated[
        Path | None,
        typer.Option(
            "--head", "--heads", metavar="FILE", help="Remembered heads: a log cut off or exchanged since then is found."
        ),
    ] = None,
    write_heads: Annotated[
        Path | None, typer.Option(help="Remember the ends of all chains in this file; keep it elsewhere.")
    ] = None,
    keys: KeysOption = None,
    log: LogOption = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Recompute every hash chain and Merkle tree of the log, check its signed heads, and name the first broken record of each
    chain. Reads only; works offline, on a copy, and while the log is written.

    Exit code 1 when a record was changed, removed, reordered, written anew or, against remembered heads, cut off.

    Example: `saite audit verify --head monday.json --write-heads tuesday.json`
    """
    from authz.audit import LogHeads
    from authz.audit import verify as verify_log
    from saite.folder import DataFolder

    folder = DataFolder(data)
    remembered: LogHeads | None = None if head is None else LogHeads.from_json(head.read_bytes())
    public = keys_of(keys, folder)
    found = verify_log(location_of(log, folder), remembered, public)
    if found.ok and write_heads is not None:
        write_heads.write_bytes(found.heads.to_json())
    if format_ is Format.JSON:
        print_json(_as_json(found))
    elif found.ok:
        typer.echo(f"The log is whole: {found.records} records in {len(found.heads.heads)} chain(s).")
        typer.echo(_about_heads(found, has_keys=public is not None))
    else:
        for broken in found.broken:
            complain(f"BROKEN {broken.writer} record {broken.seq} ({broken.record_id or 'missing'}): {broken.reason}")
    if not found.ok:
        raise typer.Exit(NO)


def _about_heads(found: Verification, *, has_keys: bool) -> str:
    checked = f"{found.signed} tree head(s) fit their records" if found.signed else "No tree head is signed over it"
    if found.signed and not has_keys:
        checked += ", but nobody's signature was checked: give the public keys with --keys"
    behind = sum(found.unsigned.values())
    return f"{checked}. {behind} record(s) stand behind the newest signed heads." if behind else f"{checked}."


def _as_json(found: Verification) -> dict[str, Any]:
    return {
        "ok": found.ok,
        "records": found.records,
        "heads": {writer: {"seq": head.seq, "hash": head.hash} for writer, head in found.heads.heads.items()},
        "signedHeads": found.signed,
        "unsigned": dict(found.unsigned),
        "broken": [{"writer": b.writer, "seq": b.seq, "recordId": b.record_id, "reason": b.reason} for b in found.broken],
    }
