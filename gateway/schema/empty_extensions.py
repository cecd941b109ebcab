"""Extensions that add nothing: `extend type Query` with nothing behind it.

GraphQL's grammar refuses them, while libraries that keep schemas as trees print them. In: the text of a subgraph that cannot be
parsed. Out: the same text with blanks where such extensions stood, so that every other place keeps its line and column.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLError, Lexer, Source, Token, TokenKind

_KEYWORDS = frozenset({"type", "interface", "union", "enum", "input", "scalar"})
_GOES_ON = frozenset({TokenKind.AT, TokenKind.BRACE_L, TokenKind.EQUALS})


def without_empty_extensions(sdl: str) -> str:
    """The text without extensions that add nothing; the very text when it has none, or has none that can be told."""
    try:
        tokens = list(_tokens(sdl))
    except GraphQLError:
        return sdl
    parts: list[str] = []
    at = depth = 0
    for number, token in enumerate(tokens):
        depth += (token.kind is TokenKind.BRACE_L) - (token.kind is TokenKind.BRACE_R)
        end = None if depth else _empty_extension(tokens, number)
        if end is not None:
            gone = sdl[token.start : end]
            parts += [sdl[at : token.start], "".join(sign if sign in "\r\n" else " " for sign in gone)]
            at = end
    return "".join([*parts, sdl[at:]])


def _tokens(sdl: str) -> Iterator[Token]:
    lexer = Lexer(Source(sdl))
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        yield token


def _empty_extension(tokens: list[Token], number: int) -> int | None:
    """Where an empty extension that begins with this token ends; None when none does."""
    words = tokens[number : number + 4]
    if len(words) < 3 or words[0].value != "extend" or words[1].value not in _KEYWORDS or words[2].kind is not TokenKind.NAME:
        return None
    behind = words[3] if len(words) > 3 else None
    if behind is not None and (behind.kind in _GOES_ON or behind.value == "implements"):
        return None
    return words[2].end
