"""Rules that a contract's document is held to by itself: ids, names, dates, purposes, and what its parts say of each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from authz.document import Contract, Report
from authz.document.duration import duration_of
from authz.document.model import Deny, Grant, Word

LONGEST_VALIDITY: Final = timedelta(days=731)
LONGEST_BREAK_GLASS: Final = timedelta(hours=1)

_ID: Final = re.compile(r"\A[A-Za-z0-9_.:\-]{1,100}\Z")
_COORDINATE: Final = re.compile(r"\A[A-Za-z_]\w*\.[A-Za-z_]\w*\Z")
_WILDCARD: Final = re.compile(r"\A[A-Za-z_]\w*\.\*\Z")


def _ids_have_one_reading(contract: Contract, report: Report) -> None:
    """Casbin and logs take ids as they are: no commas, quotes, blanks or operators."""
    parties = contract.parties
    for kind, text, where in (
        ("contract", contract.id, "metadata"),
        ("provider", parties.provider.id, "parties"),
        ("consumer", parties.consumer.id, "parties"),
    ):
        if not _ID.match(text) or text.startswith(("r.", "p.")):
            report.error(
                "ID", contract.place(where), f"The id of the {kind}, {text!r}, has other than letters, digits and _ . : -."
            )
    for purpose in contract.purposes.values():
        if not _ID.match(purpose.name) or purpose.name.startswith(("r.", "p.")):
            report.error("ID", purpose.at, f"The purpose {purpose.name!r} has other than letters, digits and _ . : -.")


def _names_have_the_right_form(contract: Contract, report: Report) -> None:
    for words, may_be_bundle in _every_list_of_fields(contract):
        for word in words:
            if word.text.startswith("@"):
                if not may_be_bundle:
                    report.error("FIELD", word.at, f"`{word.text}`: a bundle holds fields, not bundles.")
                elif word.text[1:] not in contract.bundles:
                    report.error("BUNDLE", word.at, f"There is no bundle `{word.text[1:]}`: define it under `bundles`.")
            elif not _COORDINATE.match(word.text) and not _WILDCARD.match(word.text):
                report.error("FIELD", word.at, f"`{word.text}` is no field: write `Type.field`, `Type.{{a, b}}` or `Type.*`.")


def _every_list_of_fields(contract: Contract) -> Iterator[tuple[tuple[Word, ...], bool]]:
    for bundle in contract.bundles.values():
        yield bundle, False
    for grant in contract.grants:
        yield from ((words, True) for words in (grant.read, grant.count, grant.sort, grant.subscribe, grant.trigger))
        yield tuple(word for word, _ in grant.filter), True
    for deny in contract.denies:
        yield deny.resources, True
    yield contract.visibility.listed, True
    yield contract.visibility.hidden, True


def _no_two_names_differ_by_case_only(contract: Contract, report: Report) -> None:
    spelled: dict[str, str] = {}
    for words, _ in _every_list_of_fields(contract):
        for word in words:
            first = spelled.setdefault(word.text.lower(), word.text)
            if first != word.text:
                report.error("CASE", word.at, f"`{word.text}` stands elsewhere as `{first}`: names are told apart by case.")


def _clauses_name_known_purposes_and_masks(contract: Contract, report: Report) -> None:
    clauses: tuple[Grant | Deny, ...] = (*contract.grants, *contract.denies)
    for clause in clauses:
        if not clause.purposes:
            report.error("PURPOSE", clause.at, 'This clause has no `purposes`: name them, or `["*"]` for all of the contract.')
        for name in clause.purposes:
            if name != "*" and name not in contract.purposes:
                report.error(
                    "PURPOSE", clause.at, f"The contract has no purpose `{name}`: it has {', '.join(contract.purposes)}."
                )
    for grant in contract.grants:
        if grant.mask is not None and grant.mask not in contract.masks:
            report.error("MASK", grant.at, f"There is no mask `{grant.mask}`: define it under `masks`.")
    for canary in (*contract.must_allow, *contract.must_deny):
        if canary.purpose not in contract.purposes:
            report.error(
                "CANARY", canary.at, f"The test is about the purpose `{canary.purpose}`, which the contract does not have."
            )


def _the_contract_ends(contract: Contract, report: Report) -> None:
    validity = contract.validity
    if validity.not_after <= validity.not_before:
        report.error("VALIDITY", contract.place("validity"), "`validity.not_after` is not later than `not_before`.")
    elif validity.not_after - validity.not_before > LONGEST_VALIDITY:
        report.error(
            "VALIDITY", contract.place("validity"), "A contract holds for at most two years: make a new version after a review."
        )
    if contract.supersedes is not None and contract.supersedes >= contract.version:
        report.error(
            "VERSION",
            contract.place("metadata"),
            f"Version {contract.version} supersedes {contract.supersedes}: versions only grow.",
        )


def _purposes_can_be_met(contract: Contract, report: Report) -> None:
    if not contract.purposes:
        report.error("PURPOSE", contract.place("purposes"), "A contract has one purpose at least.")
    for purpose in contract.purposes.values():
        if purpose.case_ref_pattern is not None:
            if not purpose.requires_case:
                report.error("PURPOSE", purpose.at, f"`{purpose.name}` has a `case_ref_pattern` and does not require case_ref.")
            try:
                re.compile(purpose.case_ref_pattern)
            except re.error as error:
                report.error("PURPOSE", purpose.at, f"The `case_ref_pattern` of `{purpose.name}` is no pattern: {error}.")


def _masks_keep_something_back(contract: Contract, report: Report) -> None:
    for name, rule in contract.masks.items():
        if rule.fn in ("keep_last", "keep_first") and rule.n < 1:
            report.error("MASK", rule.at, f"The mask `{name}` needs `n`: how many characters are shown.")


def _quotas_count_something(contract: Contract, report: Report) -> None:
    for quota in contract.quotas:
        if quota.entities is None and not quota.distinct_filter_values:
            report.error("QUOTA", quota.at, "A quota has `entities` or `distinct_filter_values`: say what is counted.")


def _obligations_agree(contract: Contract, report: Report) -> None:
    obligations, at = contract.obligations, contract.place("obligations")
    least, most = obligations.retention_min, obligations.retention_max
    if least is not None and most is not None and duration_of(least) > duration_of(most):
        report.error("OBLIGATIONS", at, f"`retention.min` ({least}) is longer than `retention.max` ({most}).")
    if obligations.strict and obligations.max_staleness is None:
        report.error("OBLIGATIONS", at, "`strict` needs `max_staleness`: after how long without confirmation it refuses.")


def _break_glass_is_bounded(contract: Contract, report: Report) -> None:
    glass = contract.break_glass
    if glass is None:
        return
    if duration_of(glass.longest) > LONGEST_BREAK_GLASS:
        report.error("BREAK_GLASS", glass.at, f"`longest` is {glass.longest}: never more than 1h.")
    for name in glass.purposes:
        if name not in contract.purposes:
            report.error("PURPOSE", glass.at, f"The contract has no purpose `{name}`: it has {', '.join(contract.purposes)}.")
    if contract.visibility.default == "hidden" and not contract.visibility.listed:
        report.error("BREAK_GLASS", glass.at, "Nothing is `listed` under `visibility`, so there is nothing to open.")


def _signatures_are_of_the_parties(contract: Contract, report: Report) -> None:
    """Whether they are valid is for `authz.signatures`, which has the keys."""
    if not contract.signatures:
        report.note("UNSIGNED", contract.place("metadata"), "The contract is not signed.")
    parties = {"data-owner": contract.parties.provider.id, "data-consumer": contract.parties.consumer.id}
    seen: set[str] = set()
    for signature in contract.signatures:
        if signature.by != parties[signature.role]:
            report.error("SIGNATURE", signature.at, f"The {signature.role} is {parties[signature.role]}, not {signature.by}.")
        if signature.role in seen:
            report.error("SIGNATURE", signature.at, f"There are two signatures as {signature.role}: keep one.")
        seen.add(signature.role)


def _bundles_are_used(contract: Contract, report: Report) -> None:
    used = {word.text[1:] for words, _ in _every_list_of_fields(contract) for word in words if word.text.startswith("@")}
    for name in contract.bundles:
        if name not in used:
            report.note("UNUSED", contract.place("bundles"), f"The bundle `{name}` is not used.")


DocumentRule = Callable[[Contract, Report], None]

DOCUMENT_RULES: Final[tuple[DocumentRule, ...]] = (
    _ids_have_one_reading,
    _names_have_the_right_form,
    _no_two_names_differ_by_case_only,
    _clauses_name_known_purposes_and_masks,
    _the_contract_ends,
    _purposes_can_be_met,
    _masks_keep_something_back,
    _quotas_count_something,
    _obligations_agree,
    _break_glass_is_bounded,
    _signatures_are_of_the_parties,
    _bundles_are_used,
)
