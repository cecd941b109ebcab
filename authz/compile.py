"""Contract → masks: every right of the catalogue is put to Casbin once for each purpose, and the answers are frozen.

    claims (bundles and wildcards spelled out) → policy rows → Casbin asked (field, right, purpose) for all → closure over
    @requires → canaries → Mask, with a digest over all that changes an answer

Fields about which the same is written have the same rights, because the model compares names for equality and does nothing
else with them. So Casbin decides for the first field of each kind, and for a sample of the others, which must come out alike;
`thorough` puts every single question to it.

In: a contract and the catalogue of the schema. Out: CompiledContract, or ContractRefused with every finding.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Final

from authz.catalogue import Catalogue
from authz.claims import Claim, claims_of, fields_named
from authz.document import Contract, Finding
from authz.document.model import Canary, MaskRule, Quota
from authz.enforcer import Judge, Row
from authz.errors import ContractRefused, PolicyUnsound
from authz.lint import findings_of
from authz.mask import Mask
from authz.rows import NO_ROW, Predicate, bind, plain
from authz.values import ValueMask

Dependencies = Mapping[str, frozenset[str]]
NO_DEPENDENCIES: Final[Dependencies] = MappingProxyType({})

_Granted = Mapping[str, frozenset[str]]
_SHOWING: Final = ("read", "count")
_SAMPLE: Final = 16


@dataclass(frozen=True, slots=True)
class CompiledContract:
    """A contract in force: one mask for each purpose, and the findings that did not refuse it."""

    contract: Contract
    masks: Mapping[str, Mask]
    findings: tuple[Finding, ...]

    @property
    def agency(self) -> str:
        return self.contract.agency

    @property
    def purposes(self) -> tuple[str, ...]:
        """The purposes that a request may state."""
        return tuple(self.contract.purposes)


def compile_contract(
    contract: Contract, catalogue: Catalogue, dependencies: Dependencies = NO_DEPENDENCIES, *, thorough: bool = False
) -> CompiledContract:
    """The contract's masks. `dependencies` names for each field those that its value is made from (`@requires`).

    Raises ContractRefused when lint finds an error or a canary comes out otherwise than the contract states.
    """
    compiled = decide(contract, catalogue, dependencies, thorough=thorough)
    _refuse_for(contract, [str(tried) for tried in canaries_of(compiled) if not tried.passed])
    return compiled


def decide(
    contract: Contract, catalogue: Catalogue, dependencies: Dependencies = NO_DEPENDENCIES, *, thorough: bool = False
) -> CompiledContract:
    """The same with its canaries not yet tried: not yet fit to be in force. Raises ContractRefused for an error of lint."""
    claims = claims_of(contract, catalogue)
    findings = findings_of(contract, catalogue, claims)
    _refuse_for(contract, [str(finding) for finding in findings if finding.level == "error"])
    judge = Judge(policy_rows(contract, claims))
    granted = _ask_everything(judge, contract, catalogue, thorough=thorough)
    masks = {purpose: _mask(contract, catalogue, dependencies, purpose, granted, claims) for purpose in contract.purposes}
    return CompiledContract(contract, MappingProxyType(masks), findings)


@dataclass(frozen=True, slots=True)
class Tried:
    """A canary and how it came out."""

    canary: Canary
    must: bool
    passed: bool

    def __str__(self) -> str:
        said = "must" if self.must else "must not"
        canary = self.canary
        return f"line {canary.at.line}: {canary.purpose} {said} have {canary.right} on {canary.field}"


def canaries_of(compiled: CompiledContract) -> tuple[Tried, ...]:
    """Every canary of the contract, tried on its masks."""
    contract, masks = compiled.contract, compiled.masks
    wanted = [*((canary, True) for canary in contract.must_allow), *((canary, False) for canary in contract.must_deny)]
    return tuple(
        Tried(canary, must, masks[canary.purpose].permits(canary.right, canary.field) is must) for canary, must in wanted
    )


def policy_rows(contract: Contract, claims: tuple[Claim, ...]) -> list[Row]:
    """The contract's claims as rows of Casbin policy, each once."""
    unique = dict.fromkeys((claim.field, claim.right, claim.purpose, claim.is_allowed) for claim in claims)
    return [
        Row(contract.id, field, right, purpose, "allow" if is_allowed else "deny")
        for field, right, purpose, is_allowed in unique
    ]


def questions(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Every (field, right) that there is. Rights on nothing are not asked, so a field that the schema lost is denied."""
    return [(field, right) for field, rights in catalogue.rights.items() for right in rights]


def _ask_everything(judge: Judge, contract: Contract, catalogue: Catalogue, *, thorough: bool) -> dict[str, _Granted]:
    """For each purpose, each right's fields."""
    decided: dict[tuple[object, ...], tuple[str, ...]] = {}
    alike: list[tuple[str, str, tuple[str, ...]]] = []
    found: dict[str, _Granted] = {}
    for purpose in contract.purposes:
        granted: dict[str, set[str]] = {}
        for field, rights in catalogue.rights.items():
            kind = (judge.written_about(contract.id, field, purpose), rights)
            allowed = decided.get(kind)
            if allowed is None or thorough:
                allowed = decided[kind] = _ask(judge, contract, field, rights, purpose)
            else:
                alike.append((purpose, field, allowed))
            for right in allowed:
                granted.setdefault(right, set()).add(field)
        found[purpose] = {right: frozenset(fields) for right, fields in granted.items()}
    picked = random.Random(contract.digest).sample(alike, min(_SAMPLE, len(alike)))  # noqa: S311  # which to ask again
    for purpose, field, allowed in picked:
        if _ask(judge, contract, field, catalogue.rights[field], purpose) != allowed:
            raise PolicyUnsound(f"Casbin decided about {field} otherwise than about a field of which the same is written.")
    return found


def _ask(judge: Judge, contract: Contract, field: str, rights: tuple[str, ...], purpose: str) -> tuple[str, ...]:
    return tuple(right for right in rights if judge.allows(contract.id, field, right, purpose))


def _mask(
    contract: Contract,
    catalogue: Catalogue,
    dependencies: Dependencies,
    purpose: str,
    granted: Mapping[str, _Granted],
    claims: tuple[Claim, ...],
) -> Mask:
    rights = granted[purpose]
    masked = {c.field: c.mask for c in claims if c.mask is not None and c.purpose == purpose and c.right == "read"}
    read = _closed(rights.get("read", frozenset()), catalogue, dependencies, frozenset(masked))
    values = {field: ValueMask(contract.masks[name]) for field, name in sorted(masked.items()) if field in read}
    count = rights.get("count", frozenset())
    rows = _rows(contract, catalogue, read)
    listed = _listed(contract, catalogue, read | count)
    denied = frozenset(claim.field for claim in claims if claim.purpose == purpose and not claim.is_allowed)
    emergency = _emergency(contract, purpose, listed - denied)
    content: dict[str, object] = {
        "contract": [contract.id, contract.version, contract.digest],
        "agency": contract.agency,
        "purpose": purpose,
        "rights": {right: sorted(fields) for right, fields in sorted({**rights, "read": read}.items())},
        "listed": sorted(listed),
        "values": {field: _plain(value.rule) for field, value in values.items()},
        "rows": {name: plain(predicate) for name, predicate in sorted(rows.items())},
        "limits": asdict(contract.limits),
        "aggregates": asdict(contract.aggregates),
        "on_denied": contract.schema.on_denied,
        "schema": catalogue.digest,
        "quotas": [_plain(quota) for quota in contract.quotas],
        "obligations": asdict(contract.obligations),
        "emergency": sorted(emergency),
    }
    if contract.purposes[purpose].aggregates_only:
        content["aggregates_only"] = True
    return Mask(
        contract_id=contract.id,
        contract_version=contract.version,
        contract_digest=contract.digest,
        agency=contract.agency,
        purpose=purpose,
        read=read,
        filter=MappingProxyType(_operators(rights)),
        sort=rights.get("sort", frozenset()),
        count=count,
        listed=listed,
        reasons=MappingProxyType(_reasons(listed, denied, purpose, granted)),
        values=MappingProxyType(values),
        rows=MappingProxyType(rows),
        limits=contract.limits,
        aggregates=contract.aggregates,
        on_denied=contract.schema.on_denied,
        rows_digest=_digest(content["rows"]),
        digest=_digest(content),
        subscribe=rights.get("subscribe", frozenset()),
        trigger=rights.get("trigger", frozenset()),
        quotas=contract.quotas,
        obligations=contract.obligations,
        emergency=emergency,
        aggregates_only=contract.purposes[purpose].aggregates_only,
    )


def _plain(rule: MaskRule | Quota) -> dict[str, object]:
    """The rule as JSON values, wherever in the document it stands."""
    return {name: value for name, value in asdict(rule).items() if name != "at"}


def _emergency(contract: Contract, purpose: str, candidates: frozenset[str]) -> frozenset[str]:
    glass = contract.break_glass
    return candidates if glass is not None and purpose in glass.purposes else frozenset()


def _operators(rights: _Granted) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for right, fields in sorted(rights.items()):
        if right.startswith("filter:"):
            for field in sorted(fields):
                found.setdefault(field, set()).add(right.removeprefix("filter:"))
    return {field: frozenset(operators) for field, operators in found.items()}


def _closed(read: frozenset[str], catalogue: Catalogue, dependencies: Dependencies, masked: frozenset[str]) -> frozenset[str]:
    """Without the fields that are made from one that is denied, or from a masked one while not masked themselves."""
    while True:
        broken = {
            field
            for field in read
            if any(not _may_feed(d, field, read, catalogue, masked) for d in dependencies.get(field, ()))
        }
        if not broken:
            return read
        read -= broken


def _may_feed(needed: str, field: str, read: frozenset[str], catalogue: Catalogue, masked: frozenset[str]) -> bool:
    entry = catalogue.fields.get(needed)
    if entry is not None and entry.mark.public:
        return True
    return needed in read and (needed not in masked or field in masked)


def _rows(contract: Contract, catalogue: Catalogue, read: frozenset[str]) -> dict[str, Predicate]:
    """One predicate for each type with row attributes. A type of which nothing may be read has no visible row: it does not
    exist.
    """
    readable = {field.split(".")[0] for field in read}
    found: dict[str, Predicate] = {}
    for name in sorted(catalogue.row_attributes):
        rule = contract.rows.get(name)
        found[name] = bind(rule.predicate, contract.context) if rule is not None and name in readable else NO_ROW
    return found


def _listed(contract: Contract, catalogue: Catalogue, granted: frozenset[str]) -> frozenset[str]:
    """The denied fields that the agency may know of."""
    governed = frozenset((*catalogue.readable_fields(), *catalogue.counting_fields()))
    visibility = contract.visibility
    listed = {word.text for word in fields_named(visibility.listed, contract, sorted(governed))}
    hidden = {word.text for word in fields_named(visibility.hidden, contract, sorted(governed))}
    chosen = governed - hidden if visibility.default == "listed" else governed & listed
    return chosen - granted - hidden


def _reasons(listed: frozenset[str], denied: frozenset[str], purpose: str, granted: Mapping[str, _Granted]) -> dict[str, str]:
    """Why each listed field is denied. What is readable by right and still listed depends on something denied."""
    here = granted[purpose].get("read", frozenset())
    elsewhere = frozenset[str]().union(*(rights.get(right, frozenset()) for rights in granted.values() for right in _SHOWING))
    return {
        field: "DENIED_BY_CONTRACT"
        if field in denied
        else "DEPENDS_ON_DENIED"
        if field in here
        else "OTHER_PURPOSE"
        if field in elsewhere
        else "NOT_GRANTED"
        for field in sorted(listed)
    }


def _refuse_for(contract: Contract, reasons: list[str]) -> None:
    if reasons:
        listing = "\n".join(f"  {reason}" for reason in reasons)
        raise ContractRefused(f"{contract.file}: contract {contract.id} version {contract.version} is refused:\n{listing}")


def _digest(content: object) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
