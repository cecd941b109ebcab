"""A report's form: CSV for spreadsheets, HTML that prints to a clean PDF and needs nothing from anywhere.

In: a `Report`. Out: text. Everything in a report comes from users and logs: cells are escaped, and in CSV no cell can be taken
for a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from authz.audit.report.words import Language

Cell = str | int
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Section:
    """One table under its title; `note` stands above it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """`facts` are lines of what and for whom; the first section is the one that CSV holds."""

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    note: str
    language: Language


def as_csv(report: Report) -> str:
    """The first section as CSV (RFC 4180) with a byte order mark, which spreadsheets need to read Latvian letters."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    section = report.sections[0]
    writer.writerow(section.columns)
    for row in section.rows:
        writer.writerow([_harmless(cell) for cell in row])
    return "\ufeff" + out.getvalue()


def as_html(report: Report) -> str:
    """One HTML page, its style inside, no script, nothing fetched; on A4 each page has the tables' heads and its number."""
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in report.facts)
    sections = "".join(_section(section) for section in report.sections)
    return (
        f'<!doctype html>\n<html lang="{report.language}"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(report.title)}</title><style>{_STYLE}</style></head><body>"
        f"<header><h1>{escape(report.title)}</h1><dl>{facts}</dl></header>"
        f"<main>{sections}</main><footer>{escape(report.note)}</footer></body></html>\n"
    )


def _section(section: Section) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in section.columns)
    rows = "".join("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in section.rows)
    note = f"<p>{escape(section.note)}</p>" if section.note else ""
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<section><h2>{escape(section.title)}</h2>{note}{table}</section>"


def _cell(cell: Cell) -> str:
    return f'<td class="n">{cell}</td>' if isinstance(cell, int) else f"<td>{escape(cell)}</td>"


def _harmless(cell: Cell) -> Cell:
    """A spreadsheet must not run what somebody wrote into a user agent."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def joined(items: Sequence[str], most: int = 12) -> str:
    """Items in one cell; beyond `most` their number."""
    shown = ", ".join(items[:most])
    return f"{shown} (+{len(items) - most})" if len(items) > most else shown


_STYLE: Final = """
:root{color-scheme:light}
body{font:14px/1.45 system-ui,"Segoe UI","DejaVu Sans",sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#111}
h1{font-size:1.5rem;margin:0 0 .75rem}h2{font-size:1.1rem;margin:1.75rem 0 .5rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:0}dt{color:#555}dd{margin:0}
table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:left;
vertical-align:top}th{border-bottom:2px solid #444;font-weight:600}td{overflow-wrap:anywhere}
td.n{text-align:right;font-variant-numeric:tabular-nums}
footer{margin-top:2rem;border-top:1px solid #ccc;padding-top:.5rem;color:#444;font-size:.9em}
@media print{body{margin:0;max-width:none;padding:0;font-size:9pt}thead{display:table-header-group}tr{break-inside:avoid}
h2{break-after:avoid}@page{size:A4 landscape;margin:15mm 12mm 18mm;@bottom-right{content:counter(page) " / " counter(pages)}}}
""".strip().replace("\n", "")
