"""`saite audit report`: who looked at a person, what a user did, what looks like misuse."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.audit.options import LogOption, location_of
from saite.cli.output import DEFAULT_DATA, DataOption, clear_errors, print_json, print_table, stop

if TYPE_CHECKING:
    from authz.audit.report import Report, Subject
    from saite.folder import DataFolder


class ReportFormat(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


class Language(StrEnum):
    """In which language."""

    LV = "lv"
    EN = "en"


@clear_errors
def report(
    person: Annotated[str | None, typer.Option(help="Who looked at this person: an id (`per_…`) or a personal code.")] = None,
    user: Annotated[str | None, typer.Option(help="What this user did.")] = None,
    misuse: Annotated[bool, typer.Option("--misuse", help="What looks like misuse, by rules.")] = False,
    agency: Annotated[str | None, typer.Option(help="With --user: of which agency.")] = None,
    full: Annotated[bool, typer.Option("--full", help="With --person: the inspector's report, not to be handed out.")] = False,
    rules: Annotated[
        Path | None, typer.Option(metavar="YAML", help="Other rules of misuse than those that come with Saite.")
    ] = None,
    relations: Annotated[
        Path | None, typer.Option(metavar="CSV", help="With --misuse: who is related to whom (agency, user, person, relation).")
    ] = None,
    since: Annotated[datetime | None, typer.Option(help="From this instant on (UTC).")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="In Latvian or English.")] = Language.EN,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.")] = None,
    log: LogOption = None,
    data: DataOption = DEFAULT_DATA,
    format_: Annotated[
        ReportFormat, typer.Option("--format", help="`csv` for spreadsheets; `html` is one page that prints to a PDF as it is.")
    ] = ReportFormat.TEXT,
) -> None:
    """Report over the audit log: for a data subject, about a user, or on signs of misuse.

    Example: `saite audit report --person 309912-12345 --lang lv --format html --out parskats.html`
    """
    from authz.audit import EntitySeal
    from authz.audit.report import MisuseRules, misuse_report, person_report, read_relations, user_report
    from saite.folder import DataFolder

    folder = DataFolder(data)
    location = location_of(log, folder)
    now = datetime.now(UTC)
    start = since.replace(tzinfo=UTC) if since else None
    if [person is not None, user is not None, misuse].count(True) != 1:
        stop("Say what the report is about: one of --person, --user and --misuse.")
    if person is not None:
        subject = asyncio.run(_subject(person, folder))
        made = person_report(location, subject, MisuseRules.read(rules), now, language=lang.value, since=start, full=full)
    elif user is not None:
        made = user_report(location, user, now, agency=agency, language=lang.value, since=start)
    else:
        known = read_relations(relations) if relations is not None else ()
        seal = EntitySeal.open(folder.keys)
        made = misuse_report(
            location, MisuseRules.read(rules), now, relations=known, seal=seal, language=lang.value, since=start
        )
    _write(made, format_, out)


async def _subject(person: str, folder: DataFolder) -> Subject:
    """Who is meant: by id, or by personal code, which the register of persons resolves when it is here."""
    from authz.audit import EntitySeal, VariableSeal
    from authz.audit.report import Subject
    from kernel.ids import is_id
    from kernel.natural_keys import is_personal_code, normal_personal_code

    seal = EntitySeal.open(folder.keys)
    if is_id(person, "per"):
        return Subject(person, seal.known_as(person))
    if not is_personal_code(person):
        stop(f"{person!r} is neither an id of a person (`per_…`) nor a personal code.")
    code = normal_personal_code(person)
    ids: frozenset[str] = frozenset()
    if folder.register("persons").is_file():
        from saite.registers import open_registers

        async with open_registers(folder) as registers:
            kept = await registers.persons.by_codes([code], {})
        ids = frozenset(known for found in kept.values() for known in seal.known_as(found.record.id))
    return Subject(person, ids, VariableSeal.open(folder.keys).value(code))


def _write(made: Report, format_: ReportFormat, out: Path | None) -> None:
    from authz.audit.report import as_csv, as_html

    match format_:
        case ReportFormat.CSV:
            text = as_csv(made)
        case ReportFormat.HTML:
            text = as_html(made)
        case ReportFormat.JSON:
            import msgspec

            print_json(msgspec.to_builtins(made))
            return
        case ReportFormat.TEXT:
            _print(made)
            return
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8", newline="")


def _print(made: Report) -> None:
    typer.echo(made.title)
    for name, value in made.facts:
        typer.echo(f"  {name}: {value}")
    for section in made.sections:
        print_table(section.title, section.columns, section.rows)
    if made.note:
        typer.echo(made.note)
