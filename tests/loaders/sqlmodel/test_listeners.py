"""What listeners run when tables are created counts, where it can be read; else it is told."""

from __future__ import annotations

import pytest

from schemalint.loaders.loaded import Loaded
from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect, Model, Schema
from schemalint.source import SourceFile

HEAD = """
import os
from textwrap import dedent
from sqlalchemy import *
from sqlalchemy.event import listen, listens_for
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateSchema

class Base(DeclarativeBase): pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

order = Table("order", Base.metadata, Column("id", Integer, primary_key=True), Column("n", Integer))
"""
LISTENS = "@listens_for(User.__table__, 'after_create')\ndef f(target, connection, **kw):\n"
GUARD = """CREATE TRIGGER frozen BEFORE UPDATE ON users BEGIN
  SELECT RAISE(ABORT, 'no');
END"""


def loaded(text: str, dialect: Dialect = Dialect.SQLITE) -> Loaded:
    return SqlModelLoader().load([SourceFile("m.py", HEAD + text)], dialect=dialect)


def model(text: str, table: str = "users", dialect: Dialect = Dialect.SQLITE) -> Model:
    found = loaded(text, dialect)
    assert not found.problems
    assert not found.schema.opaque
    return next(one for one in found.schema.models if one.table == table)


@pytest.mark.parametrize(
    "text",
    [
        "event.listen(User.__table__, 'after_create', DDL('{}'))",
        "event.listen(User.metadata, 'after_create', DDL('{}'))",
        "event.listen(Base.metadata, 'after_create', DDL('{}').execute_if(dialect='sqlite'))",
        "listen(Base.metadata.tables['users'], 'after_create', DDL('{}'))",
        "listen(User.name.table, 'after_create', DDL('{}'))",
        "ddl = DDL('{}')\nlisten(User.__table__, 'after_create', ddl)",
        "@listens_for(User.__table__, 'after_create')\n"
        "def f(target, connection, **kw):\n    connection.execute(text('{}'))\n",
        "@listens_for(User.__table__, 'after_create')\n"
        "def f(target, connection, **kw):\n    DDL('{}').execute(connection)\n",
        "@listens_for(User.__table__, 'after_create')\n"
        "def f(target, connection, **kw):\n    DDL('{}')(target, connection)\n",
        "def f(target, bind, **kw):\n    bind.exec_driver_sql('{}')\n"
        "listen(User.__table__, 'after_create', f)",
        "def f(target, connection, **kw):\n    if connection.dialect.name != 'sqlite':\n"
        "        return\n    with connection.begin_nested():\n"
        "        connection.execute(text('{}'))\n"
        "listen(User.__table__, 'after_create', f)",
        "def run(conn, sql):\n    conn.execute(text(sql))\n"
        "listen(User.__table__, 'after_create', lambda t, conn, **kw: run(conn, '{}'))",
        "for sql in ['{}']:\n    listen(User.__table__, 'after_create', DDL(sql))",
        "def register(table, sql):\n    listen(table, 'after_create', DDL(sql))\n"
        "register(User.__table__, '{}')",
    ],
)
def test_ddl_of_a_listener_counts(text: str) -> None:
    found = model(text.format("CREATE UNIQUE INDEX ux ON users (name)"))
    assert [(one.name, one.columns) for one in found.uniques] == [("ux", ("name",))]


def test_a_trigger_has_its_place_in_the_text() -> None:
    found = model(f'listen(User.__table__, "after_create", DDL("""\n{GUARD}\n"""))')
    (trigger,) = found.triggers
    assert trigger.effect == "raises"
    assert trigger.span.file.path == "m.py"
    assert trigger.span.text == GUARD


def test_names_of_the_table_are_filled_in() -> None:
    sql = "CREATE UNIQUE INDEX ux ON %(fullname)s (n) WHERE n %% 2 = 0"
    found = model(f'listen(order, "after_create", DDL("{sql}"))', "order")
    (unique,) = found.uniques
    assert unique.where == "n % 2 = 0"
    assert unique.span.text == f'"{sql}"'


def test_a_listener_for_all_tables() -> None:
    text = "listen(Table, 'after_create', DDL('ALTER TABLE %(fullname)s ADD x INTEGER'))"
    assert model(text).column("x")
    assert model(text, "order").column("x")


def test_what_is_before_comes_before() -> None:
    text = """
listen(User.__table__, "after_create", DDL("CREATE TRIGGER t BEFORE UPDATE ON users "
       "FOR EACH ROW EXECUTE FUNCTION f()"))
listen(Base.metadata, "before_create", DDL("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql "
       "AS $$ BEGIN RAISE EXCEPTION 'no'; END $$"))
"""
    (trigger,) = model(text, dialect=Dialect.POSTGRESQL).triggers
    assert trigger.effect == "raises"


def test_of_another_database() -> None:
    text = "listen(User.__table__, 'after_create', DDL('CREATE UNIQUE INDEX u ON users (name)')"
    text += ".execute_if(dialect=('postgresql', 'mysql')))"
    assert not model(text).uniques
    assert model(text, dialect=Dialect.POSTGRESQL).uniques
    text = "@listens_for(User.__table__, 'after_create')\ndef f(target, connection, **kw):\n"
    text += "    if connection.dialect.name == 'postgresql':\n"
    text += "        connection.execute(text('CREATE UNIQUE INDEX u ON users (name)'))\n"
    assert not model(text).uniques
    assert model(text, dialect=Dialect.POSTGRESQL).uniques


@pytest.mark.parametrize(
    "body",
    [
        "connection.execute(target.insert(), [{'name': 'root'}])",
        "connection.execute(insert(User).values(name='root'))",
        "connection.execute(text(\"INSERT INTO users (name) VALUES ('root')\"))",
        "connection.execute(CreateSchema('s'))",
        "print('made', target.name)",
    ],
)
def test_what_only_touches_rows_is_of_no_matter(body: str) -> None:
    model(f"{LISTENS}    {body}")


@pytest.mark.parametrize(
    "body",
    [
        "connection.execute(text(os.environ['SQL']))",
        "connection.execute(DDL(open('x.sql').read()))",
        "install(connection)",
        "order.create(connection)",
        "if os.environ.get('X'): connection.execute(text('DROP TABLE users'))",
        "for one in os.listdir(): connection.execute(text(one))",
        "try:\n        connection.execute(text('CREATE INDEX i ON users (name)'))\n"
        "    except Exception: pass",
        "connection.run_sync(print)",
    ],
)
def test_what_is_not_followed_is_told(body: str) -> None:
    text = f"{LISTENS}    {body}"
    (opaque,) = loaded(text).schema.opaque
    assert opaque.tables == ("users",)
    assert opaque.removes


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "listen(Base.metadata, 'after_create', DDL('DROP TABLE users')"
            ".execute_if(callable_=print))",
            "whether this DDL is run depends on `execute_if`",
        ),
        (
            "if os.environ.get('X'):\n"
            "    listen(Base.metadata, 'after_create', DDL('DROP TABLE users'))",
            "whether this is run depends on how the program runs",
        ),
        (
            "def f():\n    listen(Base.metadata, 'after_create', DDL('DROP TABLE users'))",
            "what this listener listens to could not be told: whether `f` is called is not known",
        ),
        (
            "from mine import events\nevents.listen(Base.metadata, 'after_create', DDL('x'))",
            "what this listener listens to could not be told: its call is not known",
        ),
        (
            "nowhere.listen(Base.metadata, 'after_create', DDL('x'))",
            "what this listener listens to could not be told: nothing in the project defines "
            "`nowhere`",
        ),
        (
            "@listens_for(Column, 'before_parent_attach')\n"
            "def f(column, table):\n    column.name = 'x_' + column.name",
            "what a listener changes at `before_parent_attach` is not followed",
        ),
        (
            "@listens_for(Base, 'instrument_class', propagate=True)\n"
            "def f(mapper, cls):\n    cls.__table__.append_column(Column('x', Integer))",
            "what a listener changes at `instrument_class` is not followed",
        ),
    ],
)
def test_what_may_concern_all_tables(text: str, reason: str) -> None:
    (opaque,) = loaded(text).schema.opaque
    assert (opaque.tables, opaque.reason) == ((), reason)


@pytest.mark.parametrize(
    "change", ["target.columns.name.type = String(255)", "target.append_column(Column('x', Text))"]
)
def test_what_is_changed_of_a_table_before_it_is_made(change: str) -> None:
    text = "@listens_for(Table, 'before_create')\ndef f(target, connection, **kw):\n"
    text += (
        f"    if connection.dialect.name == 'mysql' and target.name == 'users':\n        {change}"
    )
    assert loaded(text).schema.opaque == ()
    (opaque,) = loaded(text, Dialect.MYSQL).schema.opaque
    assert (opaque.tables, opaque.span.text) == (("users",), change)
    assert loaded(text.replace("before", "after"), Dialect.MYSQL).schema.opaque == ()


def test_events_that_change_no_table() -> None:
    model("@listens_for(User, 'before_insert')\ndef f(mapper, connection, target):\n    pass\n")
    model("@listens_for(User.name, 'set')\ndef f(target, value, *a):\n    target.name = value\n")


def test_a_percent_sign_that_sqlalchemy_refuses() -> None:
    found = loaded("listen(Base.metadata, 'after_create', DDL('CREATE INDEX %s ON users (name)'))")
    (problem,) = found.problems
    assert problem.message.startswith("SQLAlchemy cannot fill in this DDL: `%s ON")


def test_what_the_database_would_refuse() -> None:
    found = loaded("listen(Base.metadata, 'after_create', DDL('ALTER TABLE nowhere ADD x INT'))")
    (problem,) = found.problems
    assert problem.span.text == "nowhere"
    assert problem.span.file.path == "m.py"


def test_version_tables_are_told_once() -> None:
    text = "class {0}(Base):\n    __tablename__ = '{0}'\n    __versioned__ = {{}}\n"
    text += "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    found = loaded(text.format("A") + text.format("B"))
    (problem,) = found.problems
    assert problem.info
    assert "(`A_version`, and 1 more) and `transaction`" in problem.message
    assert not found.schema.opaque


def test_a_function_of_another_module_that_registers_a_listener() -> None:
    maker = "from sqlalchemy import DDL, event\ndef unique(table, name):\n"
    maker += "    event.listen(table, 'after_create',\n"
    maker += "        DDL(f'CREATE UNIQUE INDEX u_{name} ON %(table)s ({name})'))\n"
    text = HEAD + "from makers import unique\nunique(User.__table__, 'name')\n"
    files = [SourceFile("makers.py", maker), SourceFile("m.py", text)]
    schema = SqlModelLoader().load(files, dialect=Dialect.SQLITE).schema
    assert [one.name for one in schema.models[0].uniques] == ["u_name"]
    assert schema.opaque == ()


class Beside:
    """A project with one more module, which nothing imports; stands for `Sources`."""

    findings = ()

    def __init__(self, text: str) -> None:
        self._file = SourceFile("beside.py", text)

    def module(self, name: str) -> SourceFile | None:
        return self._file if name == "beside" else None

    def name_of(self, file: SourceFile) -> str:
        return file.path.removesuffix(".py")

    def mentioning(self, *words: str) -> list[SourceFile]:
        return [self._file]

    def version(self, package: str) -> str | None:
        return None


def loaded_beside(text: str) -> Schema:
    loader = SqlModelLoader()
    files = [SourceFile("m.py", HEAD)]
    found = loader.load(files, dialect=Dialect.SQLITE, sources=Beside(text))
    assert not found.problems
    return found.schema


@pytest.mark.parametrize(
    "target",
    [
        "m.User.__table__",
        "m.User.name.table",
        "m.Base.metadata",
        "m.Base.metadata.tables['users']",
    ],
)
def test_a_listener_of_a_module_that_nothing_imports(target: str) -> None:
    text = "import m\nfrom sqlalchemy import DDL, event\nevent.listen("
    text += target + ", 'after_create', DDL('CREATE UNIQUE INDEX ux ON users (name)'))"
    assert [one.name for one in loaded_beside(text).models[0].uniques] == ["ux"]


def test_a_listener_of_a_core_table_in_a_module_that_nothing_imports() -> None:
    text = "import m\nfrom sqlalchemy import DDL, event\nevent.listen("
    text += 'm.order, "after_create", DDL(\'CREATE UNIQUE INDEX ux ON "order" (n)\'))'
    assert [one.name for one in loaded_beside(text).models[1].uniques] == ["ux"]


@pytest.mark.parametrize(
    "target", ["Invoice.__table__", "Base.metadata", "users", "Invoice.n.table"]
)
def test_tables_that_only_such_a_listener_knows_are_not_of_the_schema(target: str) -> None:
    """langflow-base 1.13.0 has such a module: its table came into each schema beside it."""
    text = "from m import *\n\nclass Invoice(Base):\n    __tablename__ = 'invoices'\n"
    text += "    n: Mapped[int] = mapped_column(primary_key=True)\n\n"
    text += "users = Table('users', MetaData(), Column('n', Integer))\n"
    text += f"listen({target}, 'after_create', DDL('CREATE UNIQUE INDEX ux ON invoices (n)'))\n"
    schema = loaded_beside(text)
    assert [one.table for one in schema.models] == ["users", "order"]
    assert schema.opaque == ()
    assert schema.models[0].uniques == ()
