"""Identity: token → actor. What stands behind it (keys, providers, certificates, exchange) is one file each."""

from authz.identity.actor import Actor
from authz.identity.certificates import ClientCertificates
from authz.identity.clients import ClientDirectory, ClientEntry
from authz.identity.development import AUDIENCE, ISSUER, DevelopmentIssuer, development_trust, development_validator
from authz.identity.errors import (
    BadDeclaration,
    BadExchange,
    BadTokenRequest,
    KeyFileUnusable,
    ProviderUnusable,
    TrustFileUnusable,
    Unauthenticated,
)
from authz.identity.exchange import Asked, Exchange, Exchanged
from authz.identity.fetched_keys import FetchedKeys, Pace
from authz.identity.provider import Provider
from authz.identity.refusals import Refusals
from authz.identity.token import MAX_TOKEN, TOKEN_TYPE
from authz.identity.trust import AgencySource, KeySource, StaticKeys, TokenForm, TrustedIssuer
from authz.identity.trust_file import Trust, development_only, read_trust
from authz.identity.validator import TokenValidator

__all__ = [
    "AUDIENCE",
    "ISSUER",
    "MAX_TOKEN",
    "TOKEN_TYPE",
    "Actor",
    "AgencySource",
    "Asked",
    "BadDeclaration",
    "BadExchange",
    "BadTokenRequest",
    "ClientCertificates",
    "ClientDirectory",
    "ClientEntry",
    "DevelopmentIssuer",
    "Exchange",
    "Exchanged",
    "FetchedKeys",
    "KeyFileUnusable",
    "KeySource",
    "Pace",
    "Provider",
    "ProviderUnusable",
    "Refusals",
    "StaticKeys",
    "TokenForm",
    "TokenValidator",
    "Trust",
    "TrustFileUnusable",
    "TrustedIssuer",
    "Unauthenticated",
    "development_only",
    "development_trust",
    "development_validator",
    "read_trust",
]
