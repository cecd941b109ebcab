from __future__ import annotations

import pytest
from typer.testing import CliRunner

from saite.cli.main import _asked, app


@pytest.mark.parametrize("line", ["demo --help", "demo --nope", "audit", "audit verify --help", "nope", ""])
def test_a_verb_alone_speaks_as_among_the_others(line: str) -> None:
    arguments = line.split()
    alone, all_ = (CliRunner().invoke(command, arguments) for command in (_asked(arguments[:1]), app))
    assert (alone.exit_code, alone.output) == (all_.exit_code, all_.output)


def test_only_the_verb_that_is_asked_for_is_read() -> None:
    assert [one.name for one in _asked(["demo"]).registered_commands] == ["demo"]
    assert _asked(["nope"]) is app
