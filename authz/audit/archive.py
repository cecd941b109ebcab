"""What decided, kept beside the log: the contracts and the graph of every day, by digest, so that decisions can be recomputed.

    audit.sqlite3 ↔ audit.rules/contracts/<digest>.yaml     a contract, byte for byte as it was put in force
                    audit.rules/graphs/<digest>.graphql     a supergraph
                    audit.rules/bundles/<bundle>.<schema>   which contracts were in force together, over which graph

A record names the bundle and the schema. Files are only ever added; their names are the digests of what they say, and reading
checks that, so an archive can be copied, merged and handed out as it is.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from graphql import GraphQLSchema

from authz.audit.errors import NotArchived
from authz.book import ContractBook
from authz.catalogue import catalogue_of
from authz.dependencies import dependencies_of
from authz.document import Contract, read_contract_text
from kernel.clock import Clock

SchemaOf = Callable[[str], GraphQLSchema]
_PREFIX: Final = "sha256:"


class _Bundle(msgspec.Struct, frozen=True):
    """`contracts` are (id, version, digest); `graph` is the hex SHA-256 of the supergraph."""

    contracts: tuple[tuple[str, int, str], ...]
    graph: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The contracts of one day over the schema of that day, compiled anew."""

    book: ContractBook
    schema: GraphQLSchema


def bundle_of(book: ContractBook) -> str:
    """The digest of the contracts that are in a book together."""
    return _PREFIX + sha256(msgspec.json.encode(_members(book))).hexdigest()


def archive_beside(log: Path) -> Path:
    """The folder of the archive that belongs to the log in `log`."""
    return log.with_suffix(".rules")


class ContractArchive:
    """One archive. `texts` gives documents that do not lie in files, by digest (contracts kept in a database)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(
        self, book: ContractBook, supergraph_sdl: str, schema: GraphQLSchema, texts: Mapping[str, str] | None = None
    ) -> str:
        """Keep all that a book decides by, when it is put in force; the bundle's digest.

        Durable on return, and cheap when it was kept before. Raises NotArchived when a contract's document is no longer the
        one that was read, or cannot be written.
        """
        members = _members(book)
        graph = sha256(supergraph_sdl.encode()).hexdigest()
        try:
            missing = [one.contract for one in book.contracts.values() if not self._keeps(one.contract, texts or {})]
            self._write(self._graph(graph), supergraph_sdl.encode())
            bundle = bundle_of(book)
            self._write(self._bundle(bundle, catalogue_of(schema).digest), msgspec.json.encode(_Bundle(members, graph)))
        except OSError as error:
            raise NotArchived(
                f"The rules cannot be kept beside the audit log ({error}): nothing may be decided by them."
            ) from error
        if missing:
            names = ", ".join(contract.file for contract in missing)
            raise NotArchived(f"No longer the document that was put in force: {names}. Decisions by it cannot be replayed.")
        return bundle

    def rules(self, bundle: str, schema_digest: str, schema_of: SchemaOf, clock: Clock) -> Rules:
        """The rules that a record names, compiled anew; `schema_of` makes the API schema of a supergraph.

        Raises NotArchived when they were never kept or are not what their names say.
        """
        content = self._read(self._bundle(bundle, schema_digest), "the bundle of contracts")
        try:
            found = msgspec.json.decode(content, type=_Bundle)
        except msgspec.DecodeError as error:
            raise NotArchived(f"The bundle {bundle} in the archive is damaged ({error}).") from error
        if _PREFIX + sha256(msgspec.json.encode(found.contracts)).hexdigest() != bundle:
            raise NotArchived(f"The bundle {bundle} in the archive was changed: its content has another digest.")
        sdl = self._read(self._graph(found.graph), "the supergraph").decode("utf-8", "replace")
        if sha256(sdl.encode()).hexdigest() != found.graph:
            raise NotArchived(f"The supergraph {found.graph} in the archive was changed: its content has another digest.")
        schema = schema_of(sdl)
        contracts = [self.contract(digest) for _, _, digest in found.contracts]
        return Rules(ContractBook.of(contracts, schema, clock, dependencies=dependencies_of(sdl)), schema)

    def contract(self, digest: str) -> Contract:
        """The contract with this digest. Raises NotArchived."""
        text = self._read(self._contract(digest), "the contract").decode("utf-8", "replace")
        contract, _ = read_contract_text(text, f"{digest}.yaml")
        if contract is None or contract.digest != digest:
            raise NotArchived(f"The contract {digest} in the archive was changed: its content has another digest.")
        return contract

    def _keeps(self, contract: Contract, texts: Mapping[str, str]) -> bool:
        """Whether the contract is in the archive now: not when its file says something else meanwhile."""
        target = self._contract(contract.digest)
        if target.exists():
            return True
        text = texts.get(contract.digest)
        try:
            content = Path(contract.file).read_bytes() if text is None else text.encode()
        except OSError:
            return False
        again, _ = read_contract_text(content.decode("utf-8", "replace"), contract.file)
        if again is None or again.digest != contract.digest:
            return False
        self._write(target, content)
        return True

    def _contract(self, digest: str) -> Path:
        return self._folder / "contracts" / f"{digest.removeprefix(_PREFIX)}.yaml"

    def _graph(self, digest: str) -> Path:
        return self._folder / "graphs" / f"{digest}.graphql"

    def _bundle(self, bundle: str, schema_digest: str) -> Path:
        return self._folder / "bundles" / f"{bundle.removeprefix(_PREFIX)}.{schema_digest.removeprefix(_PREFIX)}.json"

    def _read(self, path: Path, what: str) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise NotArchived(
                f"{what} {path.stem} is not in the archive ({error.strerror}): was it put in force without being kept?"
            ) from None

    def _write(self, path: Path, content: bytes) -> None:
        """Whole or not at all, and on disk when this returns."""
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _members(book: ContractBook) -> tuple[tuple[str, int, str], ...]:
    return tuple(sorted((one.contract.id, one.contract.version, one.contract.digest) for one in book.contracts.values()))
