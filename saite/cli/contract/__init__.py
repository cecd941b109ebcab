"""`saite contract`: write, check, explain, sign and compare the contracts that say what each agency may see."""

from __future__ import annotations

import typer

from saite.cli.contract import (
    check,
    diff,
    explain,
    new,
    publish,
    show,
    sign,
    simulate,
)

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Write, check, explain, sign and compare the contracts that say what each agency may see.\n\n"
        "A contract's life: `new` writes a draft, `lint` checks it, `matrix` and `why` show what it means, `diff` and `simulate` what it "
        "changes, `test` tries its canaries, both parties `sign` it, and its file is laid into the folder that the processes follow: they "
        "take it up by themselves, all at one moment. `revoke` ends it at once."
    ),
)

app.command("new")(new.new)
app.command("lint")(check.lint)
app.command("test")(check.canaries)
app.command("compile")(check.compile_)
app.command("show")(show.show)
app.command("matrix")(explain.matrix)
app.command("why")(explain.why)
app.command("diff")(diff.diff)
app.command("simulate")(simulate.simulate)
app.command("sign")(sign.sign)
app.command("verify")(sign.verify)
app.command("publish")(publish.publish)
app.command("revoke")(publish.revoke)
