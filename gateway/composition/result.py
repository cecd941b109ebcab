"""What composition answers: a supergraph with hints, or every error at once with hints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CompositionError:
    """Why subgraphs do not compose. `subgraphs` are the names involved, in the order the message tells them."""

    code: str
    message: str
    subgraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that composes, but that an author may want to know."""

    code: str
    message: str
    subgraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """A supergraph as SDL text, the same bytes for the same subgraphs."""

    supergraph_sdl: str
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """At least one error; there is no supergraph."""

    errors: tuple[CompositionError, ...]
    hints: tuple[Hint, ...] = ()

    def __post_init__(self) -> None:
        if not self.errors:
            raise ValueError("a failed composition must say why: `errors` is empty")
