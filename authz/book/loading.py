"""Documents → compiled contracts, again and again: what did not change is not compiled twice, and what is broken keeps what its
document said before.

In: documents as they are now. Out: a `Reading`. Nothing here knows of time or of what is in force.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from authz.book.documents import Document
from authz.book.snapshot import Key, refuse_second_of_its_kind
from authz.catalogue import Catalogue
from authz.compile import CompiledContract, Dependencies, compile_contract
from authz.document import Finding, read_contract_text
from authz.errors import ContractRefused
from authz.signatures import SignaturePolicy


class Archive(Protocol):
    """What of `authz.book.store.ContractStore` is asked here."""

    def archived(self, contract_id: str, version: int) -> tuple[tuple[str, str], ...]: ...


@dataclass(frozen=True, slots=True)
class Loaded:
    """One document: the contract it stands for, and why its newest text is refused, when it is."""

    sha256: str
    text: str
    compiled: CompiledContract | None
    refusal: ContractRefused | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def key(self) -> Key | None:
        return None if self.compiled is None else (self.compiled.contract.id, self.compiled.contract.version)


@dataclass(frozen=True, slots=True)
class Reading:
    """All documents at one time. `changed_at` is when the newest of those that are new here was changed."""

    loaded: Mapping[str, Loaded]
    changed_at: datetime | None

    @property
    def contracts(self) -> dict[Key, CompiledContract]:
        return {one.key: one.compiled for one in self.loaded.values() if one.key is not None and one.compiled is not None}

    @property
    def refused(self) -> tuple[ContractRefused, ...]:
        return tuple(one.refusal for one in self.loaded.values() if one.refusal is not None)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for one in self.loaded.values() for finding in one.findings)

    @property
    def digest(self) -> str:
        return digest_of(self.contracts)


def digest_of(contracts: Mapping[Key, CompiledContract]) -> str:
    """Of a set of contracts: the same wherever the same documents lie."""
    lines = sorted(f"{i} {version} {one.contract.digest}" for (i, version), one in contracts.items())
    return "sha256:" + hashlib.sha256("\n".join(lines).encode()).hexdigest()


class Loader:
    """Reads documents and remembers what became of them. With an archive, a signed version never changes its words."""

    def __init__(
        self, catalogue: Catalogue, dependencies: Dependencies, signatures: SignaturePolicy, archive: Archive | None
    ) -> None:
        self._catalogue = catalogue
        self._dependencies = dependencies
        self._signatures = signatures
        self._archive = archive
        self._known: Mapping[str, Loaded] = {}

    def read(self, documents: Sequence[Document]) -> Reading:
        """Raises PolicyUnsound, and StoreUnavailable from the archive; a wrong document is a refusal in the reading."""
        contracts: dict[Key, CompiledContract] = {}
        loaded: dict[str, Loaded] = {}
        # What did not change comes first, so that a newcomer cannot push it aside.
        for document in sorted(documents, key=lambda each: (self._is_new(each), each.name)):
            one = loaded[document.name] = self._load(document, contracts)
            if one.key is not None and one.compiled is not None:
                contracts[one.key] = one.compiled
        changed_at = max((each.changed_at for each in documents if self._is_new(each)), default=None)
        self._known = loaded
        return Reading(loaded, changed_at)

    def _is_new(self, document: Document) -> bool:
        known = self._known.get(document.name)
        return known is None or known.sha256 != _sha256(document)

    def _load(self, document: Document, contracts: Mapping[Key, CompiledContract]) -> Loaded:
        known = self._known.get(document.name)
        if known is not None and known.refusal is None and not self._is_new(document):
            return self._again(known)
        sha256, text = _sha256(document), document.text or ""
        contract, findings = read_contract_text(text, document.name)
        try:
            if document.text is None or contract is None:
                said = "\n".join(f"  {finding}" for finding in findings if document.text is not None)
                raise ContractRefused(f"{document.name} is refused:\n{said or '  It cannot be read as UTF-8 text.'}")
            refuse_second_of_its_kind(contract, contracts)
            self._signatures.insist(contract)
            self._refuse_rewritten(contract.id, contract.version, contract.digest)
            compiled = compile_contract(contract, self._catalogue, self._dependencies)
        except ContractRefused as refusal:
            return Loaded(sha256, text, None if known is None else known.compiled, refusal, findings)
        return Loaded(sha256, text, compiled, None, (*findings, *compiled.findings))

    def _again(self, known: Loaded) -> Loaded:
        """The same words as before: the keys that signed them may have been withdrawn since, and then they hold no longer."""
        assert known.compiled is not None
        try:
            self._signatures.insist(known.compiled.contract)
        except ContractRefused as refusal:
            return Loaded(known.sha256, known.text, None, refusal)
        return known

    def _refuse_rewritten(self, contract_id: str, version: int, digest: str) -> None:
        if self._archive is None or not self._signatures.is_required:
            return
        before = self._archive.archived(contract_id, version)
        if before and all(known != digest for known, _ in before):
            raise ContractRefused(
                f"{contract_id} version {version} was in force with other words ({before[0][0]}), and the audit's records "
                "refer to those: give the new ones a new version."
            )


def _sha256(document: Document) -> str:
    return hashlib.sha256((document.text or "\0").encode()).hexdigest()
