"""The matrix as one HTML page that needs nothing else: no script from elsewhere, no font, no picture."""

from __future__ import annotations

import json
from html import escape
from itertools import groupby
from typing import Final

from authz.explain.matrix import Cell, Matrix, MatrixRow

_SIGNS: Final = {"yes": "●", "part": "◐", "withheld": "○", "no": "", "public": ""}
_WORDS: Final = {"yes": "read", "part": "read in part", "withheld": "withheld, and said so", "no": "", "public": ""}

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --yes: #14803c; --part: #b45309; --no: #b91c1c; }
@media (prefers-color-scheme: dark) { :root { --yes: #4ade80; --part: #fbbf24; --no: #f87171; } }
body { font: 14px/1.45 system-ui, sans-serif; margin: 0 auto; padding: 1.5rem; max-width: 90rem; }
h1 { font-size: 1.3rem; margin: 0 0 .2rem } p { margin: .2rem 0 } .digest { font: 12px ui-monospace, monospace; opacity: .7; overflow-wrap: anywhere }
form { margin: 1rem 0; display: flex; gap: 1rem; flex-wrap: wrap; align-items: center } input[type=search] { font: inherit; padding: .3rem .5rem; min-width: 16rem }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .6rem; text-align: left; vertical-align: top }
thead th { position: sticky; top: 0; background: Canvas; z-index: 1 } tbody th { font-weight: 500 }
tr.type th { background: var(--soft); font-weight: 700; padding-top: .6rem }
.yes { color: var(--yes) } .part { color: var(--part) } .withheld { color: var(--no) }
.ops { font: 12px ui-monospace, monospace; opacity: .85 } .level { opacity: .7 } [hidden] { display: none }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem } dt { font-weight: 600 } dd { margin: 0 } code { overflow-wrap: anywhere }
@media print { form { display: none } thead th { position: static } }
"""  # noqa: E501  # a style sheet
_SCRIPT: Final = """
const text = document.querySelector('#find'), only = document.querySelector('#only');
function show() {
  const wanted = text.value.trim().toLowerCase();
  for (const body of document.querySelectorAll('tbody')) {
    let any = false;
    for (const row of body.querySelectorAll('tr.field')) {
      row.hidden = !(row.dataset.name.includes(wanted) && (!only.checked || row.dataset.some));
      any = any || !row.hidden;
    }
    body.hidden = !any;
  }
}
text.addEventListener('input', show); only.addEventListener('change', show);
"""


def page(matrix: Matrix) -> str:
    """The page."""
    title = f"{matrix.contract} version {matrix.version} · {matrix.agency}"
    heads = "".join(
        f'<th scope="col">{escape(name)}<br><small>{escape(matrix.requires[name])}</small></th>' for name in matrix.purposes
    )
    bodies = "".join(
        _type(name, list(rows), len(matrix.purposes)) for name, rows in groupby(matrix.rows, key=lambda row: row.type)
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{escape(title)}</title><style>{_STYLE}</style></head><body>
<h1>{escape(title)}</h1>
<p>{escape(matrix.agency_name)} — {escape(matrix.title)}</p>
<p>In force from {matrix.valid[0]} to {matrix.valid[1]}. <span class="digest">{escape(matrix.digest)}</span></p>
<p><span class="yes">●</span> read · <span class="part">◐</span> read in part · <span class="withheld">○</span> withheld, and said so · empty: denied</p>
<form onsubmit="return false"><label>Find <input id="find" type="search" placeholder="Person.familyName"></label>
<label><input id="only" type="checkbox"> only what is granted or withheld</label></form>
<div class="scroll"><table><thead><tr><th scope="col">Field</th><th scope="col">Class</th>{heads}</tr></thead>{bodies}</table></div>
<h2>Rows</h2>{"".join(_rows(matrix, name) for name in matrix.purposes)}
<script>{_SCRIPT}</script></body></html>
"""  # noqa: E501  # a page


def _type(name: str, rows: list[MatrixRow], purposes: int) -> str:
    head = f'<tr class="type"><th scope="rowgroup" colspan="{purposes + 2}">{escape(name)}</th></tr>'
    return f"<tbody>{head}{''.join(_field(row) for row in rows)}</tbody>"


def _field(row: MatrixRow) -> str:
    some = any(not cell.is_empty for cell in row.cells.values())
    name = f"{row.type}.{row.field}".lower()
    cells = "".join(f"<td>{_cell(cell)}</td>" for cell in row.cells.values())
    return (
        f'<tr class="field" data-name="{escape(name)}"{" data-some=1" if some else ""}>'
        f'<th scope="row">{escape(row.field)}</th><td class="level">{escape(row.classification)}</td>{cells}</tr>'
    )


def _cell(cell: Cell) -> str:
    sign = f'<span class="{cell.read}" title="{_WORDS[cell.read]}">{_SIGNS[cell.read]}</span>' if _SIGNS[cell.read] else ""
    rights = [f"filter {' '.join(cell.filter)}"] if cell.filter else []
    rights += [name for name in ("sort", "count", "subscribe", "trigger") if getattr(cell, name)]
    return f'{sign} <span class="ops">{escape(" · ".join(rights))}</span>' if rights else sign


def _rows(matrix: Matrix, purpose: str) -> str:
    said = "".join(
        f"<dt>{escape(name)}</dt><dd><code>{escape(_rule(rule))}</code></dd>" for name, rule in matrix.rows_of[purpose].items()
    )
    return f"<h3>{escape(purpose)}</h3><dl>{said}</dl>"


def _rule(rule: object) -> str:
    return rule if isinstance(rule, str) else json.dumps(rule, ensure_ascii=False)
