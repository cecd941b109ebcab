"""Measures the shapes of the two real registers, so that the invented world has them too.

What comes in: a folder with `barcelona-2018/` (register of accidents handled by the Guàrdia Urbana de Barcelona, 2018; Open
Data BCN, CC BY 4.0) and `fars/` (US Fatality Analysis Reporting System 2022–23, public domain). What goes out: small tables
of counts, written to `measured/` by `python -m subgraphs.room.world.measure FOLDER`. No row of a real register is kept, only
how many there are of a sort.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

BARCELONA: Final = (
    "Guàrdia Urbana de Barcelona, accidents 2018; Ajuntament de Barcelona, Open Data BCN, CC BY 4.0; counts by us"
)
FARS: Final = "NHTSA, Fatality Analysis Reporting System 2022-23 (204 crashes), public domain; counts by us"
MEASURED: Final = Path(__file__).parent / "measured"

_WEEKDAYS: Final = {"Dl": "MON", "Dm": "TUE", "Dc": "WED", "Dj": "THU", "Dv": "FRI", "Ds": "SAT", "Dg": "SUN"}
_SEXES: Final = {"Home": "MALE", "Dona": "FEMALE"}
_ROLES: Final = {"Conductor": "DRIVER", "Passatger": "PASSENGER", "Vianant": "PEDESTRIAN"}
_INJURIES: Final = {
    "Ferit lleu: Rebutja assistència sanitària": "MINOR",
    "Ferit lleu: Amb assistència sanitària en lloc d'accident": "MINOR",
    "Ferit lleu: Hospitalització fins a 24h": "MINOR",
    "Ferit greu: hospitalització superior a 24h": "SEVERE",
    "Mort (dins 24h posteriors accident)": "FATAL",
}
_HOLDERS: Final = {
    "Driver (in this crash) was  Registered Owner": "DRIVER",
    "Driver (in this crash) Not Registered Owner (Other Private Owner Listed)": "OTHER_PERSON",
    "Vehicle Registered as Commercial/Business/Company/Government Vehicle": "ORGANISATION",
    "Vehicle Registered as Rental Vehicle": "ORGANISATION",
}
_BANDS: Final = ((14, "CHILD"), (18, "YOUTH"), (65, "ADULT"), (200, "SENIOR"))
_CLOCK: Final = re.compile(r"(\d+):\d\d(am|pm)-")

Row = Mapping[str, str]
Counts = Counter[tuple[str, ...]]


def band_of(age: int) -> str:
    """The band of an age in years: CHILD to 13, YOUTH to 17, ADULT to 64, SENIOR from 65."""
    return next(name for limit, name in _BANDS if age < limit)


def measure(folder: Path) -> dict[str, str]:
    """The tables as text, by file name: what `measured/` must hold when the registers in `folder` are the ones we measured."""
    accidents = {
        row["Numero_expedient"]: row for row in reversed(list(_rows(folder / "barcelona-2018/2018_accidents_gu_bcn.csv")))
    }
    persons = list(_rows(folder / "barcelona-2018/2018_accidents_persones_gu_bcn_.csv"))
    per_event = Counter(row["Numero_expedient"] for row in persons)
    crashes = list(_rows(folder / "fars/crashes.csv"))
    vehicles = list(_rows(folder / "fars/vehicles.csv"))
    known = [row for row in persons if row["Descripcio_sexe"] in _SEXES and row["Edat"].isdigit()]

    def events(columns: Callable[[str, Row], tuple[str, ...]]) -> Counts:
        return Counter(columns(number, row) for number, row in accidents.items())

    return {
        "hours.csv": _table(
            BARCELONA, "weekday,hour,events", events(lambda _, r: (_WEEKDAYS[r["Dia_setmana"]], r["Hora_dia"]))
        ),
        "months.csv": _table(BARCELONA, "month,events", events(lambda _, r: (r["Mes_any"],))),
        "persons_per_event.csv": _table(BARCELONA, "persons,events", events(lambda n, _: (str(per_event[n]),))),
        "accidents.csv": _table(
            BARCELONA, "vehicles,persons,events", events(lambda n, r: (r["Numero_vehicles_implicats"], str(per_event[n])))
        ),
        "people.csv": _table(BARCELONA, "sex,age_from,persons", Counter(_sex_and_age(row) for row in known)),
        "roles.csv": _table(BARCELONA, "sex,band,role,persons", Counter(_sex_band_role(row) for row in known)),
        "injuries.csv": _table(BARCELONA, "role,injury,persons", Counter(_role_and_injury(row) for row in persons)),
        "arrivals.csv": _table(
            FARS, "minutes,crashes", Counter((str(m),) for m in map(_minutes_to_arrival, crashes) if m is not None)
        ),
        "holders.csv": _table(
            FARS, "holder,vehicles", Counter((_HOLDERS[r["owner"]],) for r in vehicles if r["owner"] in _HOLDERS)
        ),
    }


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield {column.strip(): value.strip() if column != "owner" else value for column, value in row.items()}


def _sex_and_age(row: Row) -> tuple[str, ...]:
    return _SEXES[row["Descripcio_sexe"]], str(int(row["Edat"]) // 5 * 5)


def _sex_band_role(row: Row) -> tuple[str, ...]:
    return _SEXES[row["Descripcio_sexe"]], band_of(int(row["Edat"])), _ROLES[row["Descripcio_tipus_persona"]]


def _role_and_injury(row: Row) -> tuple[str, ...]:
    return _ROLES[row["Descripcio_tipus_persona"]], _INJURIES[row["Descripcio_victimitzacio"]]


def _minutes_to_arrival(crash: Row) -> int | None:
    """Minutes from the notification to the arrival at the scene; None where the source has no clock time of both."""
    notified, arrived = (_minute_of_day(crash[f"{what}_hour"], crash[f"{what}_min"]) for what in ("not", "arr"))
    return None if notified is None or arrived is None else (arrived - notified) % 1440


def _minute_of_day(hour: str, minute: str) -> int | None:
    clock = _CLOCK.match(hour)
    if clock is None or not minute.isdigit():
        return None
    return (int(clock[1]) % 12 + (12 if clock[2] == "pm" else 0)) * 60 + int(minute)


def _table(source: str, header: str, counts: Counts) -> str:
    """A table as text: source, header, rows sorted with numbers by value."""

    def order(key: tuple[str, ...]) -> list[tuple[int, str]]:
        return [(int(part), "") if part.isdigit() else (_POSITION.get(part, 0), part) for part in key]

    lines = [f"# Source: {source}.", header]
    lines += [",".join((*key, str(counts[key]))) for key in sorted(counts, key=order)]
    return "\n".join(lines) + "\n"


_POSITION: Final = {name: place for place, name in enumerate(_WEEKDAYS.values())}


def main(folder: Path) -> None:
    """Write the tables of `measured/` anew from the registers in `folder`."""
    for name, text in measure(folder).items():
        (MEASURED / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
