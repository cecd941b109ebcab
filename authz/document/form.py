"""The form of a contract: every word there is, what it takes, what it means, and an example.

This is the one place that knows the words. `check.py` holds documents against it, `json_schema.py` tells it to editors,
`starter.py` writes it out with its meanings, and `docs/contracts.md` explains it.
"""

from __future__ import annotations

from typing import Final

from authz.document.kinds import (
    CanaryLine,
    Choice,
    Day,
    Duration,
    Either,
    FieldName,
    Flag,
    FormWord,
    Group,
    Instant,
    ListOf,
    Named,
    RowRule,
    Share,
    Text,
    Value,
    Whole,
)

SHOWN_IN_PART: Final = ("keep_last", "keep_first", "initials", "year", "hash", "grid", "atvk", "hit")
REQUIRED: Final = ("user", "case_ref")
CATEGORIES: Final = ("suspect", "convicted", "victim", "witness", "contact", "other")
ROLES: Final = ("data-owner", "data-consumer")

_FIELDS: Final = ListOf(FieldName())
_NAMES: Final = ListOf(Text())

_METADATA: Final = Group(
    (
        FormWord("id", Text(), "Names the contract for ever; letters, digits and _ . : - only.", True, "C-2026-900"),
        FormWord("version", Whole(1), "Grows by one with every change; old versions are kept for the audit.", True, "1"),
        FormWord("title", Text(), "What the contract is about, for people.", True, '"Harbour master: events in the port"'),
        FormWord("supersedes", Whole(1), "The version that this one replaces.", hint="1"),
    )
)


def _party(example: tuple[str, str, str]) -> Group:
    return Group(
        (
            FormWord("id", Text(), "The agency's id, as in its tokens.", True, example[0]),
            FormWord("name", Text(), "Its full name.", True, example[1]),
            FormWord(
                "role", Text(), "Its role under data protection law: recipient, joint-controller, processor.", False, example[2]
            ),
            FormWord("controller", Flag(), "Whether it is the controller of the data.", hint="true"),
        )
    )


_PARTIES: Final = Group(
    (
        FormWord(
            "provider",
            _party(("LV-IC", "Iekšlietu ministrijas Informācijas centrs", "controller")),
            "Who gives the data and signs as data-owner.",
            True,
        ),
        FormWord(
            "consumer", _party(("LV-HM", "Ostas kapteinis", "recipient")), "The agency that asks; signs as data-consumer.", True
        ),
        FormWord(
            "onward_transfer",
            Either(Choice(("forbidden", "with_consent")), _NAMES),
            "Whether the consumer may pass data on: forbidden, with_consent, or to the agencies listed.",
            False,
            "forbidden",
        ),
    )
)
_LEGAL: Final = Group(
    (
        FormWord(
            "basis",
            ListOf(Text(), least=1),
            "The provisions that allow the sharing.",
            True,
            '["Law on Ports (Likums par ostām)"]',
        ),
        FormWord("categories", ListOf(Choice(CATEGORIES)), "Whose data (Directive (EU) 2016/680 Art. 6).", False, "[other]"),
        FormWord(
            "special_categories", Flag(), "Whether data of Art. 10 (health, biometrics, origin…) are among them.", hint="false"
        ),
        FormWord("dpia_ref", Text(), "The data protection impact assessment.", False, "DPIA-2026-09"),
    )
)
_VALIDITY: Final = Group(
    (
        FormWord("not_before", Instant(), "From this instant on.", True, "2026-01-01T00:00:00Z"),
        FormWord(
            "not_after", Instant(), "Up to, not including, this one; at most two years later.", True, "2027-01-01T00:00:00Z"
        ),
        FormWord("review_by", Day(), "When somebody looks at it again; lint reminds.", False, "2026-10-01"),
    )
)
_CLIENT: Final = Group(
    (
        FormWord("client_id", Text(), "The system's id in its tokens.", True, "hm-desk"),
        FormWord(
            "cert_sha256",
            ListOf(Text(r"[0-9a-f]{64}", "64 hexadecimal digits in small letters")),
            "Its TLS certificates, by SHA-256.",
            hint="[]",
        ),
        FormWord(
            "issuer",
            Text(),
            "The identity provider whose tokens it brings (`iss`, compared exactly).",
            hint="https://idp.example",
        ),
        FormWord("min_acr", Text(), "The least authentication context (`acr`) of its users.", hint="high"),
    )
)
_PURPOSE: Final = Group(
    (
        FormWord("requires", ListOf(Choice(REQUIRED)), "What a request must state besides the purpose.", False, "[user]"),
        FormWord(
            "case_ref_pattern",
            Text(),
            "What the whole case reference matches (a regular expression).",
            hint='"\\\\d{2}-\\\\d{5}"',
        ),
        FormWord("aggregates_only", Flag(), "Only counts: no value may be read.", hint="false"),
    )
)
_SCHEMA: Final = Group(
    (
        FormWord(
            "digest",
            Text(),
            "The schema that wildcards in grants were written for; `saite contract lint` prints it.",
            hint="sha256:…",
        ),
        FormWord(
            "on_new_field",
            Choice(("deny",)),
            "A field that the schema gets later is denied until the contract names it.",
            hint="deny",
        ),
        FormWord(
            "on_denied",
            Choice(("filter", "reject")),
            "A denied field is withheld and said so, or refuses the whole operation.",
            hint="filter",
        ),
    )
)
_VISIBILITY: Final = Group(
    (
        FormWord("default", Choice(("hidden", "listed")), "What denied fields are, unless named below.", False, "hidden"),
        FormWord(
            "listed",
            _FIELDS,
            "Denied, and known to exist: answered with null and said to be withheld.",
            False,
            "[Event.summary]",
        ),
        FormWord("hidden", _FIELDS, "Denied, and as if absent.", hint="[]"),
    )
)
_GRANT: Final = Group(
    (
        FormWord("purposes", _NAMES, 'For which purposes; `["*"]` is all of this contract.', False, '["*"]'),
        FormWord(
            "read",
            _FIELDS,
            "Fields that may be read; root fields (`Query.events`) too.",
            False,
            '[Query.events, "@event-basic"]',
        ),
        FormWord(
            "filter",
            Named(ListOf(Text(), least=1), "field", "Event.kind"),
            "Fields that may be filtered by, each with its operators.",
            False,
            "{Event.kind: [eq, in], Event.occurred: [from, to]}",
        ),
        FormWord("sort", _FIELDS, "Fields that may be sorted by.", False, "[Event.occurred]"),
        FormWord("count", _FIELDS, "Counts that may be asked for.", False, "[EventConnection.totalCount]"),
        FormWord("subscribe", _FIELDS, "Fields that a subscription may deliver.", hint="[]"),
        FormWord("trigger", _FIELDS, "Fields whose change may wake a subscription.", hint="[]"),
        FormWord("mask", Text(), "Show what is read here in part only, as this entry of `masks` says.", hint="last4"),
    )
)
_DENY: Final = Group(
    (
        FormWord("purposes", _NAMES, "For which purposes.", False, '["*"]'),
        FormWord(
            "resources", _FIELDS, "Fields on which every right is denied; wins over every grant.", False, "[Event.persons]"
        ),
    )
)
_MASK: Final = Group(
    (
        FormWord(
            "fn",
            Choice(SHOWN_IN_PART),
            "How: the last or first n characters, initials, the year, a hash, a coarse place, a hit.",
            True,
            hint="keep_last",
        ),
        FormWord("n", Whole(), "How many characters are kept.", hint="4"),
        FormWord("fill", Text(r".", "one character"), "What stands for the others; `*` where absent.", hint='"*"'),
        FormWord("metres", Whole(1), "The width of the grid's cells; 1000 where absent.", hint="1000"),
    )
)
_AGGREGATES: Final = Group(
    (
        FormWord("min_cell", Whole(1), "Counts below this are suppressed.", False, "5"),
        FormWord("round_to", Whole(1), "Others are rounded to a multiple of this.", False, "1"),
        FormWord("max_dimensions", Whole(1), "Counts are narrowed by at most so many fields at once.", hint="2"),
        FormWord("forbid_overlap", Flag(), "Refuse a count that could be subtracted from an earlier one.", hint="false"),
    )
)
_QUOTA: Final = Group(
    (
        FormWord("per", Choice(("user", "contract")), "Whose sum is counted.", True, "user"),
        FormWord("window", Duration(), "Over what time.", True, "1d"),
        FormWord("entities", Whole(1), "How many entities may be given.", False, "5000"),
        FormWord(
            "distinct_filter_values",
            Named(Whole(1), "field", "Person.personalCode"),
            "How many different values may be looked up by a field.",
            hint="{Person.personalCode: 50}",
        ),
        FormWord("alert_at", Share(), "At what share of it somebody is told.", hint="0.8"),
    )
)
_LIMITS: Final = Group(
    (
        FormWord("depth", Whole(1), "Levels of an operation.", False, "8"),
        FormWord("aliases", Whole(1), "Aliases in it.", False, "15"),
        FormWord("cost", Whole(1), "Its estimated cost.", False, "5000"),
        FormWord("page_max", Whole(1), "Items of one page.", False, "50"),
        FormWord("stream_max", Duration(), "How long one subscription lasts.", hint="8h"),
    )
)
_OBLIGATIONS: Final = Group(
    (
        FormWord("log_class", Choice(("full", "basic")), "How much of a look-up is recorded.", False, "full"),
        FormWord(
            "retention",
            Group(
                (FormWord("min", Duration(), "At least.", False, "1y"), FormWord("max", Duration(), "At most.", False, "5y"))
            ),
            "How long the audit records are kept.",
        ),
        FormWord(
            "notify_on",
            ListOf(Choice(("quota", "denial_burst", "break_glass", "expiry"))),
            "What the parties are told of.",
            False,
            "[denial_burst]",
        ),
        FormWord(
            "strict",
            Flag(),
            "Refuse (503) when the contracts cannot be confirmed for longer than `max_staleness`.",
            hint="false",
        ),
        FormWord("max_staleness", Duration(), "How old the last confirmation may be.", hint="60s"),
    )
)
_ASSURANCE: Final = Group(
    (
        FormWord(
            "partner_audit",
            Group(
                (
                    FormWord("standard", Text(), "By what it was audited.", True, "ISO27001"),
                    FormWord("valid_until", Day(), "The contract is suspended after this day.", True, "2027-03-01"),
                )
            ),
            "The consumer's own security audit.",
        ),
    )
)
_BREAK_GLASS: Final = Group(
    (
        FormWord("roles", ListOf(Text(), least=1), "Which roles of the token may do it.", True, "[duty-officer]"),
        FormWord("purposes", ListOf(Text(), least=1), "For which purposes.", True, "[EVENT_RESPONSE]"),
        FormWord("longest", Duration(), "For how long at most; never more than 1h.", False, "1h"),
    )
)
_TESTS: Final = Group(
    (
        FormWord(
            "must_allow",
            ListOf(CanaryLine()),
            "Decisions that must come out yes.",
            False,
            "[[EVENT_RESPONSE, read, Event.kind]]",
        ),
        FormWord(
            "must_deny",
            ListOf(CanaryLine()),
            "Decisions that must come out no.",
            False,
            '[[EVENT_RESPONSE, read, Event.persons], [EVENT_RESPONSE, "filter:eq", Event.summary]]',
        ),
    )
)
_SIGNATURE: Final = Group(
    (
        FormWord("by", Text(), "The party that signs.", True),
        FormWord("role", Choice(ROLES), "As which party.", True),
        FormWord("kid", Text(), "The thumbprint of its key (RFC 7638).", True),
        FormWord("alg", Choice(("EdDSA",)), "Ed25519.", True),
        FormWord(
            "over", Choice(("jcs-sha256",)), "SHA-256 of the document without `signatures`, as canonical JSON (RFC 8785).", True
        ),
        FormWord("value", Text(), "A detached JWS (RFC 7515, appendix F).", True),
    )
)

FORM: Final = Group(
    (
        FormWord("apiVersion", Choice(("sharing/v1",)), "The version of this form.", True, "sharing/v1"),
        FormWord("kind", Choice(("CooperationAgreement",)), "What the document is.", True, "CooperationAgreement"),
        FormWord("metadata", _METADATA, "What names this version of the contract.", True),
        FormWord("parties", _PARTIES, "Who gives and who gets.", True),
        FormWord("legal", _LEGAL, "On what basis, and about whom.", True),
        FormWord("validity", _VALIDITY, "When it holds.", True),
        FormWord("clients", ListOf(_CLIENT), "The consumer's systems that may ask; none named: any of them."),
        FormWord(
            "purposes",
            Named(_PURPOSE, "purpose", "EVENT_RESPONSE"),
            "Why data may be asked for; a request states one of them.",
            True,
        ),
        FormWord("schema", _SCHEMA, "How the contract meets a schema that changes."),
        FormWord("visibility", _VISIBILITY, "Which denied fields the agency may know of."),
        FormWord(
            "bundles",
            Named(_FIELDS, "bundle", "event-basic"),
            "Lists of fields with a name, used as `@name`.",
            False,
            '{event-basic: ["Event.{id, kind, occurred}"]}',
        ),
        FormWord("grants", ListOf(_GRANT), "What is allowed. Everything else is denied.", True),
        FormWord("denies", ListOf(_DENY), "What no grant opens."),
        FormWord("masks", Named(_MASK, "mask", "last4"), "Ways to show a value in part."),
        FormWord(
            "rows",
            Named(RowRule(), "type", "Event"),
            "Which rows of each type: `all`, `none`, or a rule over its row attributes.",
            False,
            "{Event: {all: [{in: [zone, $consumer.zones]}, {not: {eq: [sealed, true]}}]}}",
        ),
        FormWord(
            "context",
            Group(
                (
                    FormWord(
                        "consumer",
                        Named(Value(), "attribute", "zones"),
                        "Attributes of the consumer, `$consumer.name` in row rules.",
                        False,
                        "{zones: [PORT-RIGA]}",
                    ),
                )
            ),
            "Values that row rules refer to.",
        ),
        FormWord("aggregates", _AGGREGATES, "How counts are published."),
        FormWord("quotas", ListOf(_QUOTA), "How much may be asked for."),
        FormWord("limits", _LIMITS, "Ceilings of one operation."),
        FormWord("obligations", _OBLIGATIONS, "What is recorded and told."),
        FormWord("assurance", _ASSURANCE, "What the consumer has to prove."),
        FormWord("break_glass", _BREAK_GLASS, "Who may open listed denials in an emergency; absent: nobody."),
        FormWord("tests", _TESTS, "Canaries: decisions that must come out so at every load, or the contract is refused."),
        FormWord("signatures", ListOf(_SIGNATURE), "Written by `saite contract sign`."),
    )
)
