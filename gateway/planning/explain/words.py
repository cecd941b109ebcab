"""An explanation as text for people and as JSON values for programs.

In: an `Explanation`. Out: a paragraph per request, or one JSON object.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gateway.planning.explain.explanation import Entry, Explanation, Names, Other, Request, Visit

Json = dict[str, Any]


def print_explanation(explanation: Explanation) -> str:
    """A paragraph per request, in the order of the plan."""
    if not explanation.requests:
        return "No subgraph is asked: the gateway answers alone."
    return "\n\n".join("\n".join(_paragraph(request)) for request in explanation.requests)


def explanation_json(explanation: Explanation) -> Json:
    """The explanation as one JSON object."""
    return {
        "kind": explanation.kind,
        "name": explanation.name,
        "fetches": [_request_json(request) for request in explanation.requests],
    }


def _paragraph(request: Request) -> Iterator[str]:
    groups: dict[tuple[str, ...], list[Visit]] = {}
    for visit in request.visits:
        groups.setdefault(tuple(_visit(visit)), []).append(visit)
    if len(groups) > 1:
        yield f"Fetch {request.id} asks {request.subgraph} for {len(groups)} things at once."
    for number, (lines, visits) in enumerate(groups.items()):
        if len(groups) > 1:
            yield f"  ({number + 1}) {_at(visits)}"
            yield from (f"    {line}" for line in lines)
        else:
            yield f"Fetch {request.id} asks {request.subgraph}{f' {_at(visits)}' if request.kind != 'root' else ''}."
            yield from (f"  {line}" for line in lines)
    if request.kind == "re-entry":
        yield "  It starts from the root again: the field before leads back to it."
    yield from (f"  It waits for fetch {one.request} ({one.subgraph}), which {one.reason}." for one in request.waits)
    if request.condition:
        yield f"  It is sent only when {request.condition}."


def _at(visits: Sequence[Visit]) -> str:
    types = ", ".join(dict.fromkeys(entry.type_name for visit in visits for entry in visit.entries))
    return f"at {_listed(visit.place for visit in visits)}" + (f" ({types})" if types else "")


def _visit(visit: Visit) -> Iterator[str]:
    if visit.brings:
        yield f"It brings what the client asked: {_braced(visit.brings)}."
    if visit.helps:
        users = f" for fetch {_listed(map(str, visit.needed_by))}" if visit.needed_by else ", to tell the types of objects"
        alone = "Nothing of it is for the client: it asks" if not visit.brings else "It also asks"
        yield f"{alone} {_braced(visit.helps)}{users}."
    for key, entries in _alike(visit.entries):
        yield f"It finds {_listed(entry.type_name for entry in entries)} by {key}{_sent_as(entries)}."
    for field, text in dict(pair for entry in visit.entries for pair in entry.requires.items()).items():
        yield f"It sends {{ {text} }} along, which {field} requires."
    yield from (f"It fills {one.purpose} from {one.field}." for one in visit.inputs if not one.type_name)
    if visit.is_again:
        yield "The object was met in this very subgraph: it is looked up again, since only a look-up can send values along."
    yield from (_why_not(one) for one in visit.others)


def _alike(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """Entries by the words for their key."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(f"the key {{ {entry.key} }}" if entry.key else "what is sent", []).append(entry)
    return list(found.items())


def _sent_as(entries: Iterable[Entry]) -> str:
    names = dict.fromkeys(entry.sent_as for entry in entries if entry.sent_as)
    return f", as {_listed(names)}: the subgraph has it as an interface object" if names else ""


def _why_not(other: Other) -> str:
    here = ", where the object was met" if other.is_here else ""
    return f"Why not {other.subgraph}{here}: it {other.reason}."


def _braced(names: Names) -> str:
    return " ".join(f"{name} {{ {_braced(inner)} }}" if inner else name for name, inner in names.items())


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"


def _request_json(request: Request) -> Json:
    return {
        "fetch": request.id,
        "subgraph": request.subgraph,
        "kind": request.kind,
        "condition": request.condition or None,
        "waitsFor": [{"fetch": one.request, "subgraph": one.subgraph, "reason": one.reason} for one in request.waits],
        "places": [_visit_json(visit) for visit in request.visits],
    }


def _visit_json(visit: Visit) -> Json:
    return {
        "path": visit.place,
        "again": visit.is_again,
        "brings": visit.brings,
        "helps": visit.helps,
        "neededBy": list(visit.needed_by),
        "entries": [
            {"type": one.type_name, "key": one.key, "requires": dict(one.requires), "sentAs": one.sent_as}
            for one in visit.entries
        ],
        "inputs": [
            {"type": one.type_name or None, "field": one.field, "for": one.purpose, "from": list(one.source)}
            for one in visit.inputs
        ],
        "others": [
            {"subgraph": one.subgraph, "fields": list(one.fields), "reason": one.reason, "objectIsHere": one.is_here}
            for one in visit.others
        ],
    }
