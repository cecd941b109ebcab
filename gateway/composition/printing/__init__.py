"""Printing: the merged supergraph as SDL text in the join specification's form."""

from gateway.composition.printing.supergraph import print_supergraph

__all__ = ["print_supergraph"]
