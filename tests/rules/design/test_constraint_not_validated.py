"""constraint-not-validated: what is reported, where, and what mends it on a real database."""

from __future__ import annotations

import json

import pytest

from schemalint.finding import Finding, Severity
from schemalint.loaders.loaded import Loaded
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect
from schemalint.source import SourceFile
from tests.loaders.sql import databases
from tests.overlay.laying import laid
from tests.rules.design.finding import findings_of, places
from tests.shared_material import shared

_TABLES = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, b int);"
_CHECK = "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;"
_KEY = "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id) NOT VALID;"


def found(*texts: str, dialect: Dialect | None = Dialect.POSTGRESQL) -> list[Finding]:
    """What the rule finds in several files."""
    files = [SourceFile(f"{number}.sql", text) for number, text in enumerate(texts)]
    return findings_of("constraint-not-validated", SqlLoader().load(files, dialect=dialect))


def remedy(finding: Finding) -> str:
    """The statement that is proposed."""
    assert finding.help is not None
    return finding.help.split("\n")[-1].strip()


def test_checks_and_foreign_keys() -> None:
    check, key = found(_TABLES, _CHECK + _KEY)
    assert check.severity is Severity.WARNING
    assert (check.path, key.path) == ("t", "t.b")
    assert places([check, key]) == [
        "CONSTRAINT c CHECK (a > 0) NOT VALID",
        "CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id) NOT VALID",
    ]
    assert check.message == (
        "the check `c` was added NOT VALID and never validated; rows of `t` stored before it may "
        "break it, and each change of such a row is refused"
    )
    assert key.message == (
        "the foreign key `f` was added NOT VALID and never validated; in rows of `t` stored before "
        "it, `b` may point at no row of `p`"
    )
    assert remedy(check) == "ALTER TABLE t VALIDATE CONSTRAINT c;"
    assert found(_TABLES, _CHECK + _KEY, remedy(check) + remedy(key)) == []


def test_names_are_quoted_where_they_have_to_be() -> None:
    table = 'CREATE TABLE app."Order" (a int);'
    (finding,) = found(table, 'ALTER TABLE app."Order" ADD CONSTRAINT "A" CHECK (a > 0) NOT VALID;')
    assert remedy(finding) == 'ALTER TABLE app."Order" VALIDATE CONSTRAINT "A";'


def test_sql_server() -> None:
    adding = "ALTER TABLE t WITH NOCHECK ADD CONSTRAINT c CHECK (a > 0);"
    (finding,) = found(_TABLES, adding, dialect=Dialect.SQLSERVER)
    assert finding.message == (
        "the check `c` is not trusted: WITH NOCHECK, or switched on again without WITH CHECK; rows "
        "of `t` stored before it may break it, and changes of such a row can fail"
    )
    assert remedy(finding) == "ALTER TABLE t WITH CHECK CHECK CONSTRAINT c;"
    assert found(_TABLES, adding, remedy(finding), dialect=Dialect.SQLSERVER) == []


def test_a_constraint_of_many_tables_is_told_once() -> None:
    parts = (
        "CREATE TABLE t (a int) PARTITION BY RANGE (a);",
        "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);"
        "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20);",
    )
    (finding,) = found(*parts, _CHECK)
    assert finding.path == "t"
    assert found(*parts, _CHECK, remedy(finding)) == []
    (left,) = found(*parts, _CHECK, "ALTER TABLE t1 VALIDATE CONSTRAINT c;")
    assert left.path == "t"


@pytest.mark.parametrize(
    "later",
    [
        "ALTER TABLE t DROP CONSTRAINT c;",
        "DROP TABLE t;",
        "ALTER TABLE t ALTER CONSTRAINT c NOT ENFORCED;",  # another rule's matter
        # which constraints it looks at is not to be seen
        "DO $$ DECLARE r record; BEGIN FOR r IN SELECT conname FROM pg_constraint LOOP EXECUTE "
        "format('ALTER TABLE t VALIDATE CONSTRAINT %I', r.conname); END LOOP; END $$;",
    ],
)
def test_what_is_gone_or_not_known_is_not_reported(later: str) -> None:
    assert len(found(_TABLES, _CHECK)) == 1
    assert found(_TABLES, _CHECK, later) == []


def test_under_a_prisma_schema() -> None:
    models = """
    model Customer {
      id     Int     @id
      orders Order[]
    }
    model Order {
      id         Int      @id
      total      Int
      customerId Int
      customer   Customer @relation(fields: [customerId], references: [id])
    }
    """
    tables = """
    CREATE TABLE "Customer" ("id" INTEGER NOT NULL, CONSTRAINT "Customer_pkey" PRIMARY KEY ("id"));
    CREATE TABLE "Order" ("id" INTEGER NOT NULL, "total" INTEGER NOT NULL,
      "customerId" INTEGER NOT NULL, CONSTRAINT "Order_pkey" PRIMARY KEY ("id"));
    """
    constraints = """
    ALTER TABLE "Order" ADD CONSTRAINT "Order_customerId_fkey" FOREIGN KEY ("customerId")
      REFERENCES "Customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;
    ALTER TABLE "Order" ADD CONSTRAINT positive CHECK ("total" >= 0) NOT VALID;
    """
    overlaid = laid(models, tables, constraints)
    assert overlaid.findings == ()
    key, check = findings_of("constraint-not-validated", Loaded(overlaid.schema))
    for finding in (check, key):
        assert finding.span is not None
        assert finding.span.file.path == "migrations/2/migration.sql"
    (relation,) = key.related
    assert relation.span.file.path == "schema.prisma"
    assert relation.span.text.startswith("@relation")
    validating = remedy(check) + remedy(key)
    for migrations in ((tables, constraints, validating), (tables + constraints,)):
        overlaid = laid(models, *migrations)
        assert overlaid.findings == ()
        assert findings_of("constraint-not-validated", Loaded(overlaid.schema)) == []


@pytest.mark.corpus
@pytest.mark.parametrize("case", ["E13c", "E13d", "F26"])
def test_observed_cases(case: str) -> None:
    """The tables are made first; rows are stored, and then the constraint is added."""
    lines = shared("truth", "cases.jsonl").read_text(encoding="utf-8").splitlines()
    observed = next(one for one in map(json.loads, lines) if one["id"] == case)
    first, later = observed["ddl"], [*observed["setup"], *observed["attempt"]]
    (finding,) = found(*(";".join([*statements, ""]) for statements in (first, later)))
    assert places([finding])[0].endswith("NOT VALID")
    assert found(";".join([*first, *later, ""])) != []  # rows come in between in one file, too


@pytest.mark.server
def test_what_is_reported_is_so_on_postgresql() -> None:
    """Rows from before stay, and the proposed statement looks at them."""
    with databases.postgresql() as database:
        for statement in (*_TABLES.split(";"), "INSERT INTO t VALUES (0, 99)", _CHECK, _KEY):
            if statement.strip():
                assert database.run(statement) is None
        assert database.rows("SELECT * FROM t") == [(0, 99)]
        assert "violates check" in str(database.run("UPDATE t SET b = NULL"))
        check, key = found(_TABLES, _CHECK + _KEY)
        for finding in (check, key):
            assert "violate" in str(database.run(remedy(finding)))
        assert database.run("DELETE FROM t") is None
        for finding in (check, key):
            assert database.run(remedy(finding)) is None
        assert database.rows("SELECT * FROM pg_constraint WHERE NOT convalidated") == []
