"""What a compiled plan is made of: the steps that can run, and the parts of an answer that they ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from graphql import DocumentNode

from gateway.execution.expected import Expected
from gateway.planning.plan import (
    ContextInput,
    Dependent,
    LimitedVariable,
    OperationKind,
    Path,
    RenameKey,
    RequiredFragment,
    SetTypename,
    Vital,
)

Key = Mapping[str, "Key"]
"""The fields of an entity key, each with those below it."""

KeysOf = Callable[[str, str], Iterable[Key]]
"""(service, type name) → the top-level field names of each key by which that subgraph finds that type."""

MembersOf = Callable[[str, str], frozenset[str]]
"""(service, type name) → the object types that fulfil a condition on that type in that subgraph."""

ENTITIES: Final = "_entities"
REPRESENTATIONS: Final = "representations"


@dataclass(frozen=True, slots=True)
class When:
    """A Boolean variable that must have this value for a step to run."""

    variable: str
    value: bool


@dataclass(frozen=True, slots=True)
class Reduction:
    """A look-up `of` another for objects sent as `type_name`, without the fields `without` (keys of the answer)."""

    of: str
    type_name: str
    without: frozenset[str]


@dataclass(frozen=True, slots=True)
class Part:
    """What a request answers for the objects at `paths`: one entity look-up, or (without `requires`) the root.

    `alias` is the key of the look-up in the answer, `variable` carries its representations. `keys` are, per type, the response
    keys that entity keys read: a null at the first of them means that there is no entity. `is_shared` tells that nothing else
    changes objects inside this answer, so that one answer may stand at several places without being copied. `dependents` are
    the fields that need more than a key. `reduction` tells of which look-up this one is a part (`reduced.py`).
    """

    request: int
    service: str
    alias: str
    variable: str
    paths: tuple[Path, ...]
    requires: tuple[RequiredFragment, ...]
    input_rewrites: tuple[SetTypename, ...]
    output_rewrites: tuple[RenameKey, ...]
    expected: Expected
    keys: Mapping[str, Key]
    is_shared: bool
    contexts: tuple[ContextInput, ...] = ()
    dependents: tuple[Dependent, ...] = ()
    reduction: Reduction | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One request, ready to be sent: its `root`, or its entity `lookups`.

    `operation` is its text, `prefix` the body up to the variables' opening brace, `variables` are those of the client's that it
    uses. `document` is kept for a look-up with `contexts`, which may have to be written several times.
    `limits` are variables that could hold what the subgraph does not know.
    """

    id: int
    service: str
    kind: OperationKind
    conditions: tuple[When, ...]
    depends_on: tuple[int, ...]
    prefix: bytes
    variables: tuple[str, ...]
    root: Part | None
    lookups: tuple[Part, ...]
    operation: str
    document: DocumentNode | None = None
    limits: tuple[LimitedVariable, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The root, or every look-up."""
        return self.lookups if self.root is None else (self.root,)


@dataclass(frozen=True, slots=True)
class CompiledPlan:
    """The steps in the order of the plan's tree, what is vital, and what a type name means to the clients' schema."""

    steps: tuple[Step, ...]
    vital: tuple[Vital, ...]
    is_concrete: Callable[[str], bool]


def prefix_of(operation: str, name: str | None = None) -> bytes:
    """The body up to the variables' opening brace."""
    encode = msgspec.json.encode
    named = b"" if name is None else b',"operationName":' + encode(name)
    return b'{"query":' + encode(operation) + named + b',"variables":{'


def no_keys(_service: str, _typename: str) -> Iterable[Key]:
    """For plans whose keys are never null."""
    return ()


def no_members(_service: str, _typename: str) -> frozenset[str]:
    """For plans without conditions on interfaces and unions."""
    return frozenset()
