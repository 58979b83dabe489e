"""DEFAULT: literals, the current time, sequences, and any other SQL."""

from __future__ import annotations

import pytest

from schemalint.model import Default, Dialect, Layer
from tests.loaders.sql.building import field, table
from tests.prove.carrying_out import load


@pytest.mark.parametrize(
    ("dialect", "definition", "kind", "expression", "value"),
    [
        ("postgresql", "a text DEFAULT 'it''s'", "literal", "'it''s'", "it's"),
        ("postgresql", "a text DEFAULT 'x'::character varying", "literal", "'x'", "x"),
        ("postgresql", "a text DEFAULT (('x')::text)", "literal", "'x'", "x"),
        ("postgresql", "a text DEFAULT E'a\\'b'", "literal", "'a''b'", "a'b"),
        ("postgresql", "a int DEFAULT -5", "literal", "-5", "-5"),
        ("postgresql", "a int DEFAULT '-5'::integer", "literal", "-5", "-5"),
        ("postgresql", "a bool DEFAULT 't'", "literal", "true", "true"),
        ("postgresql", "a bool DEFAULT FALSE", "literal", "false", "false"),
        ("postgresql", "a timestamptz DEFAULT CURRENT_TIMESTAMP(3)", "now", "now()", None),
        ("postgresql", "a timestamptz DEFAULT now()", "now", "now()", None),
        ("postgresql", "a timestamp DEFAULT (now() AT TIME ZONE 'utc')", "now", "now()", None),
        ("postgresql", "a timestamp DEFAULT timezone('utc', now())", "now", "now()", None),
        ("postgresql", "a date DEFAULT CURRENT_DATE", "now", "now()", None),
        ("postgresql", "a int DEFAULT nextval('s'::regclass)", "sequence", "autoincrement()", None),
        ("postgresql", "a serial", "sequence", "autoincrement()", None),
        (
            "postgresql",
            "a int GENERATED ALWAYS AS IDENTITY",
            "sequence",
            "autoincrement()",
            None,
        ),
        (
            "postgresql",
            "a uuid DEFAULT gen_random_uuid()",
            "expression",
            "gen_random_uuid()",
            None,
        ),
        ("postgresql", "a timestamp DEFAULT now() + '1 day'", "expression", None, None),
        ("postgresql", "a int[] DEFAULT '{}'::int[]", "literal", "'{}'", "{}"),
        ("postgresql", "a int[] DEFAULT ARRAY[1, 2]", "literal", "ARRAY[1, 2]", None),
        ("mysql", "a bool DEFAULT 1", "literal", "true", "true"),
        ("mysql", "a bit DEFAULT b'1'", "literal", "true", "true"),
        ("mysql", "a bit(4) DEFAULT b'0101'", "literal", "5", "5"),
        ("mysql", "a varchar(9) DEFAULT 'a\\\\b'", "literal", "'a\\\\b'", "a\\b"),
        ("mysql", "a datetime DEFAULT NOW()", "now", "now()", None),
        ("mysql", "a int AUTO_INCREMENT PRIMARY KEY", "sequence", "autoincrement()", None),
        ("sqlite", "a integer PRIMARY KEY", "sequence", "autoincrement()", None),
        ("sqlite", "a bool DEFAULT 'false'", "literal", "'false'", "false"),
        ("sqlite", "a numeric DEFAULT 'none'", "literal", "'none'", "none"),
        ("sqlite", "a numeric DEFAULT '1.50'", "literal", "1.50", "1.50"),
        ("sqlite", "a bool DEFAULT '0'", "literal", "false", "false"),
        ("sqlite", 'a text DEFAULT "x"', "literal", "'x'", "x"),
        ("sqlite", "a text DEFAULT (datetime('now'))", "now", "now()", None),
        ("sqlite", "a text DEFAULT (datetime('2020-01-01'))", "expression", None, None),
        ("sqlserver", "a datetime DEFAULT (getdate())", "now", "now()", None),
        ("sqlserver", "a int DEFAULT ((0))", "literal", "0", "0"),
        ("sqlserver", "a int IDENTITY(1,1)", "sequence", "autoincrement()", None),
    ],
)
def test_defaults(
    dialect: str, definition: str, kind: str, expression: str | None, value: str | None
) -> None:
    default = field(definition, dialect).default
    assert isinstance(default, Default)
    assert (default.layer, default.kind, default.value) == (Layer.DATABASE, kind, value)
    if expression is not None:
        assert default.expression == expression


def test_null_is_no_default() -> None:
    assert field("a int DEFAULT NULL").default is None
    assert field("a int DEFAULT NULL::integer").default is None


def test_a_default_that_is_set_later_stands_there() -> None:
    found = table("CREATE TABLE t (a int DEFAULT 1);\nALTER TABLE t ALTER a SET DEFAULT 2;").fields[
        0
    ]
    assert found.default is not None
    assert found.default.value == "2"
    assert found.default.span.text == "ALTER a SET DEFAULT 2"
    assert found.default.span.place.line == 2


def test_a_default_that_is_dropped() -> None:
    text = "CREATE TABLE t (a serial); ALTER TABLE t ALTER a DROP DEFAULT;"
    assert table(text).fields[0].default is None


def test_mysql_renews_a_time() -> None:
    found = field("a timestamp DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP", "mysql")
    assert found.updated_at is Layer.DATABASE
    assert found.default is not None
    assert found.default.kind == "now"


@pytest.mark.parametrize("text", ["now (", "pg_catalog.", "CURRENT_TIMESTAMP (", "now() AT"])
def test_half_an_expression_is_no_time(text: str) -> None:
    """What SQLAlchemy is given as `text(...)` is the default as it stands there."""
    models = f"""
from sqlalchemy import text
from sqlmodel import Field, SQLModel
class A(SQLModel, table=True):
    id: int = Field(primary_key=True)
    at: str = Field(sa_column_kwargs={{"server_default": text({text!r})}})
"""
    loaded = load(models, "py", Dialect.POSTGRESQL)
    default = loaded.models[0].fields[1].default
    assert default is None or default.kind != "now"
