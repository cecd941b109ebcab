"""One state of the book of contracts: documents in, the masks of every agency out.

A contract that is wrong is refused and named in `refused`; the others are in force. Nothing in a book ever changes: a reload
makes a new book, and whoever holds the old one keeps a consistent view.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol

from graphql import GraphQLSchema

from authz.book.store import Revocation
from authz.catalogue import Catalogue, catalogue_of
from authz.compile import NO_DEPENDENCIES, CompiledContract, Dependencies, compile_contract
from authz.document import Contract, Finding, read_contract
from authz.errors import ContractRefused
from authz.mask import Mask
from authz.signatures import UNCHECKED, SignaturePolicy
from kernel.clock import Clock

Key = tuple[str, int]

_log: Final = logging.getLogger(__name__)


class Confirmation:
    """When the contracts were last seen to be current: at the load, and by a follower every time it looks."""

    def __init__(self, at: datetime) -> None:
        self.at = at


class Books(Protocol):
    """A ContractBook, or a BookFollower that holds one after the other."""

    @property
    def current(self) -> ContractBook: ...


@dataclass(frozen=True, slots=True)
class ContractBook:
    """Compiled contracts by (id, version). Made by `load`, by `of`, or by a BookFollower.

    `withdrawn` are revoked: they are in no other table, so that nothing finds them by chance. `retired` were replaced a moment
    ago: no request begins under them, and a room still answers the calls that began before (`known`).
    """

    contracts: Mapping[Key, CompiledContract]
    refused: tuple[ContractRefused, ...]
    findings: tuple[Finding, ...]
    clock: Clock
    withdrawn: Mapping[Key, CompiledContract] = field(default_factory=dict)
    retired: Mapping[Key, CompiledContract] = field(default_factory=dict)
    revocations: tuple[Revocation, ...] = ()
    confirmation: Confirmation | None = None
    _versions: dict[str, list[Key]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """By agency, in force or withdrawn: asked for every request, so not searched for in all contracts."""

    def __post_init__(self) -> None:
        for key, compiled in {**self.contracts, **self.withdrawn}.items():
            self._versions.setdefault(compiled.agency, []).append(key)

    @property
    def current(self) -> ContractBook:
        """This book: whoever takes `Books` asks for what is current, once for each request."""
        return self

    @staticmethod
    def load(
        directory: Path,
        schema: GraphQLSchema,
        clock: Clock,
        *,
        dependencies: Dependencies = NO_DEPENDENCIES,
        signatures: SignaturePolicy = UNCHECKED,
    ) -> ContractBook:
        """The contracts in the `*.yaml` files of a folder, compiled against the API schema.

        `dependencies` is `authz.dependencies.dependencies_of(supergraph_sdl)`. Raises ContractRefused when no contract at all
        can be loaded, and SchemaNotProtected for a schema without rights directives.
        """
        catalogue = catalogue_of(schema)
        contracts: list[Contract] = []
        refused: list[ContractRefused] = []
        findings: list[Finding] = []
        for path in sorted(directory.glob("*.yaml")):
            contract, found = read_contract(path)
            findings.extend(found)
            if contract is None:
                refused.append(ContractRefused(f"{path} is refused:\n" + "\n".join(f"  {finding}" for finding in found)))
            else:
                contracts.append(contract)
        return _book(contracts, catalogue, clock, dependencies, signatures, refused, findings)

    @staticmethod
    def of(
        contracts: Iterable[Contract],
        schema: GraphQLSchema,
        clock: Clock,
        *,
        dependencies: Dependencies = NO_DEPENDENCIES,
        signatures: SignaturePolicy = UNCHECKED,
    ) -> ContractBook:
        """The same from documents that were read already."""
        return _book(list(contracts), catalogue_of(schema), clock, dependencies, signatures, [], [])

    def of_agency(self, agency: str) -> CompiledContract | None:
        """The agency's contract: the highest version that has begun, else the highest there is (the gate says why not).

        A version that has ended, or was revoked, never gives way to an older one: that would bring back what was narrowed. None
        where there is no contract, or a revoked one (`revocation_of`).
        """
        key = self._chosen(agency)
        return None if key is None else self.contracts.get(key)

    def revocation_of(self, agency: str) -> Revocation | None:
        """Why the agency has no contract any more."""
        key = self._chosen(agency)
        if key is None or key in self.contracts:
            return None
        return next((found for found in self.revocations if _ends(found, key)), None)

    def _chosen(self, agency: str) -> Key | None:
        keys = self._versions.get(agency, ())
        if len(keys) < 2:
            return keys[0] if keys else None
        now = self.clock.now()

        def rank(key: Key) -> tuple[bool, int, Key]:
            contract = (self.contracts.get(key) or self.withdrawn[key]).contract
            return contract.validity.not_before <= now, contract.version, key

        return max(keys, key=rank)

    def mask(self, contract_id: str, version: int, purpose: str) -> Mask | None:
        """The mask of one version of a contract, in force or not: what a subgraph and a replay look up."""
        compiled = self.known(contract_id, version)
        return None if compiled is None else compiled.masks.get(purpose)

    def known(self, contract_id: str, version: int) -> CompiledContract | None:
        """The version of a contract that a signed call names: in the book, or replaced while the call was under way."""
        key = (contract_id, version)
        return self.contracts.get(key) or self.retired.get(key)

    def without(self, revocations: Iterable[Revocation]) -> ContractBook:
        """The same book after these revocations."""
        every = {**self.withdrawn, **self.contracts}
        known = tuple(revocations)
        withdrawn = {key: one for key, one in every.items() if any(_ends(found, key) for found in known)}
        standing = {key: one for key, one in every.items() if key not in withdrawn}
        return replace(self, contracts=MappingProxyType(standing), withdrawn=MappingProxyType(withdrawn), revocations=known)


def _ends(revocation: Revocation, key: Key) -> bool:
    return revocation.contract_id == key[0] and key[1] <= revocation.version


def _book(
    contracts: list[Contract],
    catalogue: Catalogue,
    clock: Clock,
    dependencies: Dependencies,
    signatures: SignaturePolicy,
    refused: list[ContractRefused],
    findings: list[Finding],
) -> ContractBook:
    compiled: dict[Key, CompiledContract] = {}
    for contract in contracts:
        try:
            refuse_second_of_its_kind(contract, compiled)
            signatures.insist(contract)
            one = compile_contract(contract, catalogue, dependencies)
        except ContractRefused as refusal:
            refused.append(refusal)
            continue
        compiled[contract.id, contract.version] = one
        findings.extend(one.findings)
    for known in refused:
        _log.error("contract refused", extra={"reason": known.message})
    if not compiled:
        raise ContractRefused(
            "No contract could be loaded, so nobody may ask anything:\n" + "\n".join(r.message for r in refused)
        )
    confirmed = Confirmation(clock.now())
    return ContractBook(MappingProxyType(compiled), tuple(refused), tuple(findings), clock, confirmation=confirmed)


def refuse_second_of_its_kind(contract: Contract, loaded: Mapping[Key, CompiledContract]) -> None:
    """One contract per agency and request, never a union of two. Raises ContractRefused."""
    for other in (compiled.contract for compiled in loaded.values()):
        if (contract.id, contract.version) == (other.id, other.version):
            raise ContractRefused(f"{contract.file}: {contract.id} version {contract.version} is already in {other.file}.")
        if contract.agency == other.agency and contract.id != other.id:
            raise ContractRefused(
                f"{contract.file}: {contract.agency} already has the contract {other.id} ({other.file}); an agency has "
                "one contract."
            )
