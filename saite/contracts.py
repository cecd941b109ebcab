"""The contracts of a running process: which documents, whether they have to be signed, followed until the process ends."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from kernel.clock import SystemClock
from kernel.errors import ClientError

if TYPE_CHECKING:
    from graphql import GraphQLSchema

    from authz.book import BookFollower
    from authz.book.follower import Keep
    from authz.signatures import SignaturePolicy
    from saite.folder import DataFolder

REQUIRE_SIGNATURES: Final = "SAITE_REQUIRE_SIGNATURES"
UNSIGNED_EXAMPLES: Final = (
    "The contracts are the examples that ship with Saite, and nobody signed them: for trying things out, with invented data. "
    "Name your own with --contracts DIR; they have to be signed by both parties."
)
UNSIGNED: Final = (
    "!!! CONTRACTS NEED NO SIGNATURE !!! Whoever can write into {folder} decides what every agency may see: "
    "leave out --unsigned-contracts, and let both parties sign."
)

_log: Final = logging.getLogger(__name__)


class NoContracts(ClientError):
    """Raised when the place that is named for contracts is none."""

    code: ClassVar[str] = "NO_CONTRACTS"


@dataclass(frozen=True, slots=True)
class ContractSource:
    """Where a process has its contracts from: a folder, the store in a database (`store`, its address) or (`published`) that of
    the data folder, else the examples.

    `unsigned` lets contracts in that nobody signed. The examples are let in without, unless SAITE_REQUIRE_SIGNATURES=1.
    """

    folder: Path | None = None
    published: bool = False
    unsigned: bool = False
    store: str | None = None

    @property
    def are_examples(self) -> bool:
        return self.folder is None and self.store is None and not self.published

    @property
    def are_published(self) -> bool:
        return self.published or self.store is not None

    def place(self, data: DataFolder) -> Path | str:
        """Where revocations are, and what was in force; published contracts too."""
        return self.store or data.contracts


EXAMPLES: Final = ContractSource()


def source_of(named: str | None, *, published: bool = False, unsigned: bool = False) -> ContractSource:
    """The source that a command line names: a folder, or a database by its address. Raises NoContracts."""
    if named is None:
        return ContractSource(None, published, unsigned)
    if "://" in named:
        return ContractSource(None, published, unsigned, named)
    if not Path(named).is_dir():
        raise NoContracts(f"There is no folder {named}: name one with contracts in it, or a database as postgresql://….")
    return ContractSource(Path(named), published, unsigned)


def followed(
    data: DataFolder,
    source: ContractSource,
    process: str,
    supergraph_sdl: str | None = None,
    schema: GraphQLSchema | None = None,
    keep: Keep | None = None,
) -> BookFollower:
    """The contracts, compiled against the shipped graph or another one, and followed by a thread.

    `process` is what `saite contract show` calls this process; `keep` archives what decides. Raises ContractRefused when no
    contract at all is fit to be in force.
    """
    from authz.book import BookFollower, Documents, FolderDocuments, StoredDocuments, open_store
    from saite.graph import api_schema, dependencies, shipped_contracts

    store = open_store(source.place(data))
    documents: Documents = (
        StoredDocuments(store) if source.are_published else FolderDocuments(source.folder or shipped_contracts())
    )
    follower = BookFollower(
        documents,
        schema or api_schema(),
        SystemClock(),
        dependencies=dependencies(supergraph_sdl),
        signatures=_policy(data, source),
        store=store,
        process=f"{process} {socket.gethostname()} {os.getpid()}" if source.store else f"{process} {os.getpid()}",
        keep=keep,
    )
    for warning in _warnings(source):
        _log.warning("%s", warning)
    follower.start()
    return follower


def _lets_unsigned_in(source: ContractSource) -> bool:
    return (source.are_examples or source.unsigned) and os.environ.get(REQUIRE_SIGNATURES) != "1"


def _policy(data: DataFolder, source: ContractSource) -> SignaturePolicy:
    from authz.signatures import UNCHECKED, PartyKeys, SignaturePolicy

    return UNCHECKED if _lets_unsigned_in(source) else SignaturePolicy(PartyKeys(data.keys / "parties"))


def _warnings(source: ContractSource) -> Iterator[str]:
    """Said aloud at each start: silence would be taken for safety."""
    if _lets_unsigned_in(source):
        yield UNSIGNED_EXAMPLES if source.are_examples else UNSIGNED.format(folder=source.folder or "the store of contracts")
