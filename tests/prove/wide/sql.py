"""Random schemas in SQL, of every construct that the common AST has."""

from __future__ import annotations

from random import Random

import msgspec

from tests.oracle.verdicts.schemas import ENUM, Column, Model, Schema
from tests.oracle.verdicts.sql_schemas import SqlSchema
from tests.prove.wide.columns import Sort, sorts, written
from tests.prove.wide.sql_keys import keys_of
from tests.prove.wide.sql_pointers import point
from tests.prove.wide.sql_triggers import triggers_of

_ENUM = ", ".join(f"'{stored}'" for _, stored in ENUM)
_STATUS = {
    "sqlite": Sort("Status", "TEXT", ("'DRAFT'", "'open'")),
    "strict": Sort("Status", "TEXT", ("'DRAFT'", "'open'")),
    "postgresql": Sort("Status", "status", ("'DRAFT'", "'open'")),
    "mysql": Sort("Status", f"ENUM({_ENUM})", ("'DRAFT'", "'open'")),
}
_DOMAINS = (
    ("short", "TEXT", "CHECK (length(VALUE) <= 2)", Sort("String", "short", ("'a'",), "Short")),
    ("amount", "INTEGER", "CHECK (VALUE >= 0)", Sort("Int", "amount", ("1",))),
    ("needed", "INTEGER", "NOT NULL", Sort("Int", "needed", ("1",))),
    ("known", "TEXT", "DEFAULT 'a' CHECK (VALUE <> '')", Sort("String", "known", ("'a'",), "D")),
)
_NAMES = ("alpha", "Beta", "gamma", "order")


class Table(msgspec.Struct):
    """A table as it is drawn: the plain data that rules are drawn from, and its DDL in parts.

    `sorts` are the types of its columns by name, `types` as written; `columns` are the
    definitions of its columns by name, `lines` what stands behind them. `keys` are the column lists
    that a foreign key may point at, `unchecked` the columns that no CHECK may name (those that
    MariaDB changes by itself). `later` are statements for after all tables.
    """

    model: Model
    provider: str
    strict: bool = False
    schema: str = ""
    sorts: dict[str, Sort] = {}
    types: dict[str, str] = {}
    keys: list[tuple[str, ...]] = []
    generated: set[str] = set()
    columns: dict[str, str] = {}
    lines: list[str] = []
    options: str = ""
    statements: list[str] = []
    later: list[str] = []
    pointers: int = 0
    checks: int = 0
    unchecked: set[str] = set()

    @property
    def name(self) -> str:
        """As DDL names it."""
        return f'{self.schema}."{self.model.name}"' if self.schema else f'"{self.model.name}"'


def random_wide_sql(random: Random, provider: str) -> SqlSchema:
    """A schema for `sqlite`, `postgresql` or `mysql`: one to three tables, and what is around."""
    return _Draw(random, provider).made()


class _Draw:
    def __init__(self, random: Random, provider: str) -> None:
        self.random = random
        self.provider = provider
        self.tables: list[Table] = []
        self.before: list[str] = []
        self.after: list[str] = []

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def made(self) -> SqlSchema:
        random = self.random
        self._types()
        names = random.sample(_NAMES, random.choice((1, 2, 2, 3)))
        for name in names:
            self.tables.append(self._table(name))
        if len(self.tables) > 1 and self.provider != "sqlite" and self.chance(0.1):
            point(random, self.tables[0], self.tables[-1], circle=True)
        for table in self.tables:
            if self.chance(0.55):
                table.later += triggers_of(random, table)
            self._around(table)
        statements = list(self.before)
        for table in self.tables:
            statements += [self._create(table), *table.statements]
        for table in self.tables:
            statements += table.later
        ddl = "".join(f"{one};\n" for one in [*statements, *self.after])
        if self.provider == "mysql":
            ddl = ddl.replace('"', "`")
        return SqlSchema(Schema(self.provider, [one.model for one in self.tables], []), ddl)

    def _create(self, table: Table) -> str:
        body = ",\n  ".join([*table.columns.values(), *table.lines])
        return f"CREATE TABLE {table.name} (\n  {body}\n){table.options}"

    # -- what tables are made of

    def _types(self) -> None:
        if self.provider != "postgresql":
            return
        self.before = [
            "CREATE EXTENSION IF NOT EXISTS citext",
            "CREATE EXTENSION IF NOT EXISTS btree_gist",
            f"CREATE TYPE status AS ENUM ({_ENUM})",
            "CREATE TYPE pair AS (one INTEGER, two TEXT)",
        ]
        self.before += [f"CREATE DOMAIN {name} AS {of} {rest}" for name, of, rest, _ in _DOMAINS]
        if self.chance(0.25):
            self.before.append("CREATE SCHEMA app")
            self.before.append("CREATE TYPE app.single AS ENUM ('only')")
        if self.chance(0.05):
            self.before.append("COMMENT ON TYPE status IS 'what it is in'")
        if self.chance(0.2):
            self.before.append("CREATE SEQUENCE numbers START 5")

    def _sort(self, table: Table) -> Sort:
        """A type for a column: mostly one of the usual ones, that conditions can be over."""
        random = self.random
        place = "strict" if table.strict else self.provider
        known = sorts(place)
        if self.chance(0.12):
            return _STATUS[place]
        if self.provider == "mysql" and self.chance(0.02):
            return Sort("Single", "ENUM('only')", ("'only'",))
        if self.provider == "postgresql" and self.chance(0.12):
            own = [domain[3] for domain in _DOMAINS] + [Sort("Pair", "pair", ("'(1,a)'",))]
            if "CREATE SCHEMA app" in self.before:
                own.append(Sort("Single", "app.single", ("'only'",)))
            return random.choice(own)
        if self.chance(0.5):
            usual = [one for one in known if one.plain in ("Int", "String", "Boolean", "DateTime")]
            return random.choice(usual)
        return random.choice(known)

    def _table(self, name: str) -> Table:
        random = self.random
        table = Table(Model(name, name, [], ()), self.provider)
        if self.provider == "sqlite":
            table.strict = self.chance(0.15)
        if "CREATE SCHEMA app" in self.before and self.chance(0.5):
            table.schema = "app"
        self._identified(table)
        for number in range(random.choice((1, 2, 2, 3, 4))):
            self.column(table, f"f{number}" if self.chance(0.9) else f"F{number}")
        if self.chance(0.2):
            self._interval(table)
        if self.chance(0.25):
            self._generated(table)
        if self.tables and self.chance(0.7):
            point(random, table, random.choice(self.tables))
            if self.chance(0.2):
                point(random, table, random.choice(self.tables))
        if self.chance(0.12):
            point(random, table, table)
        keys_of(random, table)
        self._options(table)
        return table

    def _identified(self, table: Table) -> None:
        random, provider = self.random, self.provider
        text = {"mysql": "VARCHAR(9)", "sqlite": "TEXT"}.get(provider, "VARCHAR(9)")
        if table.strict:
            text = "TEXT"
        whole = "INTEGER" if provider != "mysql" else "INT"
        sort = random.random()
        if sort < 0.12:  # no primary key
            self.add(table, Column("code", "String", "code"), Sort("String", text), " NOT NULL")
            return
        if sort < 0.35:
            self.add(table, Column("tenant", "Int", "tenant"), Sort("Int", whole), " NOT NULL")
            null = " NOT NULL" if self.chance(0.6) else ""
            self.add(table, Column("code", "String", "code"), Sort("String", text), null)
            table.model.id = random.choice((("tenant", "code"), ("code", "tenant")))
        elif sort < 0.5:
            self.add(table, Column("code", "String", "code"), Sort("String", text), "")
            table.model.id = ("code",)
        else:
            table.model.id = ("id",)
            self._number(table, whole)
            if table.keys:
                return
        table.keys.append(table.model.id)
        members = [f'"{name}"' for name in table.model.id]
        named = f'CONSTRAINT "pk_{table.model.name}" ' if self.chance(0.3) else ""
        if provider == "sqlite" and self.chance(0.2):
            at = random.randrange(len(members))
            members[at] += random.choice((" DESC", " COLLATE NOCASE"))
            if "COLLATE" in members[at]:
                table.keys.remove(table.model.id)  # a foreign key does not find it
        if provider == "mysql" and self.chance(0.1):
            members = [one if "code" not in one else f"{one}(2)" for one in members]
            if any("(2)" in one for one in members):
                table.keys.remove(table.model.id)
        line = f"{named}PRIMARY KEY ({', '.join(members)})"
        if provider == "postgresql" and self.chance(0.1):
            table.keys.remove(table.model.id)  # nothing can point at it
            line += random.choice((" DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"))
        if provider == "postgresql" and self.chance(0.2):
            table.statements.append(f"ALTER TABLE {table.name} ADD {line}")
        else:
            table.lines.append(line)

    def _number(self, table: Table, whole: str) -> None:
        """A column `id` of whole numbers, perhaps one that counts up."""
        random, provider = self.random, self.provider
        column = Column("id", "Int", "id")
        rest = random.choice(("", " NOT NULL"))
        if provider == "sqlite":
            inline = random.choice(("", " PRIMARY KEY", " PRIMARY KEY", " PRIMARY KEY DESC"))
            if inline == " PRIMARY KEY" and self.chance(0.5):
                inline += " AUTOINCREMENT"
            if inline:
                rest = inline
                table.keys.append(("id",))
        elif provider == "postgresql":
            counting = [
                " GENERATED ALWAYS AS IDENTITY",
                " GENERATED BY DEFAULT AS IDENTITY",
            ]
            if self.chance(0.25):
                whole = random.choice(("SERIAL", "BIGSERIAL", "SMALLSERIAL"))
                rest = ""
            elif self.chance(0.4):
                rest = random.choice(counting)
                whole = random.choice(("INTEGER", "BIGINT", "SMALLINT"))
            elif "CREATE SEQUENCE numbers START 5" in self.before:
                rest += " DEFAULT nextval('numbers')"
        elif self.chance(0.4):
            rest += " AUTO_INCREMENT"
            table.unchecked.add("id")
        self.add(table, column, Sort("Int", whole, ("1", "2")), rest)
        serial = {"SERIAL": "INTEGER", "BIGSERIAL": "BIGINT", "SMALLSERIAL": "SMALLINT"}
        table.types["id"] = serial.get(whole, whole)

    def add(self, table: Table, column: Column, sort: Sort, rest: str) -> None:
        """Add a column of a type, and what stands behind that."""
        kind = written(self.random, sort, self.provider)
        column.native = sort.native
        table.model.columns.append(column)
        table.sorts[column.name] = sort
        table.types[column.name] = kind
        table.columns[column.name] = f'"{column.name}" {kind}{rest}'

    # -- columns

    def column(self, table: Table, name: str) -> None:
        """Add some column."""
        random, provider = self.random, self.provider
        sort = self._sort(table)
        column = Column(name, sort.plain, name, optional=self.chance(0.5))
        rest = ""
        if sort.collations and not table.strict:
            collation = random.choice(sort.collations)
            rest += f" COLLATE {collation}" if collation else ""
        if provider == "postgresql" and self.chance(0.07) and sort.native is None:
            column.list, rest = True, ""
            array = msgspec.structs.replace(sort, sql=sort.sql + "[]", values=("'{}'",))
            self.add(table, column, array, "" if column.optional else " NOT NULL")
            return
        if not column.optional:
            rest += " NOT NULL"
        elif provider == "mysql" and sort.sql == "TIMESTAMP":
            rest += " NULL"
        default = self._default(table, column, sort) if self.chance(0.35) else None
        if default is not None:
            column.default = default
            rest += f" DEFAULT {default}"
        if sort.plain == "DateTime" and provider == "mysql" and self.chance(0.4):
            rest += " ON UPDATE CURRENT_TIMESTAMP"
            column.updated_at = True
        if sort.plain == "Status" and provider == "sqlite" and self.chance(0.6):
            rest += f' CHECK ("{name}" IN ({_ENUM}))'
        if provider == "sqlite" and not column.optional and self.chance(0.05):
            rest = rest.replace(" NOT NULL", " NOT NULL ON CONFLICT REPLACE")
        self.add(table, column, sort, rest)
        if table.types[name].endswith("(3)") and provider == "mysql":
            exact = table.columns[name].replace("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP(3)")
            table.columns[name] = exact

    def _default(self, table: Table, column: Column, sort: Sort) -> str | None:
        random, provider = self.random, self.provider
        if not sort.values or (provider == "mysql" and sort.prefix):
            return None
        value = random.choice(sort.values)
        if self.chance(0.6 if sort.sql == "UUID" else 0.25):
            return self._expression(sort) or value
        if provider == "mysql" and value.startswith("CURRENT") and sort.plain != "DateTime":
            return f"({value})"
        return "'2024-01-01'" if value == "CURRENT_DATE" and table.strict else value

    def _expression(self, sort: Sort) -> str | None:
        """An expression or a call as the default."""
        provider = self.provider
        if sort.sql == "UUID" and provider != "sqlite":
            return {"postgresql": "gen_random_uuid()", "mysql": "(uuid())"}[provider]
        if sort.plain == "String" and sort.sql != "CHAR":
            return {"sqlite": "(lower('A'))", "mysql": "(lower('A'))"}.get(provider, "lower('A')")
        return "(1 + 1)" if sort.plain == "Int" else None

    def _interval(self, table: Table) -> None:
        """Two columns that begin and end something, or one range."""
        if self.provider == "postgresql" and self.chance(0.4):
            sort = Sort("Range", self.random.choice(("INT4RANGE", "TSRANGE")), key=False)
            self.add(table, Column("span", "Range", "span", optional=self.chance(0.4)), sort, "")
            if not table.model.columns[-1].optional:
                table.columns["span"] += " NOT NULL"
            return
        whole = Sort("Int", "INTEGER", ("1",))
        moment = Sort("DateTime", "DATETIME" if self.provider == "mysql" else "TIMESTAMP")
        sort = whole if table.strict or self.chance(0.6) else moment
        for name in ("starts", "ends"):
            column = Column(name, sort.plain, name, optional=self.chance(0.3))
            self.add(table, column, sort, "" if column.optional else " NOT NULL")
        if self.chance(0.5):
            table.lines.append(f'CHECK ("starts" {self.random.choice(("<", "<="))} "ends")')

    def _generated(self, table: Table) -> None:
        random = self.random
        bases = [
            one
            for one in table.model.columns
            if one.type in ("Int", "String")
            and not one.list
            and not one.native
            and table.sorts[one.name].sql != "CHAR"
        ]
        # MariaDB computes nothing from a column that counts up.
        bases = [one for one in bases if one.name != "id"]
        if not bases:
            return
        base = random.choice(bases)
        of = f'"{base.name}"'
        number = base.type == "Int"
        expressions = (
            (f"{of} + 1", f"coalesce({of}, 0)", f"abs({of})", f"CASE WHEN {of} > 1 THEN 1 END")
            if number
            else (f"lower({of})", f"nullif({of}, '')", f"coalesce({of}, 'x')")
        )
        expression = random.choice(expressions)
        stored = " STORED" if self.provider == "postgresql" else random.choice(("", " STORED"))
        if not stored and self.chance(0.7):
            stored = " VIRTUAL"
        text = {"mysql": "VARCHAR(20)"}.get(self.provider, "TEXT")
        kind = "INTEGER" if number else text
        if number and table.types[base.name] not in ("INTEGER", "INT", "SMALLINT", "amount"):
            kind = table.types[base.name]  # of numbers with a point, too
        column = Column("made", base.type, "made", optional=True)
        self.add(
            table, column, Sort(base.type, kind), f" GENERATED ALWAYS AS ({expression}){stored}"
        )
        table.generated.add("made")

    # -- around

    def _options(self, table: Table) -> None:
        options = []
        if self.provider == "sqlite":
            options += ["STRICT"] if table.strict else []
            autoincrement = any("AUTOINCREMENT" in one for one in table.columns.values())
            if table.model.id and not autoincrement and self.chance(0.15):
                options.append("WITHOUT ROWID")
        elif self.provider == "mysql" and self.chance(0.08):
            options.append("ENGINE=MyISAM")
            table.keys.clear()  # no foreign key of another engine can point at it
        elif self.provider == "mysql" and not table.pointers and self.chance(0.15):
            options.append("COLLATE utf8mb4_bin")
        elif self.provider == "postgresql":
            self._parts(table)
            return
        table.options = " " + ", ".join(options) if options else ""

    def _parts(self, table: Table) -> None:
        """Cut a table into parts, whose key has the column by which it is cut."""
        written = [*table.lines, *table.statements, *table.columns.values()]
        others = ("UNIQUE", "EXCLUDE", "IDENTITY", "DEFERRABLE")
        plain = not any(word in one for word in others for one in written)
        if "tenant" in table.model.id and plain and self.chance(0.35):
            called = table.model.name
            table.options = ' PARTITION BY LIST ("tenant")'
            # Its foreign keys cannot be added without a look at its rows.
            table.later[:] = [one.removesuffix(" NOT VALID") for one in table.later]
            parts = (("one", "FOR VALUES IN (0, 1)"), ("rest", "DEFAULT"))
            for name, bound in parts:
                table.statements.append(
                    f'CREATE TABLE "{called}_{name}" PARTITION OF {table.name} {bound}'
                )

    def _around(self, table: Table) -> None:
        """Views, grants, comments, children, parts: what is about a table and not in it."""
        random, name = self.random, table.name
        called = table.model.name
        if self.chance(0.08):
            self.after.append(f'CREATE VIEW "v_{called}" AS SELECT * FROM {name}')
            if self.provider == "sqlite" and self.chance(0.6):
                self.after.append(
                    f'CREATE TRIGGER "i_{called}" INSTEAD OF DELETE ON "v_{called}" '
                    f"BEGIN SELECT RAISE(ABORT, 'no'); END"
                )
        if self.provider == "sqlite":
            if self.chance(0.04):
                self.after.append(f'CREATE VIRTUAL TABLE "words_{called}" USING fts5(word)')
            return
        if self.provider == "mysql":
            if self.chance(0.03):
                self.after.append("EXECUTE IMMEDIATE CONCAT('SELECT ', LENGTH('a'))")
            if self.chance(0.05):
                last = [*table.columns][-1]
                column, points, where = table.columns[last].partition(" REFERENCES")
                table.columns[last] = f"{column} COMMENT 'what it is'{points}{where}"
                table.options += " COMMENT='the table'"
            return
        for _ in range(random.choice((0, 0, 0, 0, 0, 0, 0, 1, 2))):
            named = [f'"{one.name}"' for one in table.model.columns[: random.choice((0, 1, 2))]]
            columns = f" ({', '.join(named)})" if named else ""
            rights = random.choice(("SELECT", "SELECT, UPDATE", "UPDATE"))
            rights = ", ".join(f"{one}{columns}" for one in rights.split(", "))
            verb, to = random.choice((("GRANT", "TO"), ("REVOKE", "FROM")))
            self.after.append(f"{verb} {rights} ON {name} {to} PUBLIC")
        if self.chance(0.08):
            self.after.append(f"COMMENT ON TABLE {name} IS 'what it is'")
            column = table.model.columns[-1].name
            self.after.append(f"COMMENT ON COLUMN {name}.\"{column}\" IS 'what it is'")
        if self.chance(0.06) and not table.generated and "PARTITION" not in table.options:
            self.after.append(f'CREATE TABLE "child_{called}" () INHERITS ({name})')
            if self.chance(0.5):
                self.after.append(f'CREATE TABLE "grand_{called}" () INHERITS ("child_{called}")')
        if self.chance(0.05):
            self.after.append(f'CREATE RULE "r_{called}" AS ON DELETE TO {name} DO ALSO SELECT 1')
        if self.chance(0.03):
            self.after.append("DO $$ BEGIN EXECUTE 'SELECT ' || length('a'); END $$")
