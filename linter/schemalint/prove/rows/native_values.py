"""Values of the types that only one database has: PostgreSQL's networks and ranges, MySQL's YEAR.

The forms are those of PostgreSQL's manual (chapter 8, Data Types) and of the extensions' own pages,
and of MySQL's manual (chapter 13); each is tried on a server by
tests/prove/rows/test_literals_servers.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

from schemalint.model import Dialect
from schemalint.prove.rows.given import Sql, Value

_TYPE = re.compile(r'\s*"?([A-Za-z_][\w ]*?)"?\s*(?:\(([^)]*)\)\s*(.*))?$')
_MEMBER = re.compile(r"'((?:[^']|'')*)'")


def native_values(native: str, dialect: Dialect | None) -> Iterator[Value | Sql] | None:
    """Values of the native type as DDL writes it (`BIT(3)`); None where its name says no more than
    the AST's own type does."""
    found = _TYPE.match(native)
    if found is None or dialect is Dialect.SQLITE:
        return None
    name, arguments = found[1].upper(), found[2] or ""
    if dialect in (Dialect.POSTGRESQL, Dialect.COCKROACHDB):
        return _postgresql(name.rpartition(".")[2], arguments)
    if dialect in (Dialect.MYSQL, Dialect.MARIADB):
        return _mysql(name, arguments)
    return None


def _each(make: Callable[[int], Value | Sql], numbers: Iterator[int]) -> Iterator[Value | Sql]:
    return (make(number) for number in numbers)


# -- PostgreSQL ----------------------------------------------------------------------------------


def _address(number: int) -> str:
    return f"10.0.{number // 250}.{number % 250 + 1}"


def _hardware(number: int) -> str:
    return f"08:00:2b:00:{number // 256 % 256:02x}:{number % 256:02x}"


def _name(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else f"a{number}"


def _day(number: int) -> str:
    month, day = divmod(number, 28)
    return f"{2024 + month // 12}-{month % 12 + 1:02}-{day + 1:02}"


def _numbers_between(number: int) -> str:
    return f"[{number + 1},{number + 2})"


def _days_between(number: int) -> str:
    return f"[{_day(number)},{_day(number + 1)})"


_POSTGRESQL: dict[str, Callable[[int], Value]] = {
    "INET": _address,
    "CIDR": lambda number: f"10.{number // 256}.{number % 256}.0/24",
    "MACADDR": _hardware,
    "MACADDR8": lambda number: f"08:00:2b:ff:fe:00:{number // 256 % 256:02x}:{number % 256:02x}",
    "XML": lambda number: f"<{_name(number)}/>",
    "TSVECTOR": _name,
    "TSQUERY": _name,
    "INT4RANGE": _numbers_between,
    "INT8RANGE": _numbers_between,
    "NUMRANGE": _numbers_between,
    "TSRANGE": _days_between,
    "TSTZRANGE": _days_between,
    "DATERANGE": _days_between,
    "INT4MULTIRANGE": lambda number: f"{{{_numbers_between(number)}}}",
    "INT8MULTIRANGE": lambda number: f"{{{_numbers_between(number)}}}",
    "NUMMULTIRANGE": lambda number: f"{{{_numbers_between(number)}}}",
    "TSMULTIRANGE": lambda number: f"{{{_days_between(number)}}}",
    "TSTZMULTIRANGE": lambda number: f"{{{_days_between(number)}}}",
    "DATEMULTIRANGE": lambda number: f"{{{_days_between(number)}}}",
    "MONEY": lambda number: number + 1,
    "INTERVAL": lambda number: timedelta(days=number + 1),
    "POINT": lambda number: f"({number + 1},1)",
    "LINE": lambda number: f"{{{number + 1},1,1}}",
    "LSEG": lambda number: f"[(0,0),({number + 1},1)]",
    "BOX": lambda number: f"({number + 1},1),(0,0)",
    "PATH": lambda number: f"((0,0),({number + 1},1))",
    "POLYGON": lambda number: f"((0,0),({number + 1},0),(0,1))",
    "CIRCLE": lambda number: f"<(0,0),{number + 1}>",
    "LTREE": _name,
    "LQUERY": _name,
    "HSTORE": lambda number: f"a=>{number + 1}",
    "CUBE": lambda number: f"({number + 1})",
    "OID": lambda number: number + 1,
    "PG_LSN": lambda number: f"0/{number + 1:X}",
    "JSONPATH": lambda number: f"$.{_name(number)}",
    "GEOMETRY": lambda number: f"POINT({number % 180} 1)",
    "GEOGRAPHY": lambda number: f"POINT({number % 180} 1)",
}
_SHAPES = {
    "LINESTRING": "LINESTRING(0 0,{0} 1)",
    "POLYGON": "POLYGON((0 0,{0} 0,{0} 1,0 0))",
    "MULTIPOINT": "MULTIPOINT(0 0,{0} 1)",
    "MULTILINESTRING": "MULTILINESTRING((0 0,{0} 1))",
    "MULTIPOLYGON": "MULTIPOLYGON(((0 0,{0} 0,{0} 1,0 0)))",
    "GEOMETRYCOLLECTION": "GEOMETRYCOLLECTION(POINT({0} 1))",
}


def _postgresql(name: str, arguments: str) -> Iterator[Value | Sql] | None:
    if name in ("BIT", "BIT VARYING", "VARBIT"):
        width = int(arguments) if arguments.isdigit() else 1 if name == "BIT" else 64
        fixed = name == "BIT"
        return iter(
            [
                format(number, f"0{width}b") if fixed else format(number, "b")
                for number in range(min(2**width, 1000))
            ]
        )
    if name in ("VECTOR", "HALFVEC"):
        size = int(arguments) if arguments.isdigit() else 1
        rest = ",1" * (size - 1)
        return _each(lambda number: f"[{number + 1}{rest}]", count())
    if name == "SPARSEVEC":
        size = int(arguments) if arguments.isdigit() else 1
        return _each(lambda number: f"{{1:{number + 1}}}/{size}", count())
    if name in ("GEOMETRY", "GEOGRAPHY") and arguments:
        shape, _, reference = arguments.partition(",")
        text = _SHAPES.get(shape.strip().upper(), "POINT({0} 1)")
        before = f"SRID={reference.strip()};" if reference.strip() else ""
        return _each(lambda number: before + text.format(number % 90 + 1), count())
    if name.startswith("INTERVAL"):
        name = "INTERVAL"
    make = _POSTGRESQL.get(name)
    return None if make is None else _each(make, count())


# -- MySQL and MariaDB ---------------------------------------------------------------------------


def _mysql(name: str, arguments: str) -> Iterator[Value | Sql] | None:
    if name == "YEAR":
        return iter(range(2024, 2156))
    if name == "SET":
        members = [one.replace("''", "'") for one in _MEMBER.findall(arguments)]
        pairs = [f"{one},{two}" for number, one in enumerate(members) for two in members[number:]]
        return iter([*members, *[pair for pair in pairs if len(set(pair.split(","))) > 1], ""])
    if name == "BIT":
        width = int(arguments) if arguments.isdigit() else 1
        return iter(range(min(2**width, 1000))) if width > 1 else iter([False, True])
    if name == "INET4":
        return _each(_address, count())
    if name == "INET6":
        return _each(lambda number: f"2001:db8::{number + 1:x}", count())
    if name in ("GEOMETRY", "POINT"):
        return _each(lambda number: Sql(f"ST_GeomFromText('POINT({number + 1} 1)')"), count())
    if name in _SHAPES:
        text = _SHAPES[name]
        return _each(lambda number: Sql(f"ST_GeomFromText('{text.format(number + 1)}')"), count())
    return None
