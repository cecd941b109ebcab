"""From a document's text to an operation that may run under a mask, remembered: the gateway sends the same few again and again.

What comes in: the text, the operation's name, the mask. What goes out: a parsed document and the room's own permit. Caches
are keyed by the text itself and the mask's digest, never by a hash alone, and nothing in them is a caller's data.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Final, Generic, TypeVar

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, validate

from authz.mask import Mask
from authz.operation import Permit, exempt_of, recheck
from subgraphs.room.errors import BadOperation

K = TypeVar("K")
V = TypeVar("V")

MAX_TOKENS: Final = 20_000


class Remembered(Generic[K, V]):
    """The `size` entries used last."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The entry under `key`, made when it is not there."""
        found = self._entries.get(key)
        if found is None:
            found = self._entries[key] = make()
            if len(self._entries) > self._size:
                self._entries.popitem(last=False)
        else:
            self._entries.move_to_end(key)
        return found


class Operations:
    """Documents and permits of one room. `ruled` is its schema with the rights directives on the definitions."""

    def __init__(self, executable: GraphQLSchema, ruled: GraphQLSchema, size: int) -> None:
        self._executable = executable
        self._ruled = ruled
        self._exempt = exempt_of(ruled)
        self._documents: Remembered[str, DocumentNode] = Remembered(size)
        self._permits: Remembered[tuple[str, str | None, str], Permit] = Remembered(size)

    def document(self, text: str) -> DocumentNode:
        """The parsed document. Raises BadOperation."""
        return self._documents.get(text, lambda: self._parsed(text))

    def check(self, text: str, name: str | None, mask: Mask, variables: Mapping[str, object]) -> None:
        """Enforce the contract on the operation and on the values of this call's variables. Raises Unauthorized,
        NotInSchema.
        """
        document = self.document(text)
        key = (text, name, mask.digest)
        permit = self._permits.get(key, lambda: recheck(self._ruled, document, name, mask, variables, exempt=self._exempt))
        permit.check_variables(variables)

    def _parsed(self, text: str) -> DocumentNode:
        try:
            document = parse(text, no_location=True, max_tokens=MAX_TOKENS)
        except GraphQLError as error:
            raise BadOperation(error.message) from None
        errors = validate(self._executable, document, hide_suggestions=True)
        if errors:
            raise BadOperation(errors[0].message)
        return document
