"""Why each request of a plan is there, in words and as JSON values.

`explain(graph, document, plan)` reads the plan and the supergraph, nothing of how the plan was made.
"""

from gateway.planning.explain.explain import explain
from gateway.planning.explain.explanation import Explanation
from gateway.planning.explain.words import explanation_json, print_explanation

__all__ = ["Explanation", "explain", "explanation_json", "print_explanation"]
