"""The file that says whom a gateway believes (`saite serve gateway --identity FILE`).

In: YAML. Out: a `Trust`: validators and what reads client certificates; or TrustFileUnusable that names the place. Strict: an
unknown word is an error. An example with every word: `docs/identity.md`.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from authz.identity.certificates import HEADER, ClientCertificates
from authz.identity.development import AUDIENCE, development_trust
from authz.identity.errors import TrustFileUnusable
from authz.identity.exchange import Exchange, exchange_trust
from authz.identity.fetched_keys import FetchedKeys
from authz.identity.provider import Provider, is_safe
from authz.identity.trust import ASYMMETRIC, PREFERRED, AgencySource, TokenForm, TrustedIssuer
from authz.identity.validator import TokenValidator

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=512)]
_Minutes = Annotated[int, msgspec.Meta(ge=1, le=24 * 60)]


class _Issuer(msgspec.Struct, forbid_unknown_fields=True):
    issuer: _Text
    agencies: Annotated[list[_Text], msgspec.Meta(min_length=1)]
    algorithms: list[_Text] = msgspec.field(default_factory=lambda: sorted(PREFERRED))
    tokens: Literal["rfc9068", "keycloak"] = "rfc9068"
    accepted: Literal["directly", "by-exchange"] = "directly"
    keys: _Text | None = None
    authorities: _Text | None = None
    lifetime_minutes: _Minutes = 60


class _Proxies(msgspec.Struct, forbid_unknown_fields=True):
    addresses: Annotated[list[_Text], msgspec.Meta(min_length=1)]
    header: _Text = HEADER


class _Exchange(msgspec.Struct, forbid_unknown_fields=True):
    issuer: _Text
    audience: _Text
    lifetime_minutes: Annotated[int, msgspec.Meta(ge=1, le=15)] = 5


class _File(msgspec.Struct, forbid_unknown_fields=True):
    issuers: list[_Issuer] = []
    audience: _Text = AUDIENCE
    exchange: _Exchange | None = None
    proxies: _Proxies | None = None
    development: bool = False


class Trust(msgspec.Struct, frozen=True):
    """Whom a gateway believes: for requests, for exchanges (None: not offered), and how certificates come."""

    tokens: TokenValidator
    certificates: ClientCertificates
    exchange: Exchange | None = None


def read_trust(path: Path, keys: Path) -> Trust:
    """The trust in the file `path`; `keys` is the folder for our own keys and for key sets that were fetched.

    Raises TrustFileUnusable and KeyFileUnusable.
    """
    try:
        file = msgspec.yaml.decode(path.read_bytes(), type=_File)
    except OSError as error:
        raise TrustFileUnusable(f"The identity file {path} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TrustFileUnusable(f"The identity file {path} is wrong: {error}.") from error
    try:
        return _trust(file, path, keys)
    except ValueError as error:
        raise TrustFileUnusable(f"The identity file {path} is wrong: {error}.") from error


def development_only(keys: Path) -> Trust:
    """Without a file: the development tokens of this folder, and nothing else. Raises KeyFileUnusable."""
    return Trust(TokenValidator([development_trust(keys)], AUDIENCE), ClientCertificates())


def _trust(file: _File, path: Path, keys: Path) -> Trust:
    _refuse_doubles([one.issuer for one in file.issuers] + ([file.exchange.issuer] if file.exchange else []))
    direct = [_trusted(one, path, keys) for one in file.issuers if one.accepted == "directly"]
    partners = [_trusted(one, path, keys) for one in file.issuers if one.accepted == "by-exchange"]
    if bool(partners) != (file.exchange is not None):
        raise ValueError("`exchange` and issuers that are `accepted: by-exchange` need each other")
    exchange = None
    if file.exchange is not None:
        lifetime = timedelta(minutes=file.exchange.lifetime_minutes)
        subjects = TokenValidator(partners, file.exchange.audience)
        exchange = Exchange.open(keys, subjects, file.exchange.issuer, file.audience, lifetime)
        direct.append(exchange_trust(keys, file.exchange.issuer, lifetime))
    if file.development:
        direct.append(development_trust(keys))
    if not direct:
        raise ValueError("nobody could ever be let in: name an issuer")
    return Trust(TokenValidator(direct, file.audience), _certificates(file.proxies), exchange)


def _trusted(one: _Issuer, path: Path, keys: Path) -> TrustedIssuer:
    if not is_safe(one.issuer) or (one.keys is not None and not is_safe(one.keys)):
        raise ValueError(f"{one.issuer}: an issuer and its keys are HTTPS addresses")
    if not one.algorithms or not set(one.algorithms) <= ASYMMETRIC:
        raise ValueError(f"{one.issuer}: `algorithms` have to be some of {', '.join(sorted(ASYMMETRIC))}")
    authorities = None if one.authorities is None else path.parent / one.authorities
    if authorities is not None and not authorities.is_file():
        raise ValueError(f"{one.issuer}: there is no file {authorities} with `authorities`")
    algorithms = frozenset(one.algorithms)
    provider = Provider(one.issuer, algorithms, one.keys, None if authorities is None else str(authorities))
    kept = keys / "providers" / f"{hashlib.sha256(one.issuer.encode()).hexdigest()[:16]}.json"
    return TrustedIssuer(
        one.issuer,
        FetchedKeys(provider, kept),
        algorithms,
        frozenset(one.agencies),
        timedelta(minutes=one.lifetime_minutes),
        TokenForm(one.tokens),
        AgencySource.CONTRACT,
    )


def _certificates(proxies: _Proxies | None) -> ClientCertificates:
    if proxies is None:
        return ClientCertificates()
    networks: list[IPv4Network | IPv6Network] = [ip_network(text) for text in proxies.addresses]
    if any(network.prefixlen == 0 for network in networks):
        raise ValueError("`proxies` that are everybody would let everybody write certificates")
    return ClientCertificates(tuple(networks), proxies.header)


def _refuse_doubles(issuers: list[str]) -> None:
    for one in issuers:
        if issuers.count(one) > 1:
            raise ValueError(f"the issuer {one} is there twice")
