"""Gives fields that the planner fetched under an alias of its own their client's key back.

In: the data of one answer and the fetch's `output_rewrites`. The data is changed in place (it is not shared yet); paths of
the answer's errors are renamed alike.
"""

from __future__ import annotations

from gateway.execution.merge import IsConcrete, merge_into
from gateway.execution.raw import Json, ResponsePath
from gateway.execution.sites import find_sites
from gateway.planning.plan import Each, Key, OnTypes, Path, RenameKey


def rename_keys(data: Json, rewrites: tuple[RenameKey, ...], is_concrete: IsConcrete) -> None:
    """Apply each rewrite in order to `data` (the answer's root object, or one entity).

    One field may have been asked for twice, of an interface and of a type that has it in another shape: both parts are one
    value then.
    """
    for rewrite in rewrites:
        for site in find_sites(data, rewrite.path):
            if rewrite.source in site.item:
                merge_into(site.item, {rewrite.name: site.item.pop(rewrite.source)}, is_concrete, [])


def renamed_path(path: ResponsePath, rewrites: tuple[RenameKey, ...]) -> ResponsePath:
    """The client's form of an error path inside the answer."""
    for rewrite in rewrites:
        at = _end_of(rewrite.path, path)
        if at is not None and at < len(path) and path[at] == rewrite.source:
            path = (*path[:at], rewrite.name, *path[at + 1 :])
    return path


def _end_of(steps: Path, path: ResponsePath) -> int | None:
    """How many elements of `path` the `steps` cover, or None when they lead elsewhere."""
    at = 0
    for step in steps:
        match step:
            case OnTypes():
                continue
            case Key(name):
                at = _past_indices(path, at)
                if at >= len(path) or path[at] != name:
                    return None
                at += 1
            case Each():
                if at >= len(path) or not isinstance(path[at], int):
                    return None
                at += 1
    return _past_indices(path, at)


def _past_indices(path: ResponsePath, at: int) -> int:
    while at < len(path) and isinstance(path[at], int):
        at += 1
    return at
