"""Quotas: how much one user, or everybody under one contract, was given in a window, counted over all processes.

In: a mask's quotas, who asks, what is about to be given. Out: leave, with warnings when it runs low, or QuotaExceeded (429).
"""

from authz.quotas.counting import Counting, Lookups, Spending, lookups_of
from authz.quotas.ledger import Balance, Charge, QuotaLedger, Settled
from authz.quotas.ledger_sqlite import SqliteQuotaLedger

__all__ = ["Balance", "Charge", "Counting", "Lookups", "QuotaLedger", "Settled", "Spending", "SqliteQuotaLedger", "lookups_of"]
