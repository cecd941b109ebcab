"""A contract document: file or text in, `Contract` or every finding out.

The form is `docs/contracts.md`; a word that the form does not have is an error with its line. What needs a schema to be judged
(do these fields exist?) is `authz.lint`'s.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Literal, cast

from yaml.nodes import MappingNode

from authz.document.findings import Finding, Report
from authz.document.model import (
    Aggregates,
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
from authz.document.section import Section, unfolded
from authz.document.source import composed, line_of, plain_value


def read_contract(path: Path) -> tuple[Contract | None, tuple[Finding, ...]]:
    """The contract in a file, None when it is wrong, and what was found."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        report = Report(str(path))
        report.error("NOT_READABLE", 1, f"The file cannot be read as UTF-8 text: {error}.")
        return None, report.findings
    return read_contract_text(text, str(path))


def read_contract_text(text: str, file: str = "contract.yaml") -> tuple[Contract | None, tuple[Finding, ...]]:
    """The contract in a text; `file` is what findings name."""
    report = Report(file)
    node = composed(text, report)
    if node is None:
        return None, report.findings
    contract = _contract(Section(node, "a contract", report), node, report)
    return (None if report.has_errors else contract), report.findings


def _contract(top: Section, node: MappingNode, report: Report) -> Contract:
    top.choice("apiVersion", ("sharing/v1",), "sharing/v1")
    top.choice("kind", ("CooperationAgreement",), "CooperationAgreement")
    for word in ("apiVersion", "kind", "metadata", "grants"):
        top.node(word, required=True)
    metadata = top.section("metadata", required=True)
    must_allow, must_deny = _canaries(top.section("tests"))
    contract = Contract(
        id=metadata.required_text("id"),
        version=metadata.integer("version", least=1, required=True) or 0,
        title=metadata.required_text("title"),
        supersedes=metadata.integer("supersedes", least=1),
        parties=_parties(top.section("parties", required=True)),
        legal=_legal(top.section("legal", required=True)),
        validity=_validity(top.section("validity", required=True)),
        clients=tuple(_client(item) for item in top.sections("clients")),
        purposes=_purposes(top.section("purposes", required=True)),
        schema=_schema_pin(top.section("schema")),
        visibility=_visibility(top.section("visibility")),
        bundles=_bundles(top.section("bundles")),
        grants=tuple(_grant(item) for item in top.sections("grants")),
        denies=tuple(_deny(item) for item in top.sections("denies")),
        masks=_masks(top.section("masks")),
        rows=_rows(top.section("rows"), report),
        context=_context(top, report),
        aggregates=_aggregates(top.section("aggregates")),
        quotas=tuple(_quota(item) for item in top.sections("quotas")),
        limits=_limits(top.section("limits")),
        obligations=_obligations(top.section("obligations")),
        partner_audit=_partner_audit(top.section("assurance")),
        must_allow=must_allow,
        must_deny=must_deny,
        signatures=tuple(_signature(item) for item in top.sections("signatures")),
        file=report.file,
        digest=_digest(node),
    )
    metadata.close()
    top.close()
    return contract


def _digest(node: MappingNode) -> str:
    """Of the document without its signatures, as canonical JSON: what a signature is over."""
    content = cast("dict[str, object]", plain_value(node))
    content.pop("signatures", None)
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def _party(section: Section) -> Party:
    party = Party(section.required_text("id"), section.required_text("name"), section.text("role"), section.flag("controller"))
    section.close()
    return party


def _parties(section: Section) -> Parties:
    provider, consumer = (_party(section.section(word, required=True)) for word in ("provider", "consumer"))
    listed = isinstance(section.plain("onward_transfer"), list)
    onward = (
        section.texts("onward_transfer")
        if listed
        else section.choice("onward_transfer", ("forbidden", "with_consent"), "forbidden")
    )
    section.close()
    return Parties(provider, consumer, onward)


def _legal(section: Section) -> Legal:
    legal = Legal(
        section.texts("basis"), section.texts("categories"), section.flag("special_categories"), section.text("dpia_ref")
    )
    if not legal.basis:
        section.report.error("MISSING", section.line, "`legal` needs `basis`: at least one provision that allows the sharing.")
    section.close()
    return legal


def _validity(section: Section) -> Validity:
    validity = Validity(section.moment("not_before"), section.moment("not_after"), section.day("review_by"))
    section.close()
    return validity


def _client(section: Section) -> Client:
    client = Client(
        section.required_text("client_id"), section.texts("cert_sha256"), section.text("issuer"), section.text("min_acr")
    )
    section.close()
    return client


def _purposes(section: Section) -> dict[str, Purpose]:
    found: dict[str, Purpose] = {}
    for name, line, node in section.entries():
        inner = Section(node, f"the purpose `{name}`", section.report)
        requires = inner.texts("requires")
        for word in requires:
            if word not in ("user", "case_ref"):
                section.report.error(
                    "REQUIRES", inner.line_at("requires"), f"A purpose requires user or case_ref, not `{word}`."
                )
        found[name] = Purpose(
            name,
            "user" in requires,
            "case_ref" in requires,
            inner.text("case_ref_pattern"),
            inner.flag("aggregates_only"),
            line,
        )
        inner.close()
    return found


def _schema_pin(section: Section) -> SchemaPin:
    digest = section.text("digest")
    section.choice("on_new_field", ("deny",), "deny")
    on_denied = section.choice("on_denied", ("filter", "reject"), "filter")
    section.close()
    return SchemaPin(digest, cast("Literal['filter', 'reject']", on_denied))


def _visibility(section: Section) -> Visibility:
    default = section.choice("default", ("hidden", "listed"), "hidden")
    visibility = Visibility(cast("Literal['hidden', 'listed']", default), section.words("listed"), section.words("hidden"))
    section.close()
    return visibility


def _bundles(section: Section) -> dict[str, tuple[Word, ...]]:
    names = [name for name, _, _ in section.entries()]
    return {name: section.words(name) for name in names}


def _grant(section: Section) -> Grant:
    filters = section.section("filter")
    found: list[tuple[Word, tuple[str, ...]]] = []
    for name, line, _ in list(filters.entries()):
        operators = filters.texts(name)
        found.extend((Word(field, line), operators) for field in unfolded(name))
    grant = Grant(
        purposes=section.texts("purposes"),
        read=section.words("read"),
        count=section.words("count"),
        sort=section.words("sort"),
        subscribe=section.words("subscribe"),
        trigger=section.words("trigger"),
        filter=tuple(found),
        mask=section.text("mask"),
        line=section.line,
    )
    section.close()
    return grant


def _deny(section: Section) -> Deny:
    deny = Deny(section.texts("purposes"), section.words("resources"), section.line)
    section.close()
    return deny


def _masks(section: Section) -> dict[str, MaskRule]:
    found: dict[str, MaskRule] = {}
    for name, _, node in section.entries():
        inner = Section(node, f"the mask `{name}`", section.report)
        fn = inner.choice("fn", ("keep_last", "keep_first", "initials"), "keep_last")
        found[name] = MaskRule(fn, inner.integer("n") or 0, inner.text("fill") or "*")
        if len(found[name].fill) != 1:
            section.report.error("MASK", inner.line_at("fill"), "`fill` is one character.")
        inner.close()
    return found


def _rows(section: Section, report: Report) -> dict[str, RowRule]:
    return {name: RowRule(row_rule(node, report), line) for name, line, node in section.entries()}


def _context(top: Section, report: Report) -> dict[str, object]:
    value = top.plain("context")
    if value is None:
        return {}
    if isinstance(value, dict) and all(isinstance(inner, dict) for inner in value.values()):
        return value
    report.error("WRONG_KIND", top.line_at("context"), "`context` is `{consumer: {name: value}}`.")
    return {}


def _aggregates(section: Section) -> Aggregates:
    aggregates = Aggregates(
        section.integer("min_cell", least=1) or 1,
        section.integer("round_to", least=1) or 1,
        section.integer("max_dimensions", least=1),
        section.flag("forbid_overlap"),
    )
    section.close()
    return aggregates


def _quota(section: Section) -> Quota:
    values = section.plain("distinct_filter_values")
    distinct = {str(key): value for key, value in values.items() if isinstance(value, int)} if isinstance(values, dict) else {}
    quota = Quota(
        section.choice("per", ("user", "contract"), "user"),
        section.duration("window") or "1d",
        section.integer("entities", least=1),
        distinct,
        section.number("alert_at"),
        section.line,
    )
    section.close()
    return quota


def _limits(section: Section) -> Limits:
    depth, aliases, cost, page_max = (section.integer(word, least=1) for word in ("depth", "aliases", "cost", "page_max"))
    limits = Limits(depth, aliases, cost, page_max, section.duration("stream_max"))
    section.close()
    return limits


def _obligations(section: Section) -> Obligations:
    retention = section.section("retention")
    obligations = Obligations(
        section.choice("log_class", ("full", "basic"), "full"),
        retention.duration("min"),
        retention.duration("max"),
        section.texts("notify_on"),
        section.flag("strict"),
        section.duration("max_staleness"),
    )
    retention.close()
    section.close()
    return obligations


def _partner_audit(section: Section) -> PartnerAudit | None:
    audit: PartnerAudit | None = None
    if "partner_audit" in section:
        inner = section.section("partner_audit")
        audit = PartnerAudit(inner.required_text("standard"), inner.day("valid_until", required=True) or date.min)
        inner.close()
    section.close()
    return audit


def _canaries(section: Section) -> tuple[tuple[Canary, ...], tuple[Canary, ...]]:
    found = tuple(tuple(_canary_lines(section, word)) for word in ("must_allow", "must_deny"))
    section.close()
    return found[0], found[1]


def _canary_lines(section: Section, word: str) -> list[Canary]:
    lines: list[Canary] = []
    for item in section.items(word):
        match plain_value(item):
            case [str(purpose), str(right), str(field)]:
                lines.append(Canary(purpose, right, field, line_of(item)))
            case _:
                section.report.error(
                    "CANARY", line_of(item), "A test is [purpose, right, Type.field], e.g. [X, filter:eq, A.b]."
                )
    return lines


def _signature(section: Section) -> Signature:
    signature = Signature(*(section.required_text(word) for word in ("by", "role", "kid", "alg", "over", "value")))
    section.close()
    return signature
