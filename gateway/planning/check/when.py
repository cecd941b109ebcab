"""Under which values of the Boolean variables something holds: formulas of `@skip` and `@include`.

What comes in: directives, conditions of a plan. What goes out: `When`, a disjunction of conjunctions, and the operations on
it. `implies` is exact: it splits on the variables that occur.
"""

from __future__ import annotations

from collections.abc import Iterable

from graphql import BooleanValueNode, DirectiveNode, VariableNode

Literal = tuple[str, bool]
Term = frozenset[Literal]
When = frozenset[Term]

ALWAYS: When = frozenset({frozenset()})
NEVER: When = frozenset()


def literal(variable: str, value: bool) -> When:
    """The Boolean variable has this value."""
    return frozenset({frozenset({(variable, value)})})


def both(one: When, other: When) -> When:
    """`one` and `other`."""
    if one is ALWAYS or one == other:
        return other
    if other is ALWAYS:
        return one
    return _shortest(a | b for a in one for b in other if not _contradicts(a, b))


def either(one: When, other: When) -> When:
    """`one` or `other`."""
    if one is ALWAYS or other is ALWAYS:
        return ALWAYS
    return _shortest((*one, *other))


def any_of(parts: Iterable[When]) -> When:
    """At least one of them; never, when there is none."""
    found: When = NEVER
    for part in parts:
        found = either(found, part)
    return found


def negated(when: When) -> When:
    """Whenever it does not hold."""
    found = ALWAYS
    for term in when:
        found = both(found, any_of(literal(name, not value) for name, value in term))
    return found


def implies(one: When, other: When) -> bool:
    """Whether `other` holds whenever `one` does."""
    if other in (ALWAYS, one):
        return True
    return all(_is_certain(_given(other, term)) for term in one)


def can_meet(one: When, other: When) -> bool:
    """Whether both can hold at once."""
    return bool(both(one, other))


def directives_when(directives: Iterable[DirectiveNode] | None) -> When:
    """What `@skip` and `@include` on one node ask for."""
    found = ALWAYS
    for directive in directives or ():
        if directive.name.value not in ("skip", "include"):
            continue
        wanted = directive.name.value == "include"
        value = next(argument.value for argument in directive.arguments or () if argument.name.value == "if")
        if isinstance(value, VariableNode):
            found = both(found, literal(value.name.value, wanted))
        elif isinstance(value, BooleanValueNode) and value.value is not wanted:
            return NEVER
    return found


def print_when(when: When) -> str:
    """`$a and not $b, or $c`."""
    if when == ALWAYS:
        return "always"
    terms = (" and ".join(f"{'' if value else 'not '}${name}" for name, value in sorted(term)) for term in when)
    return ", or ".join(sorted(terms)) or "never"


def _contradicts(one: Term, other: Term) -> bool:
    return any((name, not value) in other for name, value in one)


def _shortest(terms: Iterable[Term]) -> When:
    """Without the terms that another one covers."""
    kept: list[Term] = []
    for term in sorted(set(terms), key=len):
        if not any(known <= term for known in kept):
            kept.append(term)
    return ALWAYS if kept == [frozenset()] else frozenset(kept)


def _given(when: When, term: Term) -> When:
    return frozenset(one - term for one in when if not _contradicts(one, term))


def _is_certain(when: When) -> bool:
    if frozenset() in when:
        return True
    if not when:
        return False
    name = next(iter(next(iter(when))))[0]
    return all(_is_certain(_given(when, frozenset({(name, value)}))) for value in (True, False))
