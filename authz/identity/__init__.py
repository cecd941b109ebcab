"""Identity: token → actor. What stands behind it (development keys, later OIDC and certificates) is one file each."""

from authz.identity.actor import Actor
from authz.identity.development import AUDIENCE, ISSUER, DevelopmentIssuer, development_trust, development_validator
from authz.identity.errors import BadDeclaration, BadTokenRequest, KeyFileUnusable, Unauthenticated
from authz.identity.refusals import Refusals
from authz.identity.trust import KeySource, StaticKeys, TrustedIssuer
from authz.identity.validator import MAX_TOKEN, TOKEN_TYPE, TokenValidator

__all__ = [
    "AUDIENCE",
    "ISSUER",
    "MAX_TOKEN",
    "TOKEN_TYPE",
    "Actor",
    "BadDeclaration",
    "BadTokenRequest",
    "DevelopmentIssuer",
    "KeyFileUnusable",
    "KeySource",
    "Refusals",
    "StaticKeys",
    "TokenValidator",
    "TrustedIssuer",
    "Unauthenticated",
    "development_trust",
    "development_validator",
]
