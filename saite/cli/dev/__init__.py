"""`saite dev`: what each stage of planning made, so that one finds the first stage that goes wrong.

One file per verb; `inputs.py` reads what all of them take, `stages.py` runs the stages one by one.
"""

from saite.cli.dev.verbs import app

__all__ = ["app"]
