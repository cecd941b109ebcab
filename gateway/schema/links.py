"""@link: which foreign specifications a subgraph uses, and under which names.

In: the directives on `schema`. Out: `Link`s with identity, version, namespace and imports, plus the problems found.
Specification: https://specs.apollo.dev/link/v1.0/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from graphql import ConstDirectiveNode, ConstValueNode, ListValueNode, ObjectValueNode, StringValueNode

from gateway.schema.problems import Problem, problem
from gateway.schema.versions import Version, read_version

SPECS = "https://specs.apollo.dev"
FEDERATION = f"{SPECS}/federation"
LINK = f"{SPECS}/link"


@dataclass(frozen=True, slots=True)
class Import:
    """One imported element: `name` in the specification, `alias` in this subgraph; directives carry their `@`."""

    name: str
    alias: str

    @property
    def is_directive(self) -> bool:
        """Whether this imports a directive (and not a type)."""
        return self.name.startswith("@")


@dataclass(frozen=True, slots=True)
class Link:
    """A linked specification. `identity` is its url without version; `namespace` prefixes what is not imported."""

    identity: str
    name: str | None
    version: Version | None
    namespace: str | None
    imports: tuple[Import, ...]
    node: ConstDirectiveNode

    @property
    def url(self) -> str:
        """The normalised url."""
        return f"{self.identity}/{self.version}" if self.version else self.identity

    def local_directive(self, name: str) -> str:
        """The name, without `@`, under which the specification's directive `name` goes here."""
        for imported in self.imports:
            if imported.name == f"@{name}":
                return imported.alias[1:]
        return name if name == self.namespace else f"{self.namespace}__{name}"


@dataclass(frozen=True, slots=True)
class Url:
    """A link url taken apart. An address that is no URL is an opaque identity."""

    identity: str
    name: str | None
    version: str | None


def read_url(text: str) -> Url:
    """Take a @link url apart: identity, name (the last segment before the version) and version."""
    parts = urlsplit(text)
    if not parts.scheme or (parts.scheme != "file" and not parts.netloc):
        return Url(text, None, None)
    origin = "file://" if parts.scheme == "file" else f"{parts.scheme}://{parts.netloc}"
    segments = [segment for segment in parts.path.split("/") if segment]
    if not segments:
        return Url(origin, None, None)
    *before, last = segments
    if last[:1] in "vV" and last[1:2].isdigit():
        return Url("/".join([origin, *before]), before[-1] if before else None, last)
    return Url("/".join([origin, *segments]), last, None)


def argument(node: ConstDirectiveNode, name: str) -> ConstValueNode | None:
    """The value given to a directive's argument."""
    for given in node.arguments or ():
        if given.name.value == name:
            return given.value
    return None


def read_link(node: ConstDirectiveNode) -> Link | Problem | None:
    """One @link application; None when it has no url (plain validation tells)."""
    url_value = argument(node, "url")
    if not isinstance(url_value, StringValueNode):
        return None
    url = read_url(url_value.value)
    version = read_version(url.version) if url.version else None
    if url.version and version is None:
        message = f"Expected a version string (of the form v1.2), got {url.version}"
        return problem("INVALID_LINK_IDENTIFIER", message, node)
    if url.identity == SPECS or url.identity.startswith(f"{SPECS}/"):
        if url.identity == SPECS:
            hint = "expected '/<feature>/vX.Y' (for example '/federation/v2.9')"
            return problem("INVALID_LINK_IDENTIFIER", f"Invalid @link url '{url_value.value}': {hint}", node)
        if version is None:
            message = f"Expected a version string (of the form v1.2) at the end of @link url '{url_value.value}'"
            return problem("INVALID_LINK_IDENTIFIER", message, node)
    imports = tuple(read_imports(argument(node, "import")))
    wrong = next((entry for entry in imports if isinstance(entry, str)), None)
    if wrong is not None:
        return problem("INVALID_LINK_DIRECTIVE_USAGE", wrong, node)
    alias = argument(node, "as")
    namespace = alias.value if isinstance(alias, StringValueNode) else url.name
    good = tuple(entry for entry in imports if isinstance(entry, Import))
    return Link(url.identity, url.name, version, namespace, good, node)


def read_imports(value: ConstValueNode | None) -> Iterator[Import | str]:
    """The entries of `import`; a string is a complaint about one of them."""
    if value is None:
        return
    if not isinstance(value, ListValueNode):
        yield 'Invalid @link "import": it must be a list of names or of objects {name: "…", as: "…"}'
        return
    for entry in value.values:
        match entry:
            case StringValueNode():
                yield Import(entry.value, entry.value)
            case ObjectValueNode():
                yield _aliased(entry)
            case _:
                yield 'Invalid @link import: an entry must be a name or an object {name: "…", as: "…"}'


def _aliased(entry: ObjectValueNode) -> Import | str:
    values = {field.name.value: field.value for field in entry.fields}
    name = values.get("name")
    if not isinstance(name, StringValueNode):
        return 'Invalid @link import: an object entry needs a string "name"'
    alias = values.get("as", name)
    if not isinstance(alias, StringValueNode):
        return f'Invalid @link import of "{name.value}": "as" must be a string'
    if name.value.startswith("@") != alias.value.startswith("@"):
        both = f'"{name.value}" and "{alias.value}"'
        return f"Invalid @link import renaming: {both} must both be directives (start with @) or neither"
    return Import(name.value, alias.value)


def read_links(directives: Iterable[ConstDirectiveNode]) -> tuple[tuple[Link, ...], tuple[Problem, ...]]:
    """All links of a subgraph, and what is wrong with them, duplicates included."""
    links: list[Link] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for node in directives:
        found = read_link(node)
        if isinstance(found, Problem):
            problems.append(found)
        elif found is not None:
            if found.identity in seen:
                message = f"Duplicate inclusion of feature {found.identity}; keep one @link and put all imports there"
                problems.append(problem("INVALID_LINK_DIRECTIVE_USAGE", message, node))
            else:
                links.append(found)
            seen.add(found.identity)
    return tuple(links), tuple(problems)
