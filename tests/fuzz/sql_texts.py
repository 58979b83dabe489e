"""DDL for fuzzing: sound statements of each dialect, damaged ones, and arbitrary text.

They are grown from a number that hypothesis draws, because drawing each of their parts from it
takes a hundred times as long; a failing test shows the text itself.
"""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from schemalint.model import Dialect

DIALECTS = [Dialect.POSTGRESQL, Dialect.MYSQL, Dialect.MARIADB, Dialect.SQLITE, Dialect.SQLSERVER]
NAMES = ["id", "a", "b1", "user_id", "größe", "name", "value", "state", "type", "t$x"]
STRINGS = ["'x'", "''", "'it''s'", "'a; b'", "'-- c'", "'/* d'", "'(,)'", "'\n'"]
QUOTED = {Dialect.MYSQL: "``", Dialect.MARIADB: "``", Dialect.SQLSERVER: "[]"}
INSIDE = ["a", "A b", "x;y", "(", "'", "--", "/*", "select"]
POSTGRESQL_TYPES = """
int; text; varchar(10); character varying(5); numeric(10, 2); timestamp(3) with time zone; int[];
double precision; interval day to second; public.mood; citext; jsonb; time without time zone
"""
MYSQL_TYPES = """
int; varchar(191); bigint(20) unsigned; datetime(3); enum('a','b''c'); tinyint(1); json;
decimal(65,30); double precision; set('x','y')
"""
SQLITE_TYPES = "INTEGER; TEXT; VARCHAR(10); UNSIGNED BIG INT; ; DECIMAL(10,2); ANY"
SQL_SERVER_TYPES = "INT; [nvarchar](max); DATETIME2(7); DECIMAL(32,16); [dbo].[Flag]"
POSTGRESQL_DEFAULTS = r"""
1; -1.5; 'x'::text; now(); (now() AT TIME ZONE 'utc'); ARRAY[]::text[]; nextval('s'::regclass);
NULL; CURRENT_TIMESTAMP(3); 'a' || 'b'; CASE WHEN 1 > 2 THEN 'x' END; $$'$$; E'\''; true
"""
MYSQL_DEFAULTS = r"""
1; 'x'; b'0'; NULL; CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3); (uuid()); -1; 'a\'';
(1 + (2)); TRUE
"""
SQLITE_DEFAULTS = "1; 'x'; NULL; CURRENT_TIMESTAMP; (1 + 2); -1; x'00'; true; \"y\""
SQL_SERVER_DEFAULTS = "1; N'x'; ((0)); (getdate()); NULL; -1"


def parted(text: str) -> list[str]:
    """What the semicolons of `text` part."""
    return [part.strip() for part in text.strip().split(";")]


TYPES = {
    Dialect.POSTGRESQL: parted(POSTGRESQL_TYPES),
    Dialect.MYSQL: parted(MYSQL_TYPES),
    Dialect.SQLITE: parted(SQLITE_TYPES),
    Dialect.SQLSERVER: parted(SQL_SERVER_TYPES),
}
DEFAULTS = {
    Dialect.POSTGRESQL: parted(POSTGRESQL_DEFAULTS),
    Dialect.MYSQL: parted(MYSQL_DEFAULTS),
    Dialect.SQLITE: parted(SQLITE_DEFAULTS),
    Dialect.SQLSERVER: parted(SQL_SERVER_DEFAULTS),
}
for table in (TYPES, DEFAULTS):
    table[Dialect.MARIADB] = table[Dialect.MYSQL]
CONDITIONS = ["a > 0", "b IN ('x', 'y;')", "(a) IS NOT NULL AND length(b) > (1)", "a <> ')'"]
ACTIONS = ["CASCADE", "RESTRICT", "SET NULL", "NO ACTION", "SET DEFAULT"]
GAPS = [" "] * 12 + ["\n", "\t", "  ", " /* c; ' */ ", " -- d; '\n", "\r\n"]
PIECES = [
    *"()[]{},;.:'\"`$\\/*-#@=<>!?|&%~^+ \n\r\t0aé\0\u00a0\ufeff😀",
    *["--", "/*", "*/", "$$", "$a$", "''", "\\'", "E'", "/*!50003 ", "::", "\\.\n", "\\g\n", ";\n"],
    *["CREATE TABLE x (", "ALTER TABLE x ", "CREATE INDEX i ON x (", "PRIMARY KEY", "NOT NULL"],
    *["UNIQUE", "CHECK (", "REFERENCES x", "DEFAULT ", "CONSTRAINT ", "FOREIGN KEY (", "BEGIN\n"],
    *["END", "END;\n", "CASE ", "IF x THEN ", "CREATE TRIGGER t ", "DELIMITER //\n", "//", "GO\n"],
    *["COPY x FROM stdin;\n", "AS SELECT 1", "GENERATED ALWAYS AS (", "\nCREATE TABLE y (z int)"],
    *[
        "CREATE FUNCTION f() ",
        "DO $$ ",
        "ADD ",
        "DROP COLUMN a",
        "WITH (",
        "PARTITION BY ",
        "LIKE ",
    ],
]


class DdlWriter:
    """Writes sound statements of one dialect, part by part, as one number decides."""

    def __init__(self, seed: int, dialect: Dialect) -> None:
        self.random = Random(seed)
        self.choice = self.random.choice
        self.dialect = dialect
        self.mysql = dialect in (Dialect.MYSQL, Dialect.MARIADB)

    def one_in(self, many: int) -> bool:
        """True once in `many` times."""
        return self.random.randrange(many) == 0

    def maybe(self, text: str, many: int = 3) -> str:
        """The text once in `many` times, else nothing."""
        return text if self.one_in(many) else ""

    def name(self) -> str:
        if self.one_in(3):
            opening, closing = QUOTED.get(self.dialect, '""')
            return f"{opening}{self.choice(INSIDE)}{closing}"
        return self.choice(NAMES)

    def table(self) -> str:
        return f"{self.name()}.{self.name()}" if self.one_in(5) else self.name()

    def names(self) -> str:
        return ", ".join(self.name() for _ in range(self.random.randint(1, 3)))

    def condition(self) -> str:
        return f"({self.choice(CONDITIONS)})"

    def references(self) -> str:
        parts = ["REFERENCES", self.table(), self.maybe(f"({self.names()})", 2)]
        parts += [
            self.maybe(f"ON {event} {self.choice(ACTIONS)}") for event in ("DELETE", "UPDATE")
        ]
        if self.dialect in (Dialect.POSTGRESQL, Dialect.SQLITE):
            parts.append(self.maybe("DEFERRABLE INITIALLY DEFERRED", 5))
        return " ".join(filter(None, parts))

    def clause(self) -> str:
        named = self.maybe(f"CONSTRAINT {self.name()} ", 4) if not self.mysql else ""
        clauses = [
            lambda: named + "NOT NULL",
            lambda: "NULL",
            lambda: f"DEFAULT {self.choice(DEFAULTS[self.dialect])}",
            lambda: named + "UNIQUE",
            lambda: named + "PRIMARY KEY",
            lambda: f"{named}CHECK {self.condition()}",
            lambda: named + self.references(),
            lambda: f"COLLATE {self.choice(NAMES)}",
        ]
        if self.mysql:
            clauses += [lambda: f"COMMENT {self.choice(STRINGS)}", lambda: "AUTO_INCREMENT"]
            clauses += [lambda: "INVISIBLE"]
        elif self.dialect is Dialect.POSTGRESQL:
            clauses += [lambda: "GENERATED BY DEFAULT AS IDENTITY (START WITH 5)"]
            clauses += [lambda: f"GENERATED ALWAYS AS {self.condition()} STORED"]
        return self.choice(clauses)()

    def column(self) -> str:
        parts = [self.name(), self.choice(TYPES[self.dialect])]
        parts += [self.clause() for _ in range(self.random.randint(0, 3))]
        return " ".join(filter(None, parts))

    def constraint(self) -> str:
        named = self.maybe(f"CONSTRAINT {self.name()} ", 2)
        constraints = [
            lambda: f"{named}PRIMARY KEY ({self.names()})",
            lambda: f"{named}UNIQUE ({self.names()})",
            lambda: f"{named}CHECK {self.condition()}",
            lambda: f"{named}FOREIGN KEY ({self.names()}) {self.references()}",
        ]
        if self.mysql:
            constraints.append(lambda: f"KEY {self.name()} ({self.name()}(10), {self.name()} DESC)")
            constraints.append(lambda: f"UNIQUE KEY {self.name()} ({self.names()}) USING BTREE")
        elif self.dialect is Dialect.POSTGRESQL:
            constraints.append(lambda: f"{named}EXCLUDE USING gist ({self.name()} WITH &&)")
        return self.choice(constraints)()

    def create_table(self) -> str:
        elements = [self.column() for _ in range(self.random.randint(1, 4))]
        elements += [self.constraint() for _ in range(self.random.randint(0, 2))]
        guard = "IF NOT EXISTS " if self.dialect is not Dialect.SQLSERVER and self.one_in(4) else ""
        options = ""
        if self.mysql:
            options = self.maybe(" ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='x;'")
        elif self.dialect is Dialect.SQLITE:
            options = self.maybe(" STRICT, WITHOUT ROWID")
        elif self.dialect is Dialect.POSTGRESQL:
            options = self.maybe(f" PARTITION BY RANGE ({self.name()})", 6)
        return f"CREATE TABLE {guard}{self.table()} ({', '.join(elements)}){options}"

    def alter_table(self) -> str:
        actions = [lambda: f"ADD {self.column()}"]
        if self.dialect is not Dialect.SQLITE:
            actions += [lambda: f"ADD {self.constraint()}", lambda: f"DROP COLUMN {self.name()}"]
            actions += [lambda: f"DROP CONSTRAINT {self.name()}"]
        if self.dialect is Dialect.POSTGRESQL:
            actions += [
                lambda: f"ALTER COLUMN {self.name()} SET NOT NULL",
                lambda: f"ALTER {self.name()} TYPE text USING {self.condition()}",
                lambda: f"ALTER {self.name()} SET DEFAULT {self.choice(DEFAULTS[self.dialect])}",
                lambda: f"ENABLE TRIGGER {self.name()}",
            ]
        elif self.mysql:
            actions += [
                lambda: f"MODIFY {self.column()} FIRST",
                lambda: f"CHANGE {self.name()} {self.column()}",
                lambda: "DROP PRIMARY KEY",
                lambda: f"RENAME INDEX {self.name()} TO {self.name()}",
            ]
        single = self.dialect in (Dialect.SQLITE, Dialect.SQLSERVER)
        count = 1 if single else self.random.randint(1, 3)
        return f"ALTER TABLE {self.table()} " + ", ".join(
            self.choice(actions)() for _ in range(count)
        )

    def create_index(self) -> str:
        parts = [self.name() + self.maybe(" DESC") for _ in range(self.random.randint(1, 3))]
        if self.dialect in (Dialect.POSTGRESQL, Dialect.SQLITE):
            parts.append("lower(a)")
        where = "" if self.mysql else self.maybe(f" WHERE {self.choice(CONDITIONS)}")
        unique = self.maybe("UNIQUE ", 2)
        return f"CREATE {unique}INDEX {self.name()} ON {self.table()} ({', '.join(parts)}){where}"

    def trigger(self) -> str:
        event = f"TRIGGER {self.name()} AFTER INSERT ON {self.name()}"
        if self.dialect is Dialect.POSTGRESQL:
            body = self.choice(["$$ begin x; end $$", "$f$ 'a; $$ $f$"])
            return f"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS {body}"
        if self.dialect is Dialect.SQLITE:
            return f"CREATE {event} BEGIN UPDATE a SET b = CASE WHEN 1 THEN 2 END; END"
        return f"CREATE {event} FOR EACH ROW BEGIN IF a THEN SET @b = 1; END IF; END"

    def statement(self) -> str:
        """One statement, with gaps of all kinds between some of its words."""
        writers = [self.create_table] * 5 + [self.alter_table] * 3 + [self.create_index] * 2
        if self.dialect is not Dialect.SQLSERVER:
            writers.append(self.trigger)
        return self.choice(writers)()

    def file(self) -> list[str]:
        """Statements, in order."""
        return [self.statement() for _ in range(self.random.randint(1, 5))]


def damaged(seed: int, dialect: Dialect) -> str:
    """A file with pieces of it lost, doubled, moved, or with others put in."""
    writer = DdlWriter(seed, dialect)
    text = ";\n".join(writer.file()) + ";\n"
    for _ in range(writer.random.randint(1, 4)):
        start = writer.random.randrange(len(text) + 1)
        end = min(len(text), start + writer.choice([0, 0, 1, 1, 2, 8, 30]))
        put = writer.choice(PIECES) if writer.random.random() < 0.6 else ""
        text = text[:start] + put + text[end:]
        if writer.one_in(8):
            other = writer.random.randrange(len(text) + 1)
            text = text[:other] + text[start:end] + text[other:]
    return text


SEEDS = st.integers(min_value=0, max_value=2**48)
ANY_DIALECT = st.sampled_from([None, *DIALECTS])
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.text(max_size=200),
    st.binary(max_size=200).map(lambda data: data.decode("utf-8", "surrogateescape")),
)
