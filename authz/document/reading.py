"""A contract document: file or text in, `Contract` or every finding out.

    text → nodes (source) → held against the form (check) → typed (here)

A word that the form does not have is an error with its place. What needs a schema to be judged (do these fields exist?) is
`authz.lint`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, Literal, cast

from yaml.nodes import MappingNode, Node

from authz.document import form
from authz.document.canonical import NotCanonical, digest_of
from authz.document.check import check
from authz.document.findings import START, Finding, Report
from authz.document.kinds import Group, Kind, ListOf, Named
from authz.document.model import (
    Aggregates,
    BreakGlass,
    Canary,
    Client,
    Contract,
    Deny,
    Grant,
    Legal,
    Limits,
    MaskRule,
    Obligations,
    Parties,
    PartnerAudit,
    Party,
    Purpose,
    Quota,
    RowRule,
    SchemaPin,
    Signature,
    Validity,
    Visibility,
    Word,
)
from authz.document.row_rules import row_rule
from authz.document.section import Section, unfolded, words_of
from authz.document.source import composed, place_of, plain_value


def read_contract(path: Path) -> tuple[Contract | None, tuple[Finding, ...]]:
    """The contract in a file, None when it is wrong, and what was found."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        report = Report(str(path))
        report.error("NOT_READABLE", START, f"The file cannot be read as UTF-8 text: {error}.")
        return None, report.findings
    return read_contract_text(text, str(path))


def read_contract_text(text: str, file: str = "contract.yaml") -> tuple[Contract | None, tuple[Finding, ...]]:
    """The contract in a text; `file` is what findings name."""
    report = Report(file)
    node = composed(text, report)
    if node is None:
        return None, report.findings
    check(node, form.FORM, "a contract", report)
    digest = _digest(node, report)
    if report.has_errors:
        return None, report.findings
    return _contract(Section(node, form.FORM, START), digest, file), report.findings


def content_of(node: MappingNode) -> dict[str, object]:
    """The document without its signatures, as JSON values: what a signature is over."""
    content = cast("dict[str, object]", plain_value(node))
    content.pop("signatures", None)
    return content


def _digest(node: MappingNode, report: Report) -> str:
    try:
        return digest_of(content_of(node))
    except NotCanonical as error:
        report.error("NOT_CANONICAL", START, f"The document has no canonical form to be signed: {error}.")
        return ""


def _inner(group: Group, word: str) -> Group:
    """The group that a word of a group leads to, through lists and names."""
    found = group.word(word)
    assert found is not None
    kind: Kind = found.kind
    while isinstance(kind, ListOf | Named):
        kind = kind.item
    assert isinstance(kind, Group)
    return kind


def _top(word: str) -> Group:
    return _inner(form.FORM, word)


def _contract(top: Section, digest: str, file: str) -> Contract:
    metadata = top.section("metadata", _top("metadata"))
    tests = top.section("tests", _top("tests"))
    return Contract(
        id=metadata.text("id"),
        version=metadata.whole("version") or 0,
        title=metadata.text("title"),
        supersedes=metadata.whole("supersedes"),
        parties=_parties(top.section("parties", _top("parties"))),
        legal=_legal(top.section("legal", _top("legal"))),
        validity=_validity(top.section("validity", _top("validity"))),
        clients=tuple(_client(item) for item in top.sections("clients", _top("clients"))),
        purposes={name: _purpose(name, node) for name, _, node in top.entries("purposes")},
        schema=_schema_pin(top.section("schema", _top("schema"))),
        visibility=_visibility(top.section("visibility", _top("visibility"))),
        bundles={name: words_of(node) for name, _, node in top.entries("bundles")},
        grants=tuple(_grant(item) for item in top.sections("grants", _top("grants"))),
        denies=tuple(_deny(item) for item in top.sections("denies", _top("denies"))),
        masks={name: _mask(node) for name, _, node in top.entries("masks")},
        rows={name: RowRule(row_rule(node, Report(file)), at) for name, at, node in top.entries("rows")},
        context=cast("dict[str, object]", top.plain("context") or {}),
        aggregates=_aggregates(top.section("aggregates", _top("aggregates"))),
        quotas=tuple(_quota(item) for item in top.sections("quotas", _top("quotas"))),
        limits=_limits(top.section("limits", _top("limits"))),
        obligations=_obligations(top.section("obligations", _top("obligations"))),
        partner_audit=_partner_audit(top.section("assurance", _top("assurance"))),
        break_glass=_break_glass(top.section("break_glass", _top("break_glass")), top.node("break_glass")),
        must_allow=tuple(_canary(item) for item in tests.items("must_allow")),
        must_deny=tuple(_canary(item) for item in tests.items("must_deny")),
        signatures=tuple(_signature(item) for item in top.sections("signatures", _top("signatures"))),
        file=file,
        digest=digest,
        places={word.name: top.place(word.name) for word in form.FORM.words},
    )


def _party(section: Section) -> Party:
    return Party(section.text("id"), section.text("name"), section.maybe("role"), section.flag("controller"))


def _parties(section: Section) -> Parties:
    provider, consumer = (_party(section.section(word, _inner(_top("parties"), word))) for word in ("provider", "consumer"))
    return Parties(provider, consumer, section.texts("onward_transfer") or section.maybe("onward_transfer") or "forbidden")


def _legal(section: Section) -> Legal:
    return Legal(
        section.texts("basis"), section.texts("categories"), section.flag("special_categories"), section.maybe("dpia_ref")
    )


def _validity(section: Section) -> Validity:
    return Validity(section.moment("not_before"), section.moment("not_after"), section.day("review_by"))


def _client(section: Section) -> Client:
    return Client(
        section.text("client_id"), section.texts("cert_sha256"), section.maybe("issuer"), section.maybe("min_acr"), section.at
    )


def _purpose(name: str, node: Node) -> Purpose:
    section = Section(node, _top("purposes"), place_of(node))
    requires = section.texts("requires")
    return Purpose(
        name,
        "user" in requires,
        "case_ref" in requires,
        section.maybe("case_ref_pattern"),
        section.flag("aggregates_only"),
        section.at,
    )


def _schema_pin(section: Section) -> SchemaPin:
    return SchemaPin(section.maybe("digest"), cast("Literal['filter', 'reject']", section.choice("on_denied")))


def _visibility(section: Section) -> Visibility:
    default = cast("Literal['hidden', 'listed']", section.choice("default"))
    return Visibility(default, section.words("listed"), section.words("hidden"))


def _grant(section: Section) -> Grant:
    return Grant(
        purposes=section.texts("purposes"),
        read=section.words("read"),
        count=section.words("count"),
        sort=section.words("sort"),
        subscribe=section.words("subscribe"),
        trigger=section.words("trigger"),
        filter=tuple(_filters(section)),
        mask=section.maybe("mask"),
        at=section.at,
    )


def _filters(section: Section) -> Iterator[tuple[Word, tuple[str, ...]]]:
    for name, at, node in section.entries("filter"):
        operators = tuple(str(item.value) for item in node.value)
        yield from ((Word(field, at), operators) for field in unfolded(name))


def _deny(section: Section) -> Deny:
    return Deny(section.texts("purposes"), section.words("resources"), section.at)


def _mask(node: Node) -> MaskRule:
    section = Section(node, _top("masks"), place_of(node))
    return MaskRule(
        section.text("fn"), section.whole("n") or 0, section.maybe("fill") or "*", section.whole("metres") or _GRID, section.at
    )


def _aggregates(section: Section) -> Aggregates:
    return Aggregates(
        section.whole("min_cell") or 1,
        section.whole("round_to") or 1,
        section.whole("max_dimensions"),
        section.flag("forbid_overlap"),
    )


def _quota(section: Section) -> Quota:
    return Quota(
        cast("Literal['user', 'contract']", section.choice("per")),
        section.text("window"),
        section.whole("entities"),
        {name: int(node.value) for name, _, node in section.entries("distinct_filter_values")},
        section.share("alert_at"),
        section.at,
    )


def _limits(section: Section) -> Limits:
    depth, aliases, cost, page_max = (section.whole(word) for word in ("depth", "aliases", "cost", "page_max"))
    return Limits(depth, aliases, cost, page_max, section.maybe("stream_max"))


def _obligations(section: Section) -> Obligations:
    retention = section.section("retention", _inner(_top("obligations"), "retention"))
    return Obligations(
        section.choice("log_class"),
        retention.maybe("min"),
        retention.maybe("max"),
        section.texts("notify_on"),
        section.flag("strict"),
        section.maybe("max_staleness"),
    )


def _partner_audit(section: Section) -> PartnerAudit | None:
    if section.node("partner_audit") is None:
        return None
    inner = section.section("partner_audit", _inner(_top("assurance"), "partner_audit"))
    return PartnerAudit(inner.text("standard"), inner.day("valid_until") or date.min)


def _break_glass(section: Section, node: Node | None) -> BreakGlass | None:
    if node is None:
        return None
    return BreakGlass(section.texts("roles"), section.texts("purposes"), section.maybe("longest") or "1h", section.at)


def _canary(node: Node) -> Canary:
    purpose, right, field = cast("list[str]", plain_value(node))
    return Canary(purpose, right, field, place_of(node))


def _signature(section: Section) -> Signature:
    by, role, kid, alg, over, value = (section.text(word) for word in ("by", "role", "kid", "alg", "over", "value"))
    return Signature(by, role, kid, alg, over, value, section.at)


_GRID: Final = 1000
