"""What a contract means, for people: why a decision is as it is, everything at a glance, what a new version changes.

Nothing here decides: the compiled masks do, and these modules say where in the documents the reasons stand.
"""

from authz.explain.changes import Change, changes_between
from authz.explain.matrix import Cell, Matrix, MatrixRow, matrix_of
from authz.explain.simulation import Difference, Recorded, Sample, recorded_of, replay, simulate
from authz.explain.why import Answer, Clause, why

__all__ = [
    "Answer",
    "Cell",
    "Change",
    "Clause",
    "Difference",
    "Matrix",
    "MatrixRow",
    "Recorded",
    "Sample",
    "changes_between",
    "matrix_of",
    "recorded_of",
    "replay",
    "simulate",
    "why",
]
