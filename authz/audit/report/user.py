"""What one user did: for their superior, and for themselves.

In: a log, a user (and the agency, when two agencies have users of the same name). Out: a `Report`.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from authz.audit.reader import reading, record_in
from authz.audit.record import AuditRecord
from authz.audit.report.form import Cell, Report, Section
from authz.audit.report.words import Language, local, word
from authz.audit.store import Location


def user_report(
    location: Location,
    user: str,
    now: datetime,
    *,
    agency: str | None = None,
    language: Language = "en",
    since: datetime | None = None,
) -> Report:
    """Everything that the user asked for, oldest first. Raises UnreadableLog."""
    records = []
    with reading(location) as reader:
        for row in reader.containing([f'"user":{msgspec.json.encode(user).decode()}']):
            record = record_in(row)
            entry = record.entry
            is_theirs = entry.user == user and (agency is None or entry.agency == agency) and entry.kind != "served"
            if is_theirs and (since is None or record.at >= since):
                records.append(record)
    persons = {one for record in records for one in record.entry.entities.get("Person", ())}
    facts = (
        (word("user", language), user if agency is None else f"{user} ({agency})"),
        (word("requests", language), str(len(records))),
        (word("denials", language), str(sum(record.entry.decision == "DENY" for record in records))),
        (word("persons", language), str(len(persons))),
        (word("without case", language), str(sum(record.entry.case_ref is None for record in records))),
        (word("made", language), local(now)),
    )
    names = ("at", "use", "agency", "purpose", "case", "status", "entities", "fields", "record")
    columns = tuple(word(name, language) for name in names)
    rows = tuple(_row(record, language) for record in records)
    sections = (Section(word("consultations", language), columns, rows), _by_purpose(records, language))
    return Report(word("user title", language), facts, sections, "", language)


def _row(record: AuditRecord, language: Language) -> tuple[Cell, ...]:
    entry = record.entry
    entities = ", ".join(f"{len(ids)} {name}" for name, ids in sorted(entry.entities.items()))
    outcome = word(entry.status, language)
    return (
        local(record.at),
        word(entry.kind, language),
        entry.agency,
        word(entry.purpose or "none", language),
        entry.case_ref or "–",
        f"{outcome} ({entry.error_code})" if entry.error_code else outcome,
        entities or "–",
        len(entry.resources),
        record.id,
    )


def _by_purpose(records: list[AuditRecord], language: Language) -> Section:
    counts: dict[str, list[int]] = {}
    for record in records:
        entry = record.entry
        of_purpose = counts.setdefault(entry.purpose or "none", [0, 0, 0])
        of_purpose[0] += 1
        of_purpose[1] += entry.decision == "DENY"
        of_purpose[2] += len(entry.entities.get("Person", ()))
    rows = tuple((word(purpose, language), of[0], of[1], of[2]) for purpose, of in sorted(counts.items()))
    columns = tuple(word(name, language) for name in ("purpose", "requests", "denials", "persons"))
    return Section(word("by purpose", language), columns, rows)
