"""The command `saite`: its verbs, in the order in which a newcomer meets them."""

from __future__ import annotations

import sys

import typer

from saite.cli import (
    audit,
    changes,
    compose,
    contract,
    demo,
    dev,
    importing,
    ingest,
    journal,
    keys,
    migrate,
    plan,
    projection,
    quarantine,
    query,
    scan,
    search,
    seed,
    serve,
    token,
)


def _command() -> typer.Typer:
    return typer.Typer(
        name="saite",
        no_args_is_help=True,
        rich_markup_mode="markdown",
        pretty_exceptions_show_locals=False,  # locals may hold personal data
        add_completion=False,
        help=(
            "One graph over events, persons, vehicles and documents, answered as each agency's contract allows, "
            "recorded before it is answered.\n\n"
            "Begin with `saite demo`; it prints what to try next. Every verb has its own `--help`.\n\n"
            "Exit codes: 0 done, 1 done and the answer is no, 2 it could not be tried."
        ),
    )


app = _command()

app.command("demo")(demo.demo)
app.command("query")(query.query)
app.command("token")(token.token)
app.command("import")(importing.import_)
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(ingest.app, name="ingest")
app.add_typer(journal.app, name="journal")
app.add_typer(scan.app, name="scan")
app.command("seed")(seed.seed)
app.command("migrate")(migrate.migrate)
app.add_typer(projection.app, name="projection")
app.add_typer(search.app, name="search")
app.add_typer(changes.app, name="changes")
serve.app.command("ingest")(ingest.serve)
app.add_typer(serve.app, name="serve")
app.command("compose")(compose.compose_)
app.command("plan")(plan.plan_)
app.add_typer(dev.app, name="dev")
app.add_typer(contract.app, name="contract")
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")


def main() -> None:
    """Entry point of the installed command."""
    _asked(sys.argv[1:2])()


def _asked(names: list[str]) -> typer.Typer:
    """The command with only the verb that is asked for: reading the options of all fifty takes a tenth of a second."""
    commands = [one for one in app.registered_commands if [one.name] == names]
    groups = [one for one in app.registered_groups if [one.name] == names]
    if not commands and not groups:
        return app
    alone = _command()
    alone.callback()(lambda: None)  # or a single verb would be taken for the command itself
    alone.registered_commands, alone.registered_groups = commands, groups
    return alone
