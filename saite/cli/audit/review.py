"""`saite audit review`: the second pair of eyes on emergencies."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.audit.options import LogOption, location_of
from saite.cli.output import DEFAULT_DATA, DataOption, Format, FormatOption, clear_errors, print_json, print_table, stop

if TYPE_CHECKING:
    from authz.break_glass import Emergency


class Verdict(StrEnum):
    """What the reviewer found."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


@clear_errors
def review(
    emergency: Annotated[str | None, typer.Argument(help="The emergency; without one, those that wait are shown.")] = None,
    by: Annotated[str | None, typer.Option(help="Who reviews: not the one who declared it.")] = None,
    agency: Annotated[str, typer.Option(help="The reviewer's agency.")] = "LV-IC",
    verdict: Annotated[Verdict | None, typer.Option(help="What was found.")] = None,
    note: Annotated[str, typer.Option(help="Why.")] = "",
    show_all: Annotated[bool, typer.Option("--all", help="Show reviewed emergencies as well.")] = False,
    log: LogOption = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Show the emergencies that wait for a second pair of eyes, or review one. A review is recorded in the audit log.

    Example: `saite audit review emg_0123… --by inga.kalna --verdict justified --note "Case 11-00012, life in danger"`
    """
    from authz.audit import AuditEntry, AuditLog, HeadSigner
    from authz.break_glass import EmergencyLedger
    from saite.folder import DataFolder

    folder = DataFolder(data)
    ledger = EmergencyLedger(folder.emergencies)
    if emergency is None:
        _show(ledger.all(only_pending=not show_all), format_)
        return
    if by is None or verdict is None:
        stop("A review needs --by, --verdict and --note.")
    with closing(AuditLog.open(location_of(log, folder), role="review", signer=HeadSigner.open(folder.keys))) as audit:
        found = ledger.review(emergency, by, verdict.value, note, datetime.now(UTC))
        entry = AuditEntry(
            kind="review",
            request_id=emergency,
            agency=agency,
            user=by,
            status="ok",
            emergency=emergency,
            about=f"{found.user}: {verdict}",
        )
        record_id = audit.append_blocking(entry)
    typer.echo(f"{emergency} was reviewed by {by}: {verdict}. Record {record_id}.")


def _show(found: tuple[Emergency, ...], format_: Format) -> None:
    if format_ is Format.JSON:
        import msgspec

        print_json(msgspec.to_builtins(found))
        return
    columns = ("opened (UTC)", "until", "emergency", "agency", "user", "contract", "purpose", "reason", "review")
    print_table("Emergencies", columns, [_row(one) for one in found])


def _row(one: Emergency) -> tuple[object, ...]:
    review = "waits" if one.review is None else f"{one.review.verdict} ({one.review.by})"
    opened, until = (at.astimezone(UTC).strftime("%Y-%m-%d %H:%M") for at in (one.opened_at, one.ends_at))
    return (opened, until, one.id, one.agency, one.user, one.contract_id, one.purpose, one.reason, review)
