"""What a new version of a contract changes, in sentences, and whether that widens or narrows what the agency may have.

In: two compiled versions, against one schema. Out: `Change`s. What cannot be told apart safely (two row rules of different
shape, a changed pattern) is `unclear`, and counts as widening where widening must not pass: a person has to look.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from authz.compile import CompiledContract
from authz.document.duration import duration_of
from authz.document.model import Canary, Contract, Party, Purpose, Quota
from authz.explain.row_changes import Relation, relation
from authz.mask import Mask
from authz.rows import EVERY_ROW, NO_ROW, Predicate, plain

Effect = Literal["widens", "narrows", "unclear", "neutral"]

_OF_RELATION: Final[dict[Relation, Effect]] = {
    "wider": "widens",
    "narrower": "narrows",
    "unclear": "unclear",
    "same": "neutral",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `purpose` is None for what concerns the whole contract."""

    effect: Effect
    purpose: str | None
    sentence: str

    @property
    def may_widen(self) -> bool:
        """Whether it must not pass unseen."""
        return self.effect in ("widens", "unclear")


def changes_between(old: CompiledContract, new: CompiledContract) -> tuple[Change, ...]:
    """Every difference: first what concerns the whole contract, then purpose by purpose."""
    found = [change for rule in _CONTRACT_RULES for change in rule(old.contract, new.contract)]
    for name in (*old.purposes, *(name for name in new.purposes if name not in old.purposes)):
        before, after = old.masks.get(name), new.masks.get(name)
        if before is None and after is not None:
            found.append(Change("widens", name, f"The purpose {name} is new: it may {_summary(after)}."))
        elif after is None and before is not None:
            found.append(Change("narrows", name, f"The purpose {name} is gone: it could {_summary(before)}."))
        elif before is not None and after is not None:
            found += _purpose(old.contract.purposes[name], new.contract.purposes[name])
            found += (change for rule in _MASK_RULES for change in rule(before, after))
    return tuple(found)


def _summary(mask: Mask) -> str:
    read, filters, sorts, counts = (len(each) for each in (mask.read, mask.filter, mask.sort, mask.count))
    return f"read {read} fields, filter by {filters}, sort by {sorts}, and ask {counts} counts"


def _bigger(what: str, old: float | None, new: float | None, *, more_is: Effect = "widens") -> Iterator[Change]:
    """A ceiling that changed; None is no ceiling at all."""
    if old == new:
        return
    grows = new is None or (old is not None and new > old)
    less: Effect = "narrows" if more_is == "widens" else "widens"
    said = f"{'no limit' if old is None else f'{old:g}'} → {'no limit' if new is None else f'{new:g}'}"
    yield Change(more_is if grows else less, None, f"{what}: {said}.")


def _document(old: Contract, new: Contract) -> Iterator[Change]:
    if old.id != new.id:
        yield Change("unclear", None, f"These are two contracts, {old.id} and {new.id}, not two versions of one.")
    if old.version != new.version:
        yield Change("neutral", None, f"Version {old.version} → {new.version}.")
    if old.agency != new.agency:
        yield Change("unclear", None, f"Another agency: {old.agency} → {new.agency}.")
    if old.legal != new.legal:
        yield Change("neutral", None, "The legal basis or the categories of persons changed: read them.")
    if (old.title, _named(old)) != (new.title, _named(new)):
        yield Change("neutral", None, "The title, or a party's name or role, changed.")
    if old.validity.review_by != new.validity.review_by:
        yield Change("neutral", None, f"It is reviewed by {new.validity.review_by} instead of {old.validity.review_by}.")
    if (_canaries(old.must_allow), _canaries(old.must_deny)) != (_canaries(new.must_allow), _canaries(new.must_deny)):
        dropped = len(_canaries(old.must_deny) - _canaries(new.must_deny))
        said = f", and {dropped} that must be denied are not tried any more" if dropped else ""
        yield Change("neutral", None, f"The canaries changed{said}.")
    if old.parties.onward_transfer != new.parties.onward_transfer:
        effect: Effect = "narrows" if new.parties.onward_transfer == "forbidden" else "widens"
        yield Change(effect, None, f"Onward transfer: {old.parties.onward_transfer} → {new.parties.onward_transfer}.")


def _named(contract: Contract) -> tuple[Party, Party]:
    return contract.parties.provider, contract.parties.consumer


def _canaries(canaries: Iterable[Canary]) -> frozenset[tuple[str, str, str]]:
    return frozenset((canary.purpose, canary.right, canary.field) for canary in canaries)


def _validity(old: Contract, new: Contract) -> Iterator[Change]:
    before, after = old.validity, new.validity
    if after.not_before != before.not_before:
        effect: Effect = "widens" if after.not_before < before.not_before else "narrows"
        yield Change(effect, None, f"It begins {after.not_before:%Y-%m-%d} instead of {before.not_before:%Y-%m-%d}.")
    if after.not_after != before.not_after:
        effect = "widens" if after.not_after > before.not_after else "narrows"
        yield Change(effect, None, f"It ends {after.not_after:%Y-%m-%d} instead of {before.not_after:%Y-%m-%d}.")


def _clients(old: Contract, new: Contract) -> Iterator[Change]:
    before = {client.client_id: client for client in old.clients}
    after = {client.client_id: client for client in new.clients}
    if bool(before) != bool(after):
        effect: Effect = "narrows" if after else "widens"
        yield Change(effect, None, f"Clients: {', '.join(before) or 'any'} → {', '.join(after) or 'any'}.")
        return
    for name in sorted({*before, *after}):
        if name not in before:
            yield Change("widens", None, f"The client {name} is new.")
        elif name not in after:
            yield Change("narrows", None, f"The client {name} is gone.")
        elif (before[name].cert_sha256, before[name].issuer, before[name].min_acr) != (
            after[name].cert_sha256,
            after[name].issuer,
            after[name].min_acr,
        ):
            yield Change("unclear", None, f"What the client {name} has to bring (certificate, issuer, acr) changed.")


def _ceilings(old: Contract, new: Contract) -> Iterator[Change]:
    for word in ("depth", "aliases", "cost", "page_max"):
        yield from _bigger(f"`limits.{word}`", getattr(old.limits, word), getattr(new.limits, word))
    yield from _bigger("`limits.stream_max` (seconds)", _seconds(old.limits.stream_max), _seconds(new.limits.stream_max))
    before, after = old.aggregates, new.aggregates
    yield from _bigger("`aggregates.min_cell`", before.min_cell, after.min_cell, more_is="narrows")
    yield from _bigger("`aggregates.round_to`", before.round_to, after.round_to, more_is="narrows")
    yield from _bigger("`aggregates.max_dimensions`", before.max_dimensions, after.max_dimensions)
    if before.forbid_overlap != after.forbid_overlap:
        effect: Effect = "narrows" if after.forbid_overlap else "widens"
        yield Change(effect, None, f"Counts that overlap are {'refused now' if after.forbid_overlap else 'no longer refused'}.")


def _seconds(text: str | None) -> float | None:
    return None if text is None else duration_of(text).total_seconds()


def _quotas(old: Contract, new: Contract) -> Iterator[Change]:
    before, after = _flat(old.quotas), _flat(new.quotas)
    for what in sorted({*before, *after}):
        yield from _bigger(f"Quota of {what}", before.get(what), after.get(what))


def _alerts(old: Contract, new: Contract) -> Iterator[Change]:
    if [quota.alert_at for quota in old.quotas] != [quota.alert_at for quota in new.quotas]:
        yield Change("neutral", None, "At what share of a quota somebody is told changed: read `quotas`.")


def _flat(quotas: Iterable[Quota]) -> dict[str, int]:
    found: dict[str, int] = {}
    for quota in quotas:
        counted = {} if quota.entities is None else {"entities": quota.entities}
        counted |= {f"different values of {field}": most for field, most in quota.distinct_filter_values.items()}
        for what, most in counted.items():
            name = f"{what} per {quota.per} in {quota.window}"
            found[name] = min(most, found.get(name, most))
    return found


def _duties(old: Contract, new: Contract) -> Iterator[Change]:
    if old.schema.on_denied != new.schema.on_denied:
        effect: Effect = "narrows" if new.schema.on_denied == "reject" else "widens"
        yield Change(effect, None, f"A denied field: {old.schema.on_denied} → {new.schema.on_denied}.")
    if old.obligations.strict != new.obligations.strict:
        effect = "narrows" if new.obligations.strict else "widens"
        yield Change(
            effect, None, f"It is {'strict now' if new.obligations.strict else 'no longer strict'}: see `max_staleness`."
        )
    yield from _bigger(
        "`obligations.max_staleness` (seconds)",
        _seconds(old.obligations.max_staleness),
        _seconds(new.obligations.max_staleness),
    )
    kept = (old.obligations.log_class, old.obligations.retention_min, old.obligations.retention_max, old.obligations.notify_on)
    now = (new.obligations.log_class, new.obligations.retention_min, new.obligations.retention_max, new.obligations.notify_on)
    if kept != now:
        yield Change("neutral", None, "What is recorded, how long it is kept, or what is told changed: read `obligations`.")
    if (old.partner_audit is None) != (new.partner_audit is None):
        effect = "widens" if new.partner_audit is None else "narrows"
        yield Change(
            effect, None, f"An audit of the consumer is {'no longer' if new.partner_audit is None else 'now'} demanded."
        )
    elif old.partner_audit is not None and new.partner_audit is not None and old.partner_audit != new.partner_audit:
        effect = "widens" if new.partner_audit.valid_until > old.partner_audit.valid_until else "narrows"
        yield Change(effect, None, f"The consumer's audit holds until {new.partner_audit.valid_until}.")
    if old.break_glass != new.break_glass:
        effect = "narrows" if new.break_glass is None else "widens" if old.break_glass is None else "unclear"
        yield Change(
            effect, None, "Who may break the glass changed." if new.break_glass else "Nobody may break the glass any more."
        )


def _purpose(old: Purpose, new: Purpose) -> Iterator[Change]:
    name = new.name
    for what, before, after in (
        ("a user", old.requires_user, new.requires_user),
        ("a case reference", old.requires_case, new.requires_case),
    ):
        if before != after:
            said = "has to be stated now" if after else "need not be stated any more"
            yield Change("narrows" if after else "widens", name, f"For {name} {what} {said}.")
    if old.requires_case and new.requires_case and old.case_ref_pattern != new.case_ref_pattern:
        effect: Effect = "widens" if new.case_ref_pattern is None else "narrows" if old.case_ref_pattern is None else "unclear"
        yield Change(effect, name, f"The form of a case reference for {name}: {old.case_ref_pattern} → {new.case_ref_pattern}.")
    if old.aggregates_only != new.aggregates_only:
        effect = "narrows" if new.aggregates_only else "widens"
        yield Change(effect, name, f"{name} is {'now' if new.aggregates_only else 'no longer'} for aggregates only.")


def _rights(old: Mask, new: Mask) -> Iterator[Change]:
    for right, before, after in _by_right(old, new):
        gained, lost = sorted(after - before), sorted(before - after)
        if gained:
            yield Change("widens", new.purpose, f"{new.purpose} may now {right} {compact(gained)}.")
        if lost:
            yield Change("narrows", new.purpose, f"{new.purpose} may no longer {right} {compact(lost)}.")


def _by_right(old: Mask, new: Mask) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    yield "read", old.read, new.read
    for operator in sorted({operator for mask in (old, new) for operators in mask.filter.values() for operator in operators}):
        before, after = (
            frozenset(field for field, operators in mask.filter.items() if operator in operators) for mask in (old, new)
        )
        yield f"filter ({operator}) by", before, after
    yield "sort by", old.sort, new.sort
    yield "count", old.count, new.count
    yield "subscribe to", old.subscribe, new.subscribe
    yield "be woken by", old.trigger, new.trigger
    yield "learn that there is (withheld)", old.listed - new.read - new.count, new.listed - old.read - old.count
    yield "open in an emergency", old.emergency, new.emergency


def _values(old: Mask, new: Mask) -> Iterator[Change]:
    for field in sorted(old.read & new.read):
        before, after = old.values.get(field), new.values.get(field)
        said_before, said_after = (None if each is None else _said(each.rule.fn, each.rule.n) for each in (before, after))
        if before == after:
            continue
        if after is None:
            yield Change("widens", new.purpose, f"{new.purpose} sees {field} whole instead of {said_before}.")
        elif before is None:
            yield Change("narrows", new.purpose, f"{new.purpose} sees {field} as {said_after} instead of whole.")
        elif before.rule.fn == after.rule.fn and before.rule.n != after.rule.n:
            effect: Effect = "widens" if after.rule.n > before.rule.n else "narrows"
            yield Change(effect, new.purpose, f"{new.purpose} sees {field} as {said_after} instead of {said_before}.")
        else:
            yield Change("unclear", new.purpose, f"{new.purpose} sees {field} as {said_after} instead of {said_before}.")


def _said(fn: str, n: int) -> str:
    return f"{fn} {n}" if n else fn


def _rows(old: Mask, new: Mask) -> Iterator[Change]:
    for name in sorted({*old.rows, *new.rows}):
        before, after = old.rows.get(name), new.rows.get(name)
        if before is None or after is None or before == after:
            continue
        found = relation(before, after)
        if found != "same":
            said = {"wider": "more rows", "narrower": "fewer rows", "unclear": "other rows"}[found]
            yield Change(
                _OF_RELATION[found], new.purpose, f"{new.purpose} sees {said} of {name}: {_rule(before)} → {_rule(after)}."
            )


def _rule(predicate: Predicate) -> str:
    if predicate in (EVERY_ROW, NO_ROW):
        return "all" if predicate == EVERY_ROW else "none"
    return json.dumps(plain(predicate), ensure_ascii=False)


def compact(fields: Iterable[str]) -> str:
    """Names by type: `Event.{kind, place}, Person.id`.

    >>> compact(["Event.kind", "Event.place", "Person.id"])
    'Event.{kind, place}, Person.id'
    """
    parts = []
    for type_name, group in groupby(sorted(fields), key=lambda field: field.partition(".")[0]):
        names = [field.partition(".")[2] for field in group]
        parts.append(f"{type_name}.{names[0]}" if len(names) == 1 else f"{type_name}.{{{', '.join(names)}}}")
    return ", ".join(parts)


_CONTRACT_RULES: Final[tuple[Callable[[Contract, Contract], Iterator[Change]], ...]] = (
    _document,
    _validity,
    _clients,
    _ceilings,
    _quotas,
    _alerts,
    _duties,
)
_MASK_RULES: Final[tuple[Callable[[Mask, Mask], Iterator[Change]], ...]] = (_rights, _values, _rows)
