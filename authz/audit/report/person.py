"""Who looked at me: every use of one person's data, in words for that person.

In: a log, who is meant (ids, and the keyed hash of the personal code that was searched for), a language. Out: a `Report`.
The one for the data subject names agencies, purposes and kinds of data; users, case numbers and uses that the law restricts
telling about stand only in the inspector's (`full`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from authz.audit.entry import AuditEntry
from authz.audit.reader import reading, record_in
from authz.audit.record import AuditRecord
from authz.audit.report.form import Cell, Report, Section, joined
from authz.audit.report.rules import MisuseRules
from authz.audit.report.words import Language, local, word
from authz.audit.store import Location


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the report is about. `name` is how the report calls them; `ids` is everything that stands for them in a record
    (`EntitySeal.known_as`), `code_hmac` is `VariableSeal.value(personal code)`.
    """

    name: str
    ids: frozenset[str]
    code_hmac: str | None = None


def person_report(
    location: Location,
    subject: Subject,
    rules: MisuseRules,
    now: datetime,
    *,
    language: Language = "lv",
    since: datetime | None = None,
    full: bool = False,
) -> Report:
    """Every use of the subject's data, oldest first. Raises UnreadableLog."""
    names = ["at", "use", "agency", "purpose", "fields", "found", *(["user", "case", "status", "record"] if full else [])]
    uses = list(_uses(location, subject, since))
    told = [use for use in uses if full or _may_be_told(use.entry, rules)]
    rows = tuple(_row(use, subject, language, full=full) for use in told)
    period = f"{local(since)} – {local(now)}" if since else f"… – {local(now)}"
    facts = (
        (word("subject", language), subject.name),
        (word("period", language), period),
        (word("made", language), local(now)),
    )
    return Report(
        word("person title", language),
        facts,
        (
            Section(word("consultations", language), tuple(word(name, language) for name in names), rows),
            _by_agency(told, language),
        ),
        word("full note" if full else "person note", language),
        language,
    )


def _uses(location: Location, subject: Subject, since: datetime | None) -> Iterator[AuditRecord]:
    wanted = [f'"{one}"' for one in sorted(subject.ids)] + ([f'"{subject.code_hmac}"'] if subject.code_hmac else [])
    if not wanted:
        return
    with reading(location) as reader:
        for row in reader.containing(wanted):
            record = record_in(row)
            if (since is None or record.at >= since) and record.entry.kind != "served" and _concerns(record.entry, subject):
                yield record


def _concerns(entry: AuditEntry, subject: Subject) -> bool:
    return _was_found(entry, subject) or _was_searched(entry, subject)


def _was_found(entry: AuditEntry, subject: Subject) -> bool:
    return any(not subject.ids.isdisjoint(ids) for ids in entry.entities.values())


def _was_searched(entry: AuditEntry, subject: Subject) -> bool:
    return subject.code_hmac is not None and entry.operation is not None and subject.code_hmac in entry.operation.values_hmac


def _may_be_told(entry: AuditEntry, rules: MisuseRules) -> bool:
    return entry.purpose not in rules.not_told and entry.kind != "denial" and entry.status != "intended"


def _row(record: AuditRecord, subject: Subject, language: Language, *, full: bool) -> tuple[Cell, ...]:
    entry = record.entry
    found = _was_found(entry, subject)
    kinds = sorted({word(field.partition(".")[0], language) for field in entry.resources if _is_of_interest(field)})
    fields = sorted(field for field in entry.resources if field.startswith("Person."))
    how = "found" if found else "searched"
    row: tuple[Cell, ...] = (
        local(record.at),
        word(entry.kind, language),
        entry.agency,
        word(entry.purpose or "none", language),
        joined(fields if full else kinds) or word("none", language),
        word(how, language),
    )
    if full:
        row += (entry.user, entry.case_ref or "–", word(entry.status, language), record.id)
    return row


def _is_of_interest(field: str) -> bool:
    return field.partition(".")[0] in {"Person", "Vehicle", "Document", "Event"}


def _by_agency(records: list[AuditRecord], language: Language) -> Section:
    counts: dict[tuple[str, str], int] = {}
    for record in records:
        key = (record.entry.agency, record.entry.purpose or "none")
        counts[key] = counts.get(key, 0) + 1
    rows = tuple((agency, word(purpose, language), number) for (agency, purpose), number in sorted(counts.items()))
    columns = tuple(word(name, language) for name in ("agency", "purpose", "count"))
    return Section(word("by purpose", language), columns, rows)
