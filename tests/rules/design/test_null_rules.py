"""check-passes-on-null and partial-index-on-nullable-flag: what they leave alone, and where they
point."""

from __future__ import annotations

import pytest

from tests.rules.design.finding import in_prisma, in_sql, places

PASSES = "check-passes-on-null"
FLAG = "partial-index-on-nullable-flag"


def table(*columns: str) -> str:
    return f"CREATE TABLE a (id int PRIMARY KEY, {', '.join(columns)});"


@pytest.mark.parametrize(
    "columns",
    [
        "age int CHECK (age >= 0)",
        "rating int CHECK (rating BETWEEN 1 AND 5)",
        "gender text CHECK (gender IN ('f', 'm'))",
        "last_message_type text CHECK (last_message_type IN ('text', 'image'))",
        "nickname text CHECK (length(nickname) > 0)",
        "url text CHECK (url ~ '^https:')",
        "starts date NOT NULL, ends date, CHECK (ends > starts)",
        "status text CHECK (status IS NULL OR status IN ('on', 'off'))",
        "status text CHECK ((status IN ('on', 'off')) IS TRUE)",
        "status text NOT NULL CHECK (status NOT IN ('on', NULL))",
        "status text CHECK (status <> 'deleted')",
        "paid_at date, status text NOT NULL CHECK (status <> 'paid' OR paid_at IS NOT NULL)",
        "status text, paid_at date, CHECK (NOT (status = 'paid' AND paid_at IS NULL))",
        "tags text[] CHECK (array_length(tags, 1) <= 5)",
        "tags text[] CHECK (cardinality(tags) > 0)",
        "x int, y int, CHECK (num_nonnulls(x, y) = 1)",
        "x int, y int, CHECK (coalesce(x, y, 0) > 0)",
        "x int NOT NULL, y int, CHECK (coalesce(y, x) > 0)",
        "live boolean CHECK (live), mail text, UNIQUE (mail, live)",
        "made date DEFAULT current_date CHECK (made > '2000-01-01')",
    ],
)
def test_checks_that_may_well_mean_what_they_say(columns: str) -> None:
    assert in_sql(PASSES, "postgresql", table(columns)) == []


def test_a_column_of_a_domain_that_is_not_null() -> None:
    domain = "CREATE DOMAIN version AS int DEFAULT 1 NOT NULL CHECK (VALUE > 0);"
    assert in_sql(PASSES, "postgresql", domain + table("v version")) == []
    assert (
        len(in_sql(PASSES, "postgresql", domain.replace("NOT NULL", "") + table("v version"))) == 1
    )


@pytest.mark.parametrize(
    ("columns", "place", "says"),
    [
        (
            "status text CHECK (status IN ('on', 'off'))",
            "CHECK (status IN ('on', 'off'))",
            "a row of `a` without `status` passes this check: for NULL it is neither true nor "
            "false",
        ),
        (
            "order_state text, CONSTRAINT c CHECK (order_state = 'on' OR order_state = 'off')",
            "CONSTRAINT c CHECK (order_state = 'on' OR order_state = 'off')",
            "a row of `a` without `order_state` passes this check",
        ),
        (
            "role text CHECK (role::text = ANY (ARRAY['a'::text, 'b'::text]))",
            "CHECK (role::text = ANY (ARRAY['a'::text, 'b'::text]))",
            "without `role` passes",
        ),
        (
            "n int DEFAULT 0 CHECK (n >= 0 AND n < 9)",
            "CHECK (n >= 0 AND n < 9)",
            "without `n` passes",
        ),
        (
            "kind text, x int, CHECK ((kind = 'x' AND x IS NOT NULL) OR kind = 'y')",
            "CHECK ((kind = 'x' AND x IS NOT NULL) OR kind = 'y')",
            "without `kind` can pass",
        ),
        ("x int CHECK (x <> NULL)", "CHECK (x <> NULL)", "`x <> NULL` is false for no row"),
        (
            "tags text[] NOT NULL CHECK (array_length(tags, 1) >= 1 AND tags <> '{a}')",
            "CHECK (array_length(tags, 1) >= 1 AND tags <> '{a}')",
            "accepts an empty `tags` of `a`",
        ),
        ("yes boolean CHECK (yes = true)", "CHECK (yes = true)", "without `yes` passes"),
        (
            "x int, y int, CHECK (coalesce(x, y) > 0)",
            "CHECK (coalesce(x, y) > 0)",
            "without `x` and `y` passes",
        ),
    ],
)
def test_checks_that_hardly_do(columns: str, place: str, says: str) -> None:
    found = in_sql(PASSES, "postgresql", table(columns))
    assert places(found) == [place]
    assert says in found[0].message


def test_the_nullable_column_is_shown_where_it_stands_elsewhere() -> None:
    beside = in_sql(PASSES, "postgresql", table("status text CHECK (status IN ('on'))"))
    assert beside[0].related == ()
    apart = in_sql(PASSES, "postgresql", table("status text", "CHECK (status IN ('on'))"))
    assert [related.span.text for related in apart[0].related] == ["status"]


def test_a_check_that_is_not_enforced_is_another_rules() -> None:
    ddl = table("status varchar(9), CHECK (status IN ('on')) NOT ENFORCED")
    assert in_sql(PASSES, "mysql", ddl) == []


@pytest.mark.parametrize(
    ("column", "where", "reported"),
    [
        ("deleted boolean DEFAULT false", "NOT deleted", True),
        ("deleted boolean DEFAULT false", "deleted IS FALSE", False),
        ("deleted int DEFAULT 0", "deleted = 0", True),
        ("attempts int", "attempts = 0", False),
        ("is_default boolean DEFAULT false", "is_default", False),
        ("is_default boolean DEFAULT true", "is_default", True),
        ("active boolean", "active = true AND mail <> ''", True),
        ("active boolean", "active IS TRUE", False),
        ("status text", "status = 'live'", False),
        ("status text", "status IN ('live', 'new')", False),
        ("status text", "status <> 'gone'", True),
        ("status text", "coalesce(status, '') <> 'gone'", False),
        ("deleted_at timestamp", "deleted_at IS NULL", False),
        ("deleted boolean, CHECK (deleted IS NOT NULL)", "NOT deleted", False),
    ],
)
def test_which_flags_matter(column: str, where: str, reported: bool) -> None:
    ddl = f"{table('mail text NOT NULL', column)} CREATE UNIQUE INDEX u ON a (mail) WHERE {where};"
    found = in_sql(FLAG, "postgresql", ddl)
    assert places(found) == ([where] if reported else [])


def test_the_message_of_a_flag() -> None:
    ddl = table("mail text, off boolean") + "CREATE UNIQUE INDEX u ON a (mail) WHERE NOT off;"
    (finding,) = in_sql(FLAG, "sqlite", ddl)
    assert finding.message == (
        "a row of `a` without `off` is not counted by this unique index, so it accepts any number "
        "of them with the same `mail`"
    )
    assert finding.path == "a.off"
    assert [related.span.text for related in finding.related] == ["boolean"]


def test_a_plain_index_forbids_nothing_anyway() -> None:
    ddl = table("mail text, off boolean") + "CREATE INDEX i ON a (mail) WHERE NOT off;"
    assert in_sql(FLAG, "postgresql", ddl) == []


def test_prismas_partial_indexes() -> None:
    found = in_prisma(
        FLAG,
        """
        generator client {
          provider        = "prisma-client"
          output          = "client"
          previewFeatures = ["partialIndexes"]
        }

        datasource db {
          provider = "postgresql"
        }

        model Customer {
          id      Int      @id
          email   String
          deleted Boolean?

          @@unique([email], where: { deleted: false })
        }
        """,
    )
    assert len(found) == 1
    assert "without `deleted`" in found[0].message
