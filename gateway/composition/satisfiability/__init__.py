"""Satisfiability: can the subgraphs answer every query that the supergraph's schema allows?"""

from gateway.composition.satisfiability.check import check

__all__ = ["check"]
