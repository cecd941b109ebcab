from __future__ import annotations

from importlib import metadata

import pytest

from authz import enforcer
from authz.enforcer import Judge, Row
from authz.errors import PolicyUnsound


def test_what_no_row_allows_is_denied() -> None:
    judge = Judge([Row("C-1", "Person.name", "read", "X", "allow")])
    assert judge.allows("C-1", "Person.name", "read", "X")
    assert not judge.allows("C-1", "Person.name", "sort", "X")
    assert not judge.allows("C-1", "Person.names", "read", "X")
    assert not judge.allows("C-1", "Person.name", "read", "Y")
    assert not judge.allows("C-2", "Person.name", "read", "X")


def test_a_denial_wins_over_every_allowance() -> None:
    row = ("C-1", "Person.name", "read", "X")
    assert not Judge([Row(*row, "allow"), Row(*row, "deny"), Row(*row, "allow")]).allows(*row)


def test_nothing_is_allowed_without_rows() -> None:
    assert not Judge([]).allows("C-1", "Person.name", "read", "X")


@pytest.mark.parametrize("word", ["", "a,b", 'a"b', "a b", "r.sub", "p.eft", "a&&b", "!a", "a\n", "*"])
def test_a_word_that_casbin_could_read_otherwise_is_refused(word: str) -> None:
    with pytest.raises(PolicyUnsound):
        Row("C-1", word, "read", "X", "allow")
    with pytest.raises(PolicyUnsound):
        Judge([]).allows("C-1", word, "read", "X")


def test_the_asterisk_and_the_dot_are_no_patterns() -> None:
    judge = Judge([Row("C-1", "Person.name", "read", "X", "allow")])
    assert not judge.allows("C-1", "PersonXname", "read", "X")
    assert not judge.allows("C-1", "Person.nameHistory", "read", "X")


def test_an_old_evaluator_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    real = metadata.version
    monkeypatch.setattr(enforcer, "version", lambda name: "1.0.4" if name == "simpleeval" else real(name))
    with pytest.raises(PolicyUnsound, match="simpleeval"):
        Judge([])
