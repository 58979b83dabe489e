"""Random tables of one or two columns of any type, conditions over them, and the rows that a real
database stores in them."""

from __future__ import annotations

from enum import StrEnum
from random import Random

import msgspec

from tests.rules.databases import Database


class Sort(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    TEXT = "text"
    TRUTH = "truth"
    DAY = "day"
    MOMENT = "moment"
    ENUM = "enum"


_NUMBERS = (
    "0 1 2 3 5 10 99 100 127 255 65535 -1 1.5 0.5 -0.5 0.1 0.3 1.25 9.995 99.99 100.01 2.000001 "
    "1.999999999999999999999999999999 2147483647 -2147483648 4294967295 9007199254740993"
)
_TEXTS = "a|b|A|B|c|ab|Ab|abc|aa||  |a | a|é|É|ß|ss|1|1a|0|10|2|a_|%|x|xyz|z|Z"
_DAYS = "2024-01-01|2024-01-02|2023-12-31|2024-02-29|1999-01-01|9999-12-31"
_MOMENTS = f"{_DAYS}|2024-01-01 12:00:00|2023-12-31 23:59:59|2024-01-01 00:00:00.5"


def _quoted(texts: str) -> tuple[str, ...]:
    return tuple(f"'{text}'" for text in texts.split("|"))


VALUES: dict[Sort, tuple[str, ...]] = {
    Sort.NUMBER: tuple(_NUMBERS.split()),
    Sort.TEXT: _quoted(_TEXTS),
    Sort.TRUTH: ("true", "false"),
    Sort.DAY: _quoted(_DAYS),
    Sort.MOMENT: _quoted(_MOMENTS),
    Sort.ENUM: ("'a'", "'b'", "'c'"),
}
_OF_TYPES: dict[str, dict[Sort, str]] = {
    "sqlite": {
        Sort.NUMBER: "INTEGER|REAL|NUMERIC|DECIMAL(5,2)",
        Sort.TEXT: "TEXT|TEXT COLLATE NOCASE|VARCHAR(3)",
        Sort.TRUTH: "BOOLEAN",
        Sort.MOMENT: "TIMESTAMP",
    },
    "postgresql": {
        Sort.NUMBER: "integer|smallint|bigint|numeric|numeric(65,30)|numeric(5,2)|real"
        "|double precision",
        Sort.TEXT: 'text|varchar(3)|char(3)|text COLLATE "C"',
        Sort.TRUTH: "boolean",
        Sort.DAY: "date",
        Sort.MOMENT: "timestamp|timestamp(0)",
    },
    "mysql": {
        Sort.NUMBER: "INT|INT UNSIGNED|TINYINT|SMALLINT|BIGINT|BIGINT UNSIGNED|DECIMAL"
        "|DECIMAL(65,30)|DECIMAL(5,2)|DECIMAL(10,2) UNSIGNED|FLOAT|DOUBLE",
        Sort.TEXT: "VARCHAR(20)|CHAR(3)|TEXT|VARCHAR(20) COLLATE utf8mb4_bin"
        "|VARCHAR(20) COLLATE utf8mb4_nopad_bin|VARCHAR(20) COLLATE utf8mb4_unicode_ci",
        Sort.TRUTH: "BOOLEAN",
        Sort.DAY: "DATE",
        Sort.MOMENT: "DATETIME|DATETIME(3)",
        Sort.ENUM: "ENUM('a','b','c')",
    },
}
TYPES: dict[str, list[tuple[str, Sort]]] = {
    database: [(name, sort) for sort, names in sorts.items() for name in names.split("|")]
    for database, sorts in _OF_TYPES.items()
}
_PATTERNS = ("'a%'", "'%a'", "'a'", "'_'", "'%b%'", "'A%'", "'1%'")
_ORDERED = (Sort.NUMBER, Sort.DAY, Sort.MOMENT)
_MOST_ROWS = 120


class Column(msgspec.Struct, frozen=True):
    """A column: its type, and what it is computed as, "" for one that is written."""

    name: str
    type: str
    sort: Sort
    required: bool = False
    computed: str = ""

    @property
    def ddl(self) -> str:
        """Its definition."""
        if self.computed:
            return f"{self.name} {self.type} GENERATED ALWAYS AS ({self.computed}) STORED"
        return f"{self.name} {self.type}{' NOT NULL' if self.required else ''}"


def draw_columns(random: Random, database: str) -> list[Column]:
    """One or two columns that are written, and perhaps one that is computed."""
    kind, sort = random.choice(TYPES[database])
    found = [Column("p", kind, sort, random.random() < 0.5)]
    if random.random() < 0.5:
        other = (kind, sort) if random.random() < 0.4 else random.choice(TYPES[database])
        found.append(Column("q", *other, random.random() < 0.5))
    if random.random() < 0.4 and sort is not Sort.ENUM:
        found.append(Column("g", kind, sort, computed=_expression(random, found[0])))
    return found


def _expression(random: Random, column: Column) -> str:
    name, value = column.name, random.choice(VALUES[column.sort])
    ways = [name, f"coalesce({name}, {value})", f"nullif({name}, {value})"]
    if column.sort is Sort.NUMBER:
        ways += [f"{name} + 1", f"abs({name})", f"CASE WHEN {name} > {value} THEN {value} END"]
    if column.sort is Sort.TEXT:
        ways += [f"lower({name})", f"upper({name})", f"trim({name})"]
    return random.choice(ways)


def draw_condition(
    random: Random, columns: list[Column], database: str, *, rule: bool = False, depth: int = 0
) -> str:
    """A condition over the columns; for a `rule`, by what rules may say (where `length` is what
    MySQL calls `char_length`)."""
    chance = random.random()
    if depth > 1 or chance < 0.55:
        return _atom(random, columns, database, rule)
    one = draw_condition(random, columns, database, rule=rule, depth=depth + 1)
    if chance < 0.65:
        return f"not ({one})"
    other = draw_condition(random, columns, database, rule=rule, depth=depth + 1)
    return f"({one}) {random.choice(('and', 'or'))} ({other})"


def in_sql(rule: str, database: str) -> str:
    """The condition of a rule as the database writes it."""
    return rule.replace("length(", "char_length(") if database == "mysql" else rule


def _atom(random: Random, columns: list[Column], database: str, rule: bool) -> str:
    column = random.choice(columns)
    name, sort = column.name, column.sort
    value, other = random.choices(VALUES[sort], k=2)
    ordered = sort in _ORDERED or (database == "sqlite" and sort is Sort.TEXT)
    compares = ("=", "<>", "<", "<=", ">", ">=") if ordered else ("=", "<>")
    compared = f"{random.choice(compares)} {value}"
    alike = [one.name for one in columns if one.type == column.type and one is not column]
    ways = [f"{name} {compared}"] * 3
    ways += [f"{name} is null", f"{name} is not null", f"{name} in ({value}, {other})"]
    if alike:
        ways += [f"{name} {random.choice(compares)} {alike[0]}"] * 2
        ways.append(f"coalesce({name}, {alike[0]}) {compared}")
    if sort is Sort.NUMBER:
        ways += [f"{name} between {value} and {other}", f"coalesce({name}, {other}) {compared}"]
        ways.append(f"{name} + 1 {compared}")
        chosen = f"case when {name} > {other} then {name} else {other} end"
        ways += [] if rule else [f"abs({name}) {compared}", f"{chosen} {compared}"]
    if sort is Sort.TEXT:
        length = f"length({name})" if rule else in_sql(f"length({name})", database)
        ways += [f"{name} like {random.choice(_PATTERNS)}", f"coalesce({name}, {other}) = {value}"]
        ways += [f"{function}({name}) = {value}" for function in ("lower", "upper", "trim")]
        ways.append(f"{length} {random.choice(('<', '=', '>'))} {random.randrange(4)}")
    return random.choice(ways)


def table(columns: list[Column], check: str = "") -> str:
    """The CREATE TABLE of `t`."""
    members = ["id INTEGER PRIMARY KEY", *[column.ddl for column in columns]]
    return f"CREATE TABLE t ({', '.join([*members, *([f'CHECK ({check})'] if check else [])])});"


def fill(made: Database, random: Random, columns: list[Column], database: str) -> None:
    """Store whatever the table takes: each value of a column, and combinations."""
    written = [column for column in columns if not column.computed]
    every = VALUES[Sort.NUMBER] + VALUES[Sort.TEXT] if database == "sqlite" else ()
    values = [(*VALUES[column.sort], *every, "NULL") for column in written]
    rows = [tuple(random.choice(one) for one in values) for _ in range(_MOST_ROWS)]
    rows += [tuple(value for _ in written) for value in values[0]]
    names = ", ".join(column.name for column in written)
    for number, row in enumerate(dict.fromkeys(rows)):
        made.refused(f"INSERT INTO t (id, {names}) VALUES ({number}, {', '.join(row)})")
