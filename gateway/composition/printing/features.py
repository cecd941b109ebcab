"""The specifications that a supergraph links: join and link always, the others when an element uses them.

In: the merged supergraph. Out: the @links of its schema definition and the definitions they bring. The join version is the
oldest that can say what the subgraphs' federation versions can express: v0.3, v0.4 (override labels), v0.5 (contexts).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateway.composition.merged import (
    Merged,
    MergedComposite,
    MergedEnum,
    MergedInput,
    MergedInputObject,
    MergedScalar,
    MergedUnion,
)
from gateway.schema.links import SPECS
from gateway.schema.subgraph import Marks
from gateway.schema.versions import Version

_LINK = """directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA

scalar link__Import

enum link__Purpose {
  \"\"\"
  `SECURITY` features provide metadata necessary to securely resolve fields.
  \"\"\"
  SECURITY

  \"\"\"
  `EXECUTION` features provide metadata necessary for operation execution.
  \"\"\"
  EXECUTION
}"""
_JOIN = """directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE

directive @join__field({arguments}) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION

directive @join__graph(name: String!, url: String!) on ENUM_VALUE

directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE

directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, \
isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR

directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION

scalar join__FieldSet"""
_JOIN_FIELD = (
    "graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean,"
    " override: String, usedOverridden: Boolean"
)
_JOIN_CONTEXT = """input join__ContextArgument {
  name: String!
  type: String!
  context: String!
  selection: join__FieldValue!
}

scalar join__FieldValue"""
_GUARDED = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"
_ANYWHERE = (
    "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT"
    " | INPUT_FIELD_DEFINITION"
)
_TAG = f"directive @tag(name: String!) repeatable on {_ANYWHERE} | SCHEMA"
_INACCESSIBLE = f"directive @inaccessible on {_ANYWHERE}"
_AUTHENTICATED = f"directive @authenticated on {_GUARDED}"
_SCOPES = f"""directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) on {_GUARDED}

scalar requiresScopes__Scope"""
_POLICY = f"""directive @policy(policies: [[policy__Policy!]!]!) on {_GUARDED}

scalar policy__Policy"""
_CONTEXT = """directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION

directive @context__fromContext(field: context__ContextFieldValue) on ARGUMENT_DEFINITION

scalar context__ContextFieldValue"""


@dataclass(frozen=True, slots=True)
class Feature:
    """One linked specification: its @link and the definitions it brings."""

    link: str
    definitions: str


@dataclass(frozen=True, slots=True)
class CostNames:
    """What @cost and @listSize are called in the supergraph."""

    cost: str
    list_size: str


def features(merged: Merged) -> tuple[Feature, ...]:
    """The linked specifications, in a fixed order; join and link first."""
    marks = list(all_marks(merged))
    names = cost_names(merged)
    optional = (
        (any(one.tags for one in marks), "tag/v0.3", "", _TAG),
        (any(one.cost is not None or one.list_size for one in marks), "cost/v0.1", _cost_imports(marks, names), _cost(names)),
        (any(one.inaccessible for one in marks), "inaccessible/v0.2", ", for: SECURITY", _INACCESSIBLE),
        (any(one.policies for one in marks), "policy/v0.1", ", for: SECURITY", _POLICY),
        (any(one.scopes for one in marks), "requiresScopes/v0.1", ", for: SECURITY", _SCOPES),
        (any(one.authenticated for one in marks), "authenticated/v0.1", ", for: SECURITY", _AUTHENTICATED),
        (any(has_contexts(one) for one in merged.types.values()), "context/v0.1", ", for: SECURITY", _CONTEXT),
    )
    return (
        Feature(f'@link(url: "{SPECS}/link/v1.0")', _LINK),
        _join(merged),
        *(
            Feature(f'@link(url: "{SPECS}/{version}"{rest})', definitions)
            for used, version, rest, definitions in optional
            if used
        ),
    )


def _join(merged: Merged) -> Feature:
    newest = max((graph.subgraph.implied_version for graph in merged.gathered.graphs.values()), default=Version(1, 0))
    arguments, version, rest = _JOIN_FIELD, "v0.3", ""
    if newest >= (2, 7):
        arguments, version = f"{arguments}, overrideLabel: String", "v0.4"
    if newest >= (2, 8):
        arguments, version = f"{arguments}, contextArguments: [join__ContextArgument!]", "v0.5"
        rest = f"\n\n{_JOIN_CONTEXT}"
    link = f'@link(url: "{SPECS}/join/{version}", for: EXECUTION)'
    return Feature(link, _JOIN.replace("{arguments}", arguments) + rest)


def _cost(names: CostNames) -> str:
    return f"""directive @{names.cost}(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | \
INPUT_FIELD_DEFINITION | OBJECT | SCALAR

directive @{names.list_size}(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], \
requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION"""


def _cost_imports(marks: list[Marks], names: CostNames) -> str:
    # @cost carries the specification's own name and needs no import; @listSize would be @cost__listSize without one.
    imports = []
    if names.cost != "cost":
        imports.append(f'{{name: "@cost", as: "@{names.cost}"}}')
    if names.list_size != "listSize":
        imports.append(f'{{name: "@listSize", as: "@{names.list_size}"}}')
    elif any(one.list_size for one in marks):
        imports.append('"@listSize"')
    return f", import: [{', '.join(imports)}]" if imports else ""


def cost_names(merged: Merged) -> CostNames:
    """The names under which subgraphs import @cost and @listSize; a rule sees to it that they agree."""
    return CostNames(_renamed(merged, "cost"), _renamed(merged, "listSize"))


def _renamed(merged: Merged, directive: str) -> str:
    for graph in merged.gathered.graphs.values():
        local = graph.subgraph.names.local(directive)
        if local != directive and not local.endswith(f"__{directive}"):
            return local
    return directive


def has_contexts(one: object) -> bool:
    """Whether the type carries @context in some subgraph."""
    return isinstance(one, MergedComposite | MergedUnion) and any(source.contexts for source in one.sources.values())


def all_marks(merged: Merged) -> Iterator[Marks]:
    """The marks of every element of the supergraph."""
    for one in merged.types.values():
        yield one.marks
        match one:
            case MergedComposite():
                for field in one.fields.values():
                    yield field.marks
                    yield from _input_marks(field.arguments.values())
            case MergedInputObject():
                yield from _input_marks(one.fields.values())
            case MergedEnum():
                yield from (value.marks for value in one.values.values())
            case MergedScalar() | MergedUnion():
                pass


def _input_marks(inputs: Iterable[MergedInput]) -> Iterator[Marks]:
    return (one.marks for one in inputs)
