"""`saite contract show`: the contracts, one of them, and what the running processes say of theirs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saite.cli.contract.publish import store_of
from saite.cli.contract.reading import ContractsOption, book_of, contract_of, purposes_of
from saite.cli.output import DEFAULT_DATA, DataOption, Format, FormatOption, clear_errors, complain, print_json, print_table

if TYPE_CHECKING:
    from authz.book import ProcessState, Revocation
    from authz.compile import CompiledContract
    from authz.mask import Mask


@clear_errors
def show(
    which: Annotated[
        str | None,
        typer.Argument(metavar="[AGENCY|FILE]", help="An agency's id or a document; without it, all contracts are listed."),
    ] = None,
    purpose: Annotated[str | None, typer.Option(help="Show what this purpose may see.")] = None,
    contracts: ContractsOption = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """List the contracts, or show one: its purposes, and field by field what may be read, filtered, sorted and counted.

    The list also tells what is revoked, which running processes have which contracts in force, and their alarms: a version that was
    refused, while the one before it stays in force.

    Example: `saite contract show LV-VP --purpose EVENT_RESPONSE`
    """
    if which is None:
        _list(contracts, data, format_)
        return
    compiled = contract_of(which, contracts)
    masks = [compiled.masks[name] for name in purposes_of(compiled, purpose)]
    if format_ is Format.JSON:
        print_json({"id": compiled.contract.id, "agency": compiled.agency, "purposes": {m.purpose: _rights(m) for m in masks}})
        return
    for mask in masks:
        rows = [
            (
                field,
                *("yes" if each else "–" for each in (right["read"], right["filter"], right["sort"], right["count"])),
                right["note"],
            )
            for field, right in _by_field(mask).items()
        ]
        print_table(
            f"{compiled.contract.id} · {compiled.agency} · {mask.purpose}",
            ("field", "read", "filter", "sort", "count", "note"),
            rows,
        )


def _list(contracts: str | None, data: Path, format_: Format) -> None:
    book = book_of(contracts)
    revocations, processes = _told(contracts, data)
    book = book.without(revocations)
    compiled = [*book.contracts.values(), *book.withdrawn.values()]
    rows = [_row(one, key in book.withdrawn) for one in compiled for key in [(one.contract.id, one.contract.version)]]
    columns = ("contract", "version", "agency", "title", "valid until", "signatures", "state", "purposes")
    if format_ is Format.JSON:
        print_json(
            {
                "contracts": [dict(zip(columns, row, strict=True)) for row in rows],
                "refused": [refusal.message for refusal in book.refused],
                "revocations": [
                    {"contract": r.contract_id, "version": r.version, "at": r.at, "reason": r.reason, "by": r.by}
                    for r in revocations
                ],
                "processes": [
                    {"process": p.process, "digest": p.digest, "since": p.since, "seen": p.seen, "alarms": p.alarms}
                    for p in processes
                ],
            }
        )
        return
    print_table("Contracts", columns, rows)
    for refusal in book.refused:
        complain(refusal.message)
    if processes:
        print_table(
            "Processes",
            ("process", "in force since", "seen", "digest", "alarms"),
            [
                (p.process, f"{p.since:%Y-%m-%d %H:%M:%S}", f"{p.seen:%H:%M:%S}", p.digest[:19], len(p.alarms))
                for p in processes
            ],
        )
    for state in processes:
        for alarm in state.alarms:
            complain(f"ALARM {state.process}: {alarm}")


def _told(contracts: str | None, data: Path) -> tuple[tuple[Revocation, ...], tuple[ProcessState, ...]]:
    """What the database knows, or the store of the data folder; nothing when there is none."""
    from saite.folder import DataFolder

    if (contracts is None or "://" not in contracts) and not DataFolder(data).contracts.is_file():
        return (), ()
    store = store_of(contracts, data)
    try:
        return store.revocations(), store.processes()
    finally:
        store.close()


def _row(compiled: CompiledContract, is_revoked: bool) -> tuple[object, ...]:
    contract = compiled.contract
    return (
        contract.id,
        contract.version,
        compiled.agency,
        contract.title,
        contract.validity.not_after.date(),
        len(contract.signatures),
        "revoked" if is_revoked else _state(compiled),
        ", ".join(compiled.purposes),
    )


def _state(compiled: CompiledContract) -> str:
    from kernel.clock import SystemClock

    validity, now = compiled.contract.validity, SystemClock().now()
    return "not yet" if now < validity.not_before else "ended" if now >= validity.not_after else "in force"


def _rights(mask: Mask) -> dict[str, Any]:
    return {
        "read": sorted(mask.read),
        "filter": {field: sorted(operators) for field, operators in sorted(mask.filter.items())},
        "sort": sorted(mask.sort),
        "count": sorted(mask.count),
        "listed": sorted(mask.listed),
        "masked": sorted(mask.values),
        "rows": sorted(mask.rows),
        "digest": mask.digest,
    }


def _by_field(mask: Mask) -> dict[str, dict[str, Any]]:
    fields = sorted({*mask.read, *mask.filter, *mask.sort, *mask.count, *mask.listed})
    return {
        field: {
            "read": field in mask.read,
            "filter": field in mask.filter,
            "sort": field in mask.sort,
            "count": field in mask.count,
            "note": _note(mask, field),
        }
        for field in fields
    }


def _note(mask: Mask, field: str) -> str:
    notes = []
    if field in mask.listed:
        notes.append("listed: withheld, and said so")
    if field in mask.values:
        notes.append("masked value")
    if field in mask.filter:
        notes.append("filter by " + ", ".join(sorted(mask.filter[field])))
    return "; ".join(notes)
