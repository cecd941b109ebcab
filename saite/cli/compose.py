"""`saite compose`: subgraph SDLs to one supergraph, or every reason why not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from kernel.errors import ClientError
from saite.cli.output import NO, Format, FormatOption, clear_errors, complain, print_json

if TYPE_CHECKING:
    from gateway.schema import Subgraph


class BadConfig(ClientError):
    """Raised when the composition's configuration cannot be used."""

    code: ClassVar[str] = "BAD_COMPOSE_CONFIG"


def _entry(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def read_config(path: Path) -> list[Subgraph]:
    """The subgraphs that a configuration in Rover's form names, in its order. Raises BadConfig."""
    import yaml

    from gateway.schema import read_subgraph

    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise BadConfig(f"{path} is not YAML: {error}") from None
    subgraphs = _entry(document, "subgraphs")
    if not isinstance(subgraphs, dict) or not subgraphs:
        raise BadConfig(
            f"{path} names no subgraphs. It needs: `subgraphs: {{NAME: {{routing_url: URL, schema: {{file: PATH}}}}}}`."
        )
    found = []
    for name, entry in subgraphs.items():
        file = _entry(entry, "schema", "file")
        if not isinstance(file, str):
            raise BadConfig(
                f"{path}: subgraph {name!r} has no `schema: {{file: PATH}}`; only files are read, nothing is fetched."
            )
        sdl_path = path.parent / file
        if not sdl_path.is_file():
            raise BadConfig(f"{path}: the schema of subgraph {name!r} is not there: {sdl_path}")
        found.append(read_subgraph(str(name), sdl_path.read_text(encoding="utf-8"), _entry(entry, "routing_url")))
    return found


@clear_errors
def compose_(
    config: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The subgraphs, in Rover's form (see above).")],
    output: Annotated[Path | None, typer.Option(help="Write the supergraph to this file instead of standard output.")] = None,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Compose subgraphs into a supergraph, or list every error at once.

    The configuration is a YAML file:

        subgraphs:
          events:
            routing_url: http://localhost:4001/graphql
            schema: {file: ./events.graphql}

    With `--format json` the result is one object: `{"supergraph": …|null, "errors": [{"code", "message", "subgraphs"}], "hints": […]}`.
    Exit code 1 when the subgraphs do not compose.

    Example: `saite compose --config supergraph.yaml --output supergraph.graphql`
    """
    from gateway.composition import Composed, compose

    result = compose(read_config(config))
    supergraph = result.supergraph_sdl if isinstance(result, Composed) else None
    errors = () if isinstance(result, Composed) else result.errors
    hints = result.hints
    if supergraph is not None and output is not None:
        output.write_text(supergraph, encoding="utf-8")
    if format_ is Format.JSON:
        print_json(
            {
                "supergraph": supergraph,
                "errors": [{"code": e.code, "message": e.message, "subgraphs": list(e.subgraphs)} for e in errors],
                "hints": [{"code": h.code, "message": h.message, "subgraphs": list(h.subgraphs)} for h in hints],
            }
        )
    else:
        for error in errors:
            complain(f"error {error.code}: {error.message}")
        for hint in hints:
            complain(f"hint {hint.code}: {hint.message}")
        if supergraph is not None and output is None:
            typer.echo(supergraph)
    if supergraph is None:
        raise typer.Exit(NO)
