"""UNKNOWN_FEDERATION_LINK_VERSION, UNKNOWN_LINK_VERSION, and INVALID_LINK_DIRECTIVE_USAGE for imports nobody defines."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.links import FEDERATION, SPECS, Link
from gateway.schema.problems import Problem, problem
from gateway.schema.specification import KNOWN_FEATURE_VERSIONS, is_known_federation, specification


def check(link: Link) -> Iterator[Problem]:
    """A specification of specs.apollo.dev must be of a version that exists and hold what is imported."""
    if link.version is None or not link.identity.startswith(f"{SPECS}/"):
        return
    if link.identity == FEDERATION:
        yield from _check_federation(link)
        return
    feature = link.identity.removeprefix(f"{SPECS}/")
    known = KNOWN_FEATURE_VERSIONS.get(feature)
    if known is not None and link.version not in known:
        supported = ", ".join(str(version) for version in sorted(known))
        message = f"Schema uses unknown version {link.version} of the {feature} spec (known: {supported})"
        yield problem("UNKNOWN_LINK_VERSION", message, link.node)


def _check_federation(link: Link) -> Iterator[Problem]:
    assert link.version is not None
    if not is_known_federation(link.version):
        message = f"Invalid version {link.version} for the federation feature in @link directive on schema"
        yield problem("UNKNOWN_FEDERATION_LINK_VERSION", message, link.node)
        return
    spec = specification(link.version)
    for imported in link.imports:
        known = imported.name[1:] in spec.directives if imported.is_directive else imported.name in spec.types
        if not known:
            message = f'Cannot import unknown element "{imported.name}" from federation {link.version}.'
            yield problem("INVALID_LINK_DIRECTIVE_USAGE", message, link.node)
