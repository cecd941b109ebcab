"""A book that follows its documents: new versions come into force by themselves, broken ones do not, revoked ones end at once.

    look:  stamp changed?  → read (`loading.py`) → what is broken keeps its predecessor, with an alarm
           → from one moment on, the same in every process, the new book is the current one
           revocations     → at once

A new version takes effect SETTLE after its document changed. By then every process has it compiled, and all of them switch at
the same moment without a word between them: the gateway does not sign for a version that a room has not. What a new version
replaced is accepted in rooms for as long as a call under way may take. What is taken away without a successor ends at once.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from graphql import GraphQLSchema

from authz.book.documents import Documents
from authz.book.loading import Loader, Reading, digest_of
from authz.book.snapshot import Confirmation, ContractBook, Key
from authz.book.store import ContractStore, ProcessState, StoreUnavailable
from authz.catalogue import catalogue_of
from authz.compile import NO_DEPENDENCIES, CompiledContract, Dependencies
from authz.errors import ContractRefused, PolicyUnsound
from authz.signatures import UNCHECKED, SignaturePolicy
from kernel.clock import Clock
from kernel.errors import SaiteError

INTERVAL: Final = timedelta(seconds=0.25)
SETTLE: Final = timedelta(seconds=1)
UNDER_WAY: Final = timedelta(seconds=30)
READ_ANYWAY: Final = timedelta(seconds=5)
REPORT_EVERY: Final = timedelta(seconds=10)

_log: Final = logging.getLogger(__name__)


Keep = Callable[[ContractBook, Mapping[str, str]], object]
"""Keeps what a book decides by, for the audit; given the texts of its documents by digest. Raises SaiteError."""


@dataclass(frozen=True, slots=True)
class Status:
    """What a follower says of itself. `digest` is that of the contracts in force; the counters only grow."""

    digest: str
    since: datetime
    confirmed: datetime
    alarms: tuple[str, ...]
    switches: int
    failures: int


class BookFollower:
    """Holds the current book and replaces it. `look` is called by one thread at a time: by `start`, or by a test.

    Raises ContractRefused at first when no contract at all can be loaded; later that is an alarm, and the old book stays.
    """

    def __init__(
        self,
        documents: Documents,
        schema: GraphQLSchema,
        clock: Clock,
        *,
        dependencies: Dependencies = NO_DEPENDENCIES,
        signatures: SignaturePolicy = UNCHECKED,
        store: ContractStore | None = None,
        process: str = "process",
        keep: Keep | None = None,
    ) -> None:
        self._documents = documents
        self._clock = clock
        self._store = store
        self._process = process
        self._keep_for_audit = keep
        self._kept: ContractBook | None = None
        self._loader = Loader(catalogue_of(schema), dependencies, signatures, store)
        self._alarms: dict[str, str] = {}
        self._switches = self._failures = 0
        self._waiting: tuple[Reading, datetime] | None = None
        self._retired: dict[Key, tuple[CompiledContract, datetime]] = {}
        self._missing: frozenset[str] = frozenset()
        self._stamp: object = None
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._since = self._read_at = self._reported_at = clock.now()
        self._confirmation = Confirmation(self._since)
        reading = self._loader.read(documents.read())
        if not reading.contracts:
            raise ContractRefused(
                "No contract could be loaded, so nobody may ask anything:\n" + "\n".join(r.message for r in reading.refused)
            )
        self._digest = reading.digest
        self._texts: dict[str, str] = _texts_of(reading)
        self._book = self._book_of(reading)
        self._tell(reading)
        self._revoke()
        self._archive(reading)
        self._keep(self._book)
        self._report()

    @property
    def current(self) -> ContractBook:
        """The book in force now. A request asks once and keeps what it got."""
        return self._book

    @property
    def status(self) -> Status:
        """What is in force, and what is wrong."""
        alarms = tuple(self._alarms[name] for name in sorted(self._alarms))
        return Status(self._digest, self._since, self._confirmation.at, alarms, self._switches, self._failures)

    def start(self) -> None:
        """Look every INTERVAL in a thread of its own, until `close`, or until nobody holds this follower any more."""
        self._thread = threading.Thread(target=_follow, args=(weakref.ref(self), self._stopped), name="contracts", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def try_to_look(self) -> None:
        """Look, whatever happens: a follower that died would keep revoked contracts in force."""
        try:
            self.look()
        except Exception:  # noqa: BLE001  # logged, counted, and tried again at the next look
            self._failures += 1
            _log.exception("contracts could not be followed")

    def pause(self) -> float:
        """Seconds until the next look."""
        pause = INTERVAL if self._waiting is None else min(INTERVAL, self._waiting[1] - self._clock.now())
        return max(pause.total_seconds(), 0.001)

    def look(self) -> None:
        """Take up what changed. Never raises for a document, a folder or a store that is wrong: those are alarms."""
        now = self._clock.now()
        try:
            self._revoke()
            self._calm("store")
            stamp = self._documents.stamp()
            if stamp != self._stamp or self._missing or now - self._read_at >= READ_ANYWAY:
                self._read_at = now
                self._consider(self._loader.read(self._documents.read()), now)
                self._stamp = stamp
            self._calm("documents")
            self._confirmation.at = now
        except OSError as error:
            self._alarm("documents", f"The contract documents cannot be read ({error}).")
        except StoreUnavailable as error:
            self._alarm("store", error.message)
        except PolicyUnsound as error:
            self._alarm("casbin", error.message)
        self._forget_retired(now)
        if self._waiting is not None and not now < self._waiting[1] <= now + SETTLE:
            self._switch(self._waiting[0], now)  # its time has come, or the clock was set back
        self._keep(self._book)
        if now - self._reported_at >= REPORT_EVERY:
            self._report()

    def _consider(self, reading: Reading, now: datetime) -> None:
        self._calm("casbin")
        self._tell(reading)
        if reading.digest == self._digest:
            self._waiting, self._missing = None, frozenset()
            return
        if not reading.contracts:
            self._alarm("empty", "No contract is left: what is in force stays, until it is revoked.")
            return
        self._calm("empty")
        self._end_what_is_gone(reading)
        if self._waiting is None or self._waiting[0].digest != reading.digest:
            # A clock that is ahead, on the machine that wrote the document, delays nothing.
            effect = min((reading.changed_at or now) + SETTLE, now + SETTLE)
            self._waiting = (reading, effect)
            self._texts |= _texts_of(reading)
            self._keep(self._book_of(reading).without(self._book.revocations))  # before anybody decides by it

    def _end_what_is_gone(self, reading: Reading) -> None:
        """A contract of which no version is left ends; seen twice, as a file that is being replaced is gone for an instant."""
        staying = {contract_id for contract_id, _ in reading.contracts}
        gone = frozenset(contract_id for contract_id, _ in self._book.contracts if contract_id not in staying)
        ending = gone & self._missing
        self._missing = gone - ending
        if ending:
            kept = {key: one for key, one in self._book.contracts.items() if key[0] not in ending}
            self._book = replace(self._book, contracts=MappingProxyType(kept))
            self._digest = digest_of(kept)
            _log.warning("contracts ended", extra={"contracts": sorted(ending)})

    def _switch(self, reading: Reading, now: datetime) -> None:
        coming = reading.contracts
        staying = {contract_id for contract_id, _ in coming}
        for key, one in self._book.contracts.items():
            if key not in coming and key[0] in staying:
                self._retired[key] = (one, now + UNDER_WAY)
        self._waiting, self._missing = None, frozenset()
        self._digest, self._since = reading.digest, now
        known = {**self._texts, **_texts_of(reading)}
        self._texts = {
            one.contract.digest: known[one.contract.digest] for one in coming.values() if one.contract.digest in known
        }
        self._switches += 1
        self._book = self._book_of(reading).without(self._book.revocations)
        said = sorted(f"{contract_id} version {version}" for contract_id, version in coming)
        _log.warning("contracts changed", extra={"digest": self._digest, "contracts": said})
        try:
            self._archive(reading)
        except StoreUnavailable as error:
            self._alarm("store", error.message)
        self._report()

    def _book_of(self, reading: Reading) -> ContractBook:
        retired = {key: one for key, (one, _) in self._retired.items() if key not in reading.contracts}
        return ContractBook(
            contracts=MappingProxyType(reading.contracts),
            refused=reading.refused,
            findings=reading.findings,
            clock=self._clock,
            retired=MappingProxyType(retired),
            confirmation=self._confirmation,
        )

    def _forget_retired(self, now: datetime) -> None:
        standing = {key: (one, until) for key, (one, until) in self._retired.items() if until > now}
        if len(standing) != len(self._retired):
            self._retired = standing
            retired: Mapping[Key, CompiledContract] = {k: one for k, one in self._book.retired.items() if k in standing}
            self._book = replace(self._book, retired=MappingProxyType(dict(retired)))

    def _revoke(self) -> None:
        if self._store is not None:
            known = self._store.revocations()
            if known != self._book.revocations:
                self._book = self._book.without(known)
                _log.warning("contracts revoked", extra={"contracts": sorted(f"{i} {v}" for i, v in self._book.withdrawn)})

    def _archive(self, reading: Reading) -> None:
        if self._store is None:
            return
        for one in reading.loaded.values():
            if one.compiled is not None and one.refusal is None:
                contract = one.compiled.contract
                self._store.archive(contract.id, contract.version, contract.digest, one.text, self._clock.now())

    def _keep(self, book: ContractBook) -> None:
        """For the audit; what could not be kept is tried again at the next look."""
        if self._keep_for_audit is None or book is self._kept:
            return
        try:
            self._keep_for_audit(book, self._texts)
        except SaiteError as error:
            self._alarm("archive", error.message)
        else:
            self._kept = book
            self._calm("archive")

    def _tell(self, reading: Reading) -> None:
        """One alarm for each document that is refused."""
        said: dict[str, str] = {}
        for name, one in reading.loaded.items():
            if one.refusal is not None:
                kept = one.compiled.contract if one.compiled is not None else None
                stays = "" if kept is None else f" Version {kept.version} of {kept.id} stays in force."
                said[f"document {name}"] = one.refusal.message + stays
        for what in [what for what in self._alarms if what.startswith("document ") and what not in said]:
            self._calm(what)
        for what, message in said.items():
            self._alarm(what, message)

    def _alarm(self, what: str, message: str) -> None:
        if self._alarms.get(what) != message:
            self._alarms[what] = message
            self._failures += 1
            _log.error("contracts alarm", extra={"what": what, "reason": message})
            self._reported_at = datetime.min.replace(tzinfo=self._since.tzinfo)  # at the next look

    def _calm(self, what: str) -> None:
        if self._alarms.pop(what, None) is not None:
            _log.warning("contracts alarm over", extra={"what": what})
            self._reported_at = datetime.min.replace(tzinfo=self._since.tzinfo)

    def _report(self) -> None:
        """Tell the others, who look with `saite contract show`."""
        self._reported_at = self._clock.now()
        if self._store is None:
            return
        status = self.status
        try:
            self._store.report(ProcessState(self._process, status.digest, status.since, self._reported_at, status.alarms))
        except StoreUnavailable as error:
            _log.error("contracts state not told", extra={"reason": error.message})


def _follow(held: weakref.ref[BookFollower], stopped: threading.Event) -> None:
    pause = 0.0
    while not stopped.wait(pause):
        follower = held()
        if follower is None:
            return
        follower.try_to_look()
        pause = follower.pause()
        del follower


def _texts_of(reading: Reading) -> dict[str, str]:
    """The texts by the digests of the contracts that they are; not of what a newer, broken text left in force."""
    loaded = [one for one in reading.loaded.values() if one.refusal is None]
    return {one.compiled.contract.digest: one.text for one in loaded if one.compiled is not None}
