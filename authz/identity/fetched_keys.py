"""The keys of an OpenID provider, kept while it is away.

In: a provider and the time. Out: keys by `kid`. `ensure` runs before a token is judged:

    never fetched                            → fetch, and wait for it
    an unknown kid (rotation, or an attack)  → fetch and wait, at most once in `Pace.unknown_kid`
    older than `Pace.refresh`                → fetch beside the request; older than `Pace.wait` (an idle gateway) → wait
    the provider is away                     → keys at hand stay good until they are `Pace.keep` old; tried every `Pace.retry`

One fetch at a time; who needs it waits for the same one. What was fetched is also kept in a file, so a restart during an
outage admits the same tokens.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec
from joserfc.jwk import Key

from authz.identity.errors import ProviderUnusable
from authz.identity.provider import Provider, usable_keys

_log: Final = logging.getLogger("saite.identity.keys")


@dataclass(frozen=True, slots=True)
class Pace:
    """When keys are fetched again, and how long they are good without."""

    refresh: timedelta = timedelta(minutes=5)
    wait: timedelta = timedelta(minutes=15)
    keep: timedelta = timedelta(hours=24)
    unknown_kid: timedelta = timedelta(seconds=10)
    retry: timedelta = timedelta(seconds=10)


class _Kept(msgspec.Struct, forbid_unknown_fields=True):
    issuer: str
    fetched_at: float
    key_set: str


@dataclass(slots=True)
class FetchCounts:
    """How often keys were fetched and how often that failed."""

    fetched: int = 0
    failed: int = 0


@dataclass(slots=True)
class FetchedKeys:
    """A KeySource over a provider. `file` keeps the key set over restarts."""

    provider: Provider
    file: Path | None = None
    pace: Pace = field(default_factory=Pace)
    counts: FetchCounts = field(default_factory=FetchCounts)
    _keys: Mapping[str, Key] = field(default_factory=dict, init=False)
    _key_set: bytes = field(default=b"", init=False)
    _revision: int = field(default=0, init=False)
    _fetched_at: float | None = field(default=None, init=False)
    _tried_at: float = field(default=float("-inf"), init=False)
    _is_failing: bool = field(default=False, init=False)
    _fetch: asyncio.Task[None] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._read_file(time.time())

    @property
    def revision(self) -> int:
        return self._revision

    def find(self, kid: str) -> Key | None:
        return self._keys.get(kid)

    async def ensure(self, kid: str, at: float) -> None:
        """See above. Never raises: without keys, `find` says None."""
        pace = self.pace
        if self._fetched_at is None:
            if at - self._tried_at >= pace.retry.total_seconds() or self._is_fetching:
                await self._wait(at)
            return
        age = at - self._fetched_at
        if age >= pace.keep.total_seconds() and self._keys:
            _log.error("keys too old", extra={"issuer": self.provider.issuer, "reason": "the provider is away too long"})
            self._replace({}, b"")
        if kid not in self._keys:
            if at - self._tried_at >= pace.unknown_kid.total_seconds() or self._is_fetching:
                await self._wait(at)
        elif age >= pace.refresh.total_seconds() and at - self._tried_at >= pace.retry.total_seconds():
            if age >= pace.wait.total_seconds() and not self._is_failing:
                await self._wait(at)
            else:
                self._started(at)

    @property
    def _is_fetching(self) -> bool:
        return self._fetch is not None and not self._fetch.done()

    def _started(self, at: float) -> asyncio.Task[None]:
        if self._fetch is None or self._fetch.done():
            self._tried_at = at
            self._fetch = asyncio.get_running_loop().create_task(self._refetched(at))
        return self._fetch

    async def _wait(self, at: float) -> None:
        # shielded: a client that goes away must not end what others wait for
        await asyncio.shield(self._started(at))

    async def _refetched(self, at: float) -> None:
        try:
            key_set = await self.provider.key_set()
            keys = usable_keys(key_set, self.provider.algorithms)
            if not keys:
                raise ProviderUnusable(f"{self.provider.issuer} has no key for {', '.join(sorted(self.provider.algorithms))}.")
        except Exception as error:  # noqa: BLE001 - whatever a provider answers, requests are judged by the keys at hand
            self.counts.failed += 1
            self._is_failing = True
            _log.warning("keys not fetched", extra={"issuer": self.provider.issuer, "reason": str(error)})
            return
        self.counts.fetched += 1
        self._is_failing = False
        self._fetched_at = at
        if key_set != self._key_set:
            self._replace(keys, key_set)
        if self.file is not None:
            await asyncio.to_thread(self._write_file, self.file, at)

    def _replace(self, keys: Mapping[str, Key], key_set: bytes) -> None:
        self._keys, self._key_set = keys, key_set
        self._revision += 1

    def _read_file(self, at: float) -> None:
        if self.file is None:
            return
        try:
            kept = msgspec.json.decode(self.file.read_bytes(), type=_Kept)
            keys = usable_keys(kept.key_set.encode(), self.provider.algorithms)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, ProviderUnusable):
            return  # absent or damaged: it is made again by the first fetch
        if kept.issuer == self.provider.issuer and 0 <= at - kept.fetched_at < self.pace.keep.total_seconds():
            self._fetched_at = kept.fetched_at
            self._replace(keys, kept.key_set.encode())

    def _write_file(self, file: Path, at: float) -> None:
        content = msgspec.json.encode(_Kept(self.provider.issuer, at, self._key_set.decode()))
        draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                out.write(content)
            draft.replace(file)
        except OSError as error:
            draft.unlink(missing_ok=True)
            _log.warning("keys not kept", extra={"issuer": self.provider.issuer, "reason": str(error)})
