"""What can go wrong with changes on their way."""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import InternalError


class NotAChange(InternalError):
    """Raised when a message is none of the CloudEvents that `changes.change` describes."""

    code: ClassVar[str] = "NOT_A_CHANGE"


class PositionLost(InternalError):
    """Raised when somebody else moved the position that a consumer keeps: two of one name are running."""

    code: ClassVar[str] = "CHANGE_POSITION_LOST"
