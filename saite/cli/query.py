"""`saite query`: ask a running gateway, as an agency."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from saite.cli.output import DEFAULT_DATA, NO, DataOption, Format, FormatOption, clear_errors, print_json, stop


@clear_errors
def query(
    document: Annotated[
        str, typer.Argument(metavar="QUERY", help="The GraphQL document; `-` reads standard input, `@FILE` a file.")
    ],
    agency: Annotated[str | None, typer.Option(help="Ask as this agency, with a development token from --data.")] = None,
    user: Annotated[str, typer.Option(help="Who asks; goes into the audit log.")] = "demo.user",
    purpose: Annotated[str | None, typer.Option(help="What for, e.g. CRIMINAL_PROCEEDING.")] = None,
    case: Annotated[str | None, typer.Option(help="The case reference, where the contract wants one.")] = None,
    token: Annotated[str | None, typer.Option(envvar="SAITE_TOKEN", help="A token of your own instead of --agency.")] = None,
    variables: Annotated[str, typer.Option(help="The variables, as a JSON object.")] = "{}",
    operation: Annotated[str | None, typer.Option(help="Which operation, when the document has several.")] = None,
    url: Annotated[str, typer.Option(envvar="SAITE_URL", help="The gateway's address.")] = "http://127.0.0.1:4000/graphql",
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Ask a running gateway and print the answer.

    Text output shows the answer and says in words what was withheld and where the consultation was recorded;
    `--format json` prints the response as it came. Exit code 1 when there is no data.

    Example: `saite query --agency LV-STAT --purpose STATISTICS '{ events { totalCount } }'`
    """
    if token is None and agency is not None:
        from saite.cli.token import issue

        token = issue(data, agency, user, purpose, case)
    body: dict[str, Any] = {"query": _read(document)}
    try:
        body["variables"] = json.loads(variables)
    except ValueError as error:
        stop(f"--variables is not a JSON object: {error}")
    if operation is not None:
        body["operationName"] = operation
    status, answer = post(url, body, token)
    if format_ is Format.JSON:
        print_json(answer)
    else:
        _show(status, answer)
    if not isinstance(answer, dict) or answer.get("data") is None:
        raise typer.Exit(NO)


def _read(document: str) -> str:
    if document == "-":
        return sys.stdin.read()
    if document.startswith("@"):
        return Path(document[1:]).read_text(encoding="utf-8")
    return document


def post(url: str, body: dict[str, Any], token: str | None) -> tuple[int, Any]:
    """The status and the decoded body that the gateway answers with. Ends with one clear line when nobody answers."""
    import urllib.error
    import urllib.request

    if not url.startswith(("http://", "https://")):
        stop(f"--url is not an HTTP address: {url}")
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - the scheme was checked above
    try:
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            status, text = response.status, response.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    except urllib.error.URLError as error:
        stop(f"Nobody answers at {url} ({error.reason}): start `saite demo` first, or name the gateway with --url.")
    try:
        return status, json.loads(text)
    except ValueError:
        stop(f"{url} answered with status {status} and no JSON: is this a GraphQL address?", NO)


def _show(status: int, answer: Any) -> None:
    """The answer for people: data, then what was withheld, what went wrong and where it was recorded."""
    from rich.console import Console
    from rich.json import JSON

    out, notes = Console(), Console(stderr=True, highlight=False, soft_wrap=True)  # a line a message, also in a pipe
    if not isinstance(answer, dict):
        out.print(JSON.from_data(answer))
        return
    if answer.get("data") is not None:
        if sys.stdout.isatty():
            out.print(JSON.from_data(answer["data"]))
        else:
            print_json(answer["data"])
    extensions = answer.get("extensions") or {}
    withheld = extensions.get("withheld") or []
    hidden_errors = {"UNAUTHORIZED_FIELD_OR_TYPE"} if withheld else set()
    for entry in withheld:
        notes.print(f"withheld {_path(entry.get('path'))}: {entry.get('reason')}", style="yellow", markup=False)
    for error in answer.get("errors") or []:
        code = (error.get("extensions") or {}).get("code", "")
        if code not in hidden_errors:
            place = f" at {_path(error['path'])}" if error.get("path") else ""
            notes.print(f"error {code}{place}: {error.get('message')}", style="red", markup=False)
    if "audit" in extensions:
        notes.print(f"recorded as {extensions['audit'].get('recordId')}", style="dim", markup=False)
    if answer.get("data") is None and not answer.get("errors"):
        notes.print(f"no data (HTTP {status})", style="red", markup=False)


def _path(path: Any) -> str:
    return ".".join(str(part) for part in path) if isinstance(path, list) else str(path)
