"""`saite audit`: read, verify, prove, replay, reconcile and report on the audit log. Its verbs, simple ones first."""

from __future__ import annotations

import typer

from saite.cli.audit import heads, opening, proofs, reconcile, replay, report, review, tail, verify

app = typer.Typer(
    no_args_is_help=True, help="Read, verify and judge the log in which every consultation stands before it is answered."
)
app.command("tail")(tail.tail)
app.command("verify")(verify.verify)
app.command("head")(heads.head)
app.command("prove")(proofs.prove)
app.command("check")(proofs.check)
app.command("replay")(replay.replay)
app.command("reconcile")(reconcile.reconcile)
app.command("report")(report.report)
app.command("open")(opening.open_)
app.command("review")(review.review)
