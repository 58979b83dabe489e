"""Every fact points at the statement that established it last."""

from __future__ import annotations

from schemalint.source import Span
from tests.loaders.sql.building import build, field_of, model_of, table


def text(span: Span | None) -> str:
    assert span is not None
    return span.text


def test_what_a_column_says_of_itself() -> None:
    found = table("CREATE TABLE t (a int NOT NULL UNIQUE CHECK (a > 0));")
    (column,) = found.fields
    assert column.span.text == "a int NOT NULL UNIQUE CHECK (a > 0)"
    assert column.name_span.text == "a"
    assert column.type_span.text == "int"
    assert column.nullable_span is None  # it is in `span`
    assert found.uniques[0].span.text == "UNIQUE"
    assert found.checks[0].span.text == "CHECK (a > 0)"
    assert found.name_span.text == "t"


def test_what_later_statements_say() -> None:
    found = table(
        "CREATE TABLE t (a int, b text);\n"
        "ALTER TABLE t ALTER COLUMN a SET NOT NULL;\n"
        "ALTER TABLE t ALTER COLUMN b TYPE varchar(9);\n"
        'ALTER TABLE t RENAME COLUMN a TO "A";\n'
        "ALTER TABLE t ADD PRIMARY KEY (b);\n"
    )
    a, b = found.fields
    assert text(a.nullable_span) == "ALTER COLUMN a SET NOT NULL"
    assert a.name_span.text == '"A"'
    assert b.type_span.text == "varchar(9)"
    assert text(b.nullable_span) == "PRIMARY KEY (b)"
    assert found.primary_key is not None
    assert found.primary_key.span.text == "PRIMARY KEY (b)"
    assert found.primary_key.parts[0].span.text == "b"


def test_a_renamed_table_is_named_where_it_was_renamed() -> None:
    found = table("CREATE TABLE u (a int);\nALTER TABLE u RENAME TO t;")
    assert found.name_span.place.line == 2
    assert found.span.text == "CREATE TABLE u (a int)"


def test_renamed_columns_in_expressions_keep_the_place_of_what_was_written() -> None:
    found = table(
        "CREATE TABLE t (a int CHECK (a > 0 OR t.a IS NULL));ALTER TABLE t RENAME a TO b;"
    )
    (check,) = found.checks
    assert check.expression == "b > 0 OR t.b IS NULL"
    assert check.span.text == "CHECK (a > 0 OR t.a IS NULL)"


def test_the_columns_of_a_domain_share_its_check() -> None:
    schema = build(
        "CREATE DOMAIN positive AS int CHECK (VALUE > 0 AND value < 9);"
        'CREATE TABLE t (a positive, "B" positive);'
    )
    first, second = schema.models[0].checks
    assert first.span == second.span
    assert first.span.text == "CHECK (VALUE > 0 AND value < 9)"
    assert (first.expression, second.expression) == ("a > 0 AND a < 9", '"B" > 0 AND "B" < 9')
    assert first.name == second.name == "positive_check"


def test_a_foreign_key_points_at_its_actions() -> None:
    schema = build(
        "CREATE TABLE p (id int PRIMARY KEY);CREATE TABLE c (p int REFERENCES p ON DELETE CASCADE);"
    )
    (key,) = model_of(schema, "c").foreign_keys
    assert text(key.on_delete_span) == "ON DELETE CASCADE"
    assert key.on_update_span is None
    assert key.references == ("id",)


def test_a_comment_is_the_documentation() -> None:
    found = table(
        "CREATE TABLE t (a int);COMMENT ON TABLE t IS 'the t';COMMENT ON COLUMN t.a IS 'its a';"
    )
    assert (found.doc, field_of(found, "a").doc) == ("the t", "its a")


def test_the_same_from_several_files_in_order() -> None:
    from schemalint.loaders.sql.loader import SqlLoader
    from schemalint.model import Dialect
    from schemalint.source import SourceFile

    files = [
        SourceFile("1.sql", "CREATE TABLE t (a int);"),
        SourceFile("2.sql", "ALTER TABLE t ALTER a SET NOT NULL;"),
    ]
    loaded = SqlLoader().load(files, dialect=Dialect.POSTGRESQL)
    (found,) = loaded.schema.models[0].fields
    assert loaded.problems == ()
    assert loaded.schema.files == tuple(files)
    assert found.span.file is files[0]
    assert found.nullable_span is not None
    assert found.nullable_span.file is files[1]
