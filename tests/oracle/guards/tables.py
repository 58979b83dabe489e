"""Random tables with random triggers, in the DDL of each database."""

from __future__ import annotations

from random import Random

import msgspec

STATES = ("draft", "paid", "done")
NUMBERS = ("1", "2", "3")
TEXTS = ("'x'", "'X'", "'y'")


class Column(msgspec.Struct, frozen=True):
    """A column; `values` are SQL literals that it can be given."""

    name: str
    type: str
    values: tuple[str, ...]
    nullable: bool
    default: str | None = None
    check: str | None = None

    def ddl(self) -> str:
        parts = [self.name, self.type, "NULL" if self.nullable else "NOT NULL"]
        if self.default is not None:
            parts.append(f"DEFAULT {self.default}")
        if self.check is not None:
            parts.append(f"CHECK ({self.check})")
        return " ".join(parts)


class Table(msgspec.Struct, frozen=True):
    """The table `t`, its parent `p`, and what is said of them beside the columns."""

    database: str
    columns: tuple[Column, ...]
    script: tuple[str, ...]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def text(self) -> str:
        """The script as a file."""
        return ";\n".join(self.script) + ";\n"


def random_table(random: Random, database: str) -> Table:
    """A table with up to three triggers, more often such that guard something."""
    text = random.random() < 0.3
    columns = (
        Column("id", "INTEGER", ("1", "2", "3", "4"), nullable=False),
        Column(
            "a",
            "VARCHAR(9)" if text else "INTEGER",
            TEXTS if text else NUMBERS,
            nullable=random.random() < 0.4,
            default=random.choice((None, None, TEXTS[0] if text else "1")),
        ),
        Column("b", "INTEGER", NUMBERS, nullable=True),
        Column(
            "s",
            "VARCHAR(9)",
            tuple(f"'{state}'" for state in STATES),
            nullable=random.random() < 0.3,
            default="'draft'" if random.random() < 0.5 else None,
            check="s IN ('draft', 'paid', 'done')",
        ),
        Column("p_id", "INTEGER", ("1", "2"), nullable=True),
        Column("tag", "INTEGER", (), nullable=True),
    )
    actions = random.choice(
        ("", "", "ON DELETE CASCADE", "ON DELETE SET NULL", "ON UPDATE CASCADE")
    )
    key = f"FOREIGN KEY (p_id) REFERENCES p (id) {actions}".strip()
    lines = [column.ddl() for column in columns]
    lines[0] += " PRIMARY KEY"
    script = [
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        f"CREATE TABLE t ({', '.join([*lines, key])})",
    ]
    names = random.sample("abcdefgh", 3)
    for name in names[: random.choice((1, 1, 2, 2, 3))]:
        script += _trigger(random, database, columns, name)
    return Table(database, columns, tuple(script))


def _trigger(random: Random, database: str, columns: tuple[Column, ...], name: str) -> list[str]:
    event = random.choice(("UPDATE", "UPDATE", "UPDATE", "DELETE", "INSERT"))
    timing = random.choice(("BEFORE", "BEFORE", "AFTER"))
    chance = random.random()
    effect = "raise" if chance < 0.7 else "set" if chance < 0.9 else "skip"
    if effect == "set" and (event == "DELETE" or timing == "AFTER" or database == "sqlite"):
        effect = "raise"
    condition = condition_of(random, database, columns, event) if random.random() < 0.65 else None
    of = ""
    if event == "UPDATE" and database != "mysql" and random.random() < 0.2:
        of = f" OF {', '.join(random.sample(['a', 'b', 's', 'p_id'], random.randint(1, 2)))}"
    head = f"CREATE TRIGGER {name} {timing} {event}{of} ON t"
    write = {"postgresql": _postgresql, "sqlite": _sqlite, "mysql": _mysql}[database]
    return write(random, head, name, effect, condition, event, columns)


def _assigned(random: Random, columns: tuple[Column, ...]) -> tuple[str, str]:
    column = random.choice(columns[1:4])
    value = random.choice((*column.values, f"OLD.{column.name}"))
    return column.name, value


def _postgresql(
    random: Random,
    head: str,
    name: str,
    effect: str,
    condition: str | None,
    event: str,
    columns: tuple[Column, ...],
) -> list[str]:
    row = "OLD" if event == "DELETE" else "NEW"
    act = "RAISE EXCEPTION 'no';"
    if effect == "skip":
        act = "RETURN NULL;"
    elif effect == "set":
        column, value = _assigned(random, columns)
        value = value if event == "UPDATE" else value.replace(f"OLD.{column}", "NULL")
        act = f"NEW.{column} := {value};"
    inside = condition is not None and random.random() < 0.5
    body = f"IF {condition} THEN {act} END IF; RETURN {row};" if inside else f"{act} RETURN {row};"
    when = f" WHEN ({condition})" if condition is not None and not inside else ""
    return [
        f"CREATE FUNCTION {name}_f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        f"{head} FOR EACH ROW{when} EXECUTE FUNCTION {name}_f()",
    ]


def _sqlite(
    random: Random,
    head: str,
    name: str,
    effect: str,
    condition: str | None,
    event: str,
    columns: tuple[Column, ...],
) -> list[str]:
    act = "RAISE(IGNORE)" if effect == "skip" else f"RAISE({random.choice(_RAISES)}, 'no')"
    inside = condition is not None and random.random() < 0.4
    when = f" WHEN {condition}" if condition is not None and not inside else ""
    if inside and random.random() < 0.5:
        body = f"SELECT {act} WHERE {condition};"
    elif inside:
        body = f"SELECT CASE WHEN {condition} THEN {act} END;"
    else:
        body = f"SELECT {act};"
    return [f"{head} FOR EACH ROW{when} BEGIN {body} END"]


_RAISES = ("ABORT", "ABORT", "ABORT", "FAIL", "ROLLBACK")


def _mysql(
    random: Random,
    head: str,
    name: str,
    effect: str,
    condition: str | None,
    event: str,
    columns: tuple[Column, ...],
) -> list[str]:
    act = "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'"
    if effect == "set":
        column, value = _assigned(random, columns)
        value = value if event == "UPDATE" else value.replace(f"OLD.{column}", "NULL")
        act = f"SET NEW.{column} = {value}"
    body = f"IF {condition} THEN {act}; END IF" if condition is not None else act
    return [f"{head} FOR EACH ROW {body}"]


# -- conditions --------------------------------------------------------------------------------


def condition_of(random: Random, database: str, columns: tuple[Column, ...], event: str) -> str:
    """A condition over OLD and NEW, as people write guards."""
    count = random.choice((1, 1, 1, 2, 2, 3))
    atoms = [_atom(random, database, random.choice(columns[1:4]), event) for _ in range(count)]
    if len(atoms) == 1:
        return atoms[0]
    word = random.choice((" AND ", " OR "))
    joined = word.join(f"({atom})" for atom in atoms)
    return f"NOT ({joined})" if random.random() < 0.2 else joined


def _atom(random: Random, database: str, column: Column, event: str) -> str:
    rows = {"UPDATE": ("OLD", "NEW"), "INSERT": ("NEW",), "DELETE": ("OLD",)}[event]
    row = random.choice(rows)
    chance = random.random()
    if event == "UPDATE" and chance < 0.55:
        return _difference(random, database, column.name)
    value = random.choice(column.values)
    if chance < 0.7:
        return f"{row}.{column.name} {random.choice(('=', '<>'))} {value}"
    if chance < 0.85:
        values = ", ".join(random.sample(column.values, 2))
        return f"{row}.{column.name} {random.choice(('IN', 'NOT IN'))} ({values})"
    return f"{row}.{column.name} IS {random.choice(('', 'NOT '))}NULL"


def _difference(random: Random, database: str, name: str) -> str:
    if random.random() < 0.4:
        return random.choice((f"OLD.{name} <> NEW.{name}", f"NEW.{name} != OLD.{name}"))
    if database == "sqlite":
        return f"OLD.{name} IS NOT NEW.{name}"
    if database == "mysql":
        if random.random() < 0.5:
            return f"NOT (BINARY NEW.{name} <=> BINARY OLD.{name})"
        return f"NOT (NEW.{name} <=> OLD.{name})"
    if random.random() < 0.2:
        return "OLD.* IS DISTINCT FROM NEW.*"
    return f"NEW.{name} IS DISTINCT FROM OLD.{name}"
