"""The clients that contracts name: (issuer, client_id) → the agency, the certificates and the assurance it has to come with.

In: a contract book. Out: a `ClientEntry`, or None when no contract, or more than one agency's, names the client.
"""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

_EIDAS: Final = "http://eidas.europa.eu/LoA/"
_ASSURANCE: Final = {"low": 1, "substantial": 2, "high": 3}


class NamedClient(Protocol):
    """One entry of a contract's `clients` (`authz.document.model.Client`)."""

    @property
    def client_id(self) -> str: ...
    @property
    def cert_sha256(self) -> tuple[str, ...]: ...
    @property
    def issuer(self) -> str | None: ...
    @property
    def min_acr(self) -> str | None: ...


class Party(Protocol):
    """What is read of a contract."""

    @property
    def agency(self) -> str: ...
    @property
    def clients(self) -> Iterable[NamedClient]: ...


class Compiled(Protocol):
    """A compiled contract."""

    @property
    def contract(self) -> Party: ...


class Book(Protocol):
    """What is read of `authz.book.ContractBook`."""

    @property
    def contracts(self) -> Mapping[tuple[str, int], Compiled]: ...

    def of_agency(self, agency: str, /) -> Compiled | None: ...


@dataclass(frozen=True, slots=True)
class ClientEntry:
    """What an agency's contract in force says of one client. `certificates` are thumbprints as in `x5t#S256`."""

    agency: str
    certificates: frozenset[str]
    min_acr: str | None

    def is_assured(self, acr: str | None) -> bool:
        """Whether the token's `acr` is enough: eIDAS levels are ordered, any other value has to be the same."""
        if self.min_acr is None or acr == self.min_acr:
            return True
        wanted, found = _level(self.min_acr), _level(acr or "")
        return 0 < wanted <= found


class ClientDirectory:
    """Finds clients in the book that is handed in; what was worked out for a book is kept until another one comes."""

    def __init__(self) -> None:
        self._book: Book | None = None
        self._agencies: dict[tuple[str, str], set[str]] = {}

    def named(self, book: Book, issuer: str, client_id: str) -> ClientEntry | None:
        """The entry that names this issuer's client, in whichever contract; an entry without issuer names nobody here."""
        if self._book is not book:
            self._agencies = _agencies(book)
            self._book = book
        # Old versions are in the book, too: what counts is what the agencies' contracts say now.
        found = [_entry(book, agency, client_id, (issuer,)) for agency in self._agencies.get((issuer, client_id), ())]
        named = [entry for entry in found if entry is not None]
        return named[0] if len(named) == 1 else None

    @staticmethod
    def of_agency(book: Book, agency: str, issuer: str, client_id: str) -> ClientEntry | None:
        """What the agency's own contract says of the client; None when it does not name it."""
        return _entry(book, agency, client_id, (issuer, None))


def _entry(book: Book, agency: str, client_id: str, issuers: tuple[str | None, ...]) -> ClientEntry | None:
    compiled = book.of_agency(agency)
    for client in () if compiled is None else compiled.contract.clients:
        if client.client_id == client_id and client.issuer in issuers:
            return ClientEntry(agency, frozenset(map(_thumbprint, client.cert_sha256)), client.min_acr)
    return None


def _agencies(book: Book) -> dict[tuple[str, str], set[str]]:
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for compiled in book.contracts.values():
        for client in compiled.contract.clients:
            if client.issuer is not None:
                found[client.issuer, client.client_id].add(compiled.contract.agency)
    return dict(found)


def _thumbprint(sha256: str) -> str:
    """`x5t#S256` of a SHA-256 in hexadecimal, with or without colons. What is none matches no certificate."""
    try:
        return base64.urlsafe_b64encode(binascii.unhexlify(sha256.replace(":", ""))).rstrip(b"=").decode()
    except (binascii.Error, ValueError):
        return "unreadable"


def _level(acr: str) -> int:
    return _ASSURANCE.get(acr.removeprefix(_EIDAS), 0)
