"""Signs of misuse: every user's look-ups against every rule, the heaviest users first, each sign explained.

In: a log, the rules, who is related to whom. Out: a `Report`. Marks stand for persons: the inspector's key opens a record and
gives their ids (`saite audit open`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from authz.audit.entity_marks import EntitySeal
from authz.audit.reader import reading, record_in
from authz.audit.record import AuditRecord
from authz.audit.report.checks import CHECKS, Look, Sign
from authz.audit.report.form import Report, Section, joined
from authz.audit.report.rules import MisuseRule, MisuseRules, Relation
from authz.audit.report.words import Language, local, word
from authz.audit.store import Location

_NOT_OF_USERS = frozenset({"import", "served", "admin", "review", "authentication"})
_User = tuple[str, str]  # agency, user


def misuse_report(
    location: Location,
    rules: MisuseRules,
    now: datetime,
    *,
    relations: Sequence[Relation] = (),
    seal: EntitySeal | None = None,
    language: Language = "en",
    since: datetime | None = None,
) -> Report:
    """Everything noticeable since then; `seal` knows persons of `relations` by their marks. Raises UnreadableLog."""
    found: list[tuple[MisuseRule, _User, Sign]] = []
    related: dict[_User, dict[str, str]] = defaultdict(dict)
    for one in relations:
        for known in (one.person,) if seal is None else seal.known_as(one.person):
            related[one.agency, one.user][known] = f"{one.how}: {one.person}"
    for user, looks in _looks(location, since).items():
        for rule in rules.rules:
            signs = CHECKS[rule.check](rule, looks, related.get(user, {}))
            found.extend((rule, user, sign) for sign in signs)
    weights: dict[_User, int] = defaultdict(int)
    for rule, user, _ in found:
        weights[user] += rule.weight
    found.sort(key=lambda one: (-weights[one[1]], one[1], -one[0].weight, one[2].at))
    facts = (
        (word("period", language), f"{local(since) if since else '…'} – {local(now)}"),
        (word("made", language), local(now)),
    )
    sections = (_findings(found, language), _by_user(weights, found, language), _explained(rules, found, language))
    return Report(word("misuse title", language), facts, sections, word("misuse note", language), language)


def _looks(location: Location, since: datetime | None) -> dict[_User, list[Look]]:
    looks: dict[_User, list[Look]] = defaultdict(list)
    with reading(location) as reader:
        for row in reader.containing([]):
            record = record_in(row)
            if record.entry.kind not in _NOT_OF_USERS and (since is None or record.at >= since):
                looks[record.entry.agency, record.entry.user].append(_look(record))
    for of_user in looks.values():
        of_user.sort(key=lambda look: look.at)  # several gateways write at a time
    return looks


def _look(record: AuditRecord) -> Look:
    entry = record.entry
    persons = frozenset(entry.entities.get("Person", ()))
    is_denial = entry.decision == "DENY"
    return Look(record.at, record.id, persons, entry.purpose, entry.case_ref, is_denial, entry.emergency)


def _findings(found: Sequence[tuple[MisuseRule, _User, Sign]], language: Language) -> Section:
    names = ("agency", "user", "rule", "at", "count", "detail", "weight", "record")
    rows = tuple(
        (
            agency,
            user,
            _title(rule, language),
            local(sign.at),
            sign.number,
            sign.about or "–",
            rule.weight,
            joined(sign.record_ids),
        )
        for rule, (agency, user), sign in found
    )
    return Section(word("findings", language), tuple(word(name, language) for name in names), rows)


def _by_user(weights: dict[_User, int], found: Sequence[tuple[MisuseRule, _User, Sign]], language: Language) -> Section:
    numbers: dict[_User, int] = defaultdict(int)
    for _, user, _ in found:
        numbers[user] += 1
    ordered = sorted(weights, key=lambda user: (-weights[user], user))
    rows = tuple((*user, numbers[user], weights[user]) for user in ordered)
    columns = tuple(word(name, language) for name in ("agency", "user", "count", "weight"))
    return Section(word("by user", language), columns, rows)


def _explained(rules: MisuseRules, found: Sequence[tuple[MisuseRule, _User, Sign]], language: Language) -> Section:
    numbers = {rule.id: sum(one.id == rule.id for one, _, _ in found) for rule in rules.rules}
    rows = tuple(
        (_title(rule, language), rule.why.lv if language == "lv" else rule.why.en, numbers[rule.id]) for rule in rules.rules
    )
    return Section(word("rules", language), tuple(word(name, language) for name in ("rule", "why", "count")), rows)


def _title(rule: MisuseRule, language: Language) -> str:
    return rule.title.lv if language == "lv" else rule.title.en
