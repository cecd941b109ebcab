"""The verbs of `saite dev`, in the order of the stages."""

from __future__ import annotations

import typer

from saite.cli.dev import compare_plans, execute, fetch_graph, graph, normalise, paths, plan, schema

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help=(
        "See what each stage made of a supergraph and an operation, to find the first stage that goes wrong.\n\n"
        "schema → graph → normalize → paths → fetch-graph → plan → execute: each verb prints one stage. "
        "The page `docs/find-the-first-stage-that-goes-wrong.md` goes through a case."
    ),
)

app.command("schema")(schema.schema)
app.command("graph")(graph.graph_)
app.command("normalize")(normalise.normalize)
app.command("paths")(paths.paths)
app.command("fetch-graph")(fetch_graph.fetch_graph_)
app.command("plan")(plan.plan_)
app.command("execute")(execute.execute)
app.command("compare-plans")(compare_plans.compare_plans)
