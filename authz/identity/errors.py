"""What goes wrong with identities.

ClientError
  ├─ Unauthenticated    401, always in the same words; the true reason is in the log and in `Refusals`
  ├─ BadTokenRequest    a development token was asked for with a value that no validator would accept
  ├─ BadExchange        a token exchange was asked for that is not granted
  ├─ KeyFileUnusable    a key or secret in the data folder cannot be made, read or trusted
  ├─ TrustFileUnusable  the file that says whom to believe is wrong
  └─ ProviderUnusable   an identity provider gives no usable keys; only ever logged
"""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import ClientError


class Unauthenticated(ClientError):
    """Raised when a request carries no token that we accept. It never says why: that would help only a forger. `reason` is for
    the log and the audit.
    """

    code: ClassVar[str] = "UNAUTHENTICATED"
    status: ClassVar[int] = 401

    def __init__(self, reason: str = "") -> None:
        super().__init__("This needs a valid token: send one as `Authorization: Bearer …`.")
        self.reason = reason


class BadDeclaration(ClientError):
    """Raised when the purpose or case of a request is too long or holds what does not print."""

    code: ClassVar[str] = "BAD_DECLARATION"


class BadTokenRequest(ClientError):
    """Raised when a development token is asked for with an unusable agency, user, purpose, case or lifetime."""

    code: ClassVar[str] = "BAD_TOKEN_REQUEST"


class KeyFileUnusable(ClientError):
    """Raised when a key or secret cannot be made or read, is damaged, or others may read it."""

    code: ClassVar[str] = "KEY_FILE_UNUSABLE"


class TrustFileUnusable(ClientError):
    """Raised when the file of trusted issuers cannot be read, says something unknown, or trusts too much."""

    code: ClassVar[str] = "TRUST_FILE_UNUSABLE"


class ProviderUnusable(ClientError):
    """Raised when an identity provider does not answer, or not with keys; the caller keeps those that it has."""

    code: ClassVar[str] = "PROVIDER_UNUSABLE"
    status: ClassVar[int] = 503


class BadExchange(ClientError):
    """Raised when a token exchange is refused; `error` is the code that RFC 6749 or RFC 8693 gives it, `reason` is for the log
    and the audit.
    """

    code: ClassVar[str] = "BAD_EXCHANGE"

    def __init__(self, error: str, message: str, reason: str = "form") -> None:
        super().__init__(message)
        self.error = error
        self.reason = reason
