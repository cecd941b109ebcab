"""The plan checker: a symbolic proof that a plan answers its operation, independent of how the plan was made."""

from gateway.planning.check.check import check_plan
from gateway.planning.check.fault import Fault, FaultKind

__all__ = ["Fault", "FaultKind", "check_plan"]
