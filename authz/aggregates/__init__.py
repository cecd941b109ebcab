"""Aggregates: what counts may tell. Small cells are kept back, others rounded, and none is the difference of two others.

In: an exact count and the contract's `aggregates`. Out: the count as it may leave, or Suppressed.
"""

from authz.aggregates.differencing import Differencing, Universe
from authz.aggregates.errors import Suppressed
from authz.aggregates.ledger import CountLedger, SqliteCountLedger
from authz.aggregates.publishing import published

__all__ = ["CountLedger", "Differencing", "SqliteCountLedger", "Suppressed", "Universe", "published"]
