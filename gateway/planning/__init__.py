"""Stage 4: an operation becomes a query plan."""

from gateway.planning.plan import QueryPlan
from gateway.planning.planner import plan
from gateway.planning.print import print_plan, to_json

__all__ = ["QueryPlan", "plan", "print_plan", "to_json"]
