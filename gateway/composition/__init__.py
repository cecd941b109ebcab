"""Stage 2: typed subgraphs → a supergraph in the join specification's form, or every error at once."""

from gateway.composition.compose import compose
from gateway.composition.result import Composed, CompositionError, Failed, Hint

__all__ = ["Composed", "CompositionError", "Failed", "Hint", "compose"]
