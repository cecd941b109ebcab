"""Stages "identify", "authorise" and "audit" as the gateway sees them: a port, and its two sides (open, by contract)."""

from gateway.access.contract import ContractGate
from gateway.access.open import OpenGate
from gateway.access.port import Access, Asked, Gate, Grant, Outcome, code_of, error_id_of

__all__ = ["Access", "Asked", "ContractGate", "Gate", "Grant", "OpenGate", "Outcome", "code_of", "error_id_of"]
