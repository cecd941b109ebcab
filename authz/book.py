"""The contracts that are loaded: a folder of documents in, the masks of every agency out.

A contract that is wrong is refused and named in `refused`; the others are in force. Nothing in a book ever changes: a reload
makes a new book, and whoever holds the old one keeps a consistent view.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from graphql import GraphQLSchema

from authz.catalogue import Catalogue, catalogue_of
from authz.compile import NO_DEPENDENCIES, CompiledContract, Dependencies, compile_contract
from authz.document import Contract, Finding, read_contract
from authz.errors import ContractRefused
from authz.mask import Mask
from kernel.clock import Clock

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ContractBook:
    """Compiled contracts by (id, version). Made by `load` or `of`."""

    contracts: Mapping[tuple[str, int], CompiledContract]
    refused: tuple[ContractRefused, ...]
    findings: tuple[Finding, ...]
    clock: Clock

    @staticmethod
    def load(
        directory: Path, schema: GraphQLSchema, clock: Clock, *, dependencies: Dependencies = NO_DEPENDENCIES
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
        return _book(contracts, catalogue, clock, dependencies, refused, findings)

    @staticmethod
    def of(
        contracts: Iterable[Contract],
        schema: GraphQLSchema,
        clock: Clock,
        *,
        dependencies: Dependencies = NO_DEPENDENCIES,
    ) -> ContractBook:
        """The same from documents that were read already."""
        return _book(list(contracts), catalogue_of(schema), clock, dependencies, [], [])

    def of_agency(self, agency: str) -> CompiledContract | None:
        """The agency's contract: the highest version in force now, else the highest there is (the gate says why not)."""
        now = self.clock.now()
        candidates = [compiled for compiled in self.contracts.values() if compiled.agency == agency]
        return max(
            candidates,
            key=lambda compiled: (
                compiled.contract.validity.not_before <= now < compiled.contract.validity.not_after,
                compiled.contract.version,
            ),
            default=None,
        )

    def mask(self, contract_id: str, version: int, purpose: str) -> Mask | None:
        """The mask of one version of a contract, in force or not: what a subgraph and a replay look up."""
        compiled = self.contracts.get((contract_id, version))
        return None if compiled is None else compiled.masks.get(purpose)


def _book(
    contracts: list[Contract],
    catalogue: Catalogue,
    clock: Clock,
    dependencies: Dependencies,
    refused: list[ContractRefused],
    findings: list[Finding],
) -> ContractBook:
    compiled: dict[tuple[str, int], CompiledContract] = {}
    for contract in contracts:
        try:
            _refuse_second_of_its_kind(contract, compiled)
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
    return ContractBook(MappingProxyType(compiled), tuple(refused), tuple(findings), clock)


def _refuse_second_of_its_kind(contract: Contract, loaded: Mapping[tuple[str, int], CompiledContract]) -> None:
    """One contract per agency and request, never a union of two."""
    for other in (compiled.contract for compiled in loaded.values()):
        if (contract.id, contract.version) == (other.id, other.version):
            raise ContractRefused(f"{contract.file}: {contract.id} version {contract.version} is already in {other.file}.")
        if contract.agency == other.agency and contract.id != other.id:
            raise ContractRefused(
                f"{contract.file}: {contract.agency} already has the contract {other.id} ({other.file}); an agency has "
                "one contract."
            )
