"""A difference as text that stands by itself: subgraphs, data, operation, both answers, the plan; as Python to paste.

In: a case and its difference. Out: text.
"""

from __future__ import annotations

from tests.oracle.compare import Difference
from tests.oracle.world import Case


def describe(case: Case, difference: Difference) -> str:
    """Everything about a difference."""
    world = case.world
    lines = [f"DIFFERENCE: {difference.kind}", "World(", "    {"]
    for name, sdl in world.subgraphs.items():
        lines += [f'        "{name}": """', sdl, '        """,']
    lines += ["    },", "    {"]
    for type_name, rows in world.tables.items():
        lines.append(f'        "{type_name}": [')
        lines += [f"            {dict(row)!r}," for row in rows]
        lines.append("        ],")
    lines += ["    },", '    """', world.schema, '    """,', f"    {world.failing!r},", ")"]
    lines += ["query:", case.query, f"variables: {dict(case.variables)!r}", f"labels: {sorted(case.labels)}"]
    lines += ["expected:", difference.expected, "got:", difference.got, "plan:", difference.plan]
    return "\n".join(lines)
