"""Verdicts that an attacker on a real database has once refuted (`tests/oracle/verdicts`)."""

from __future__ import annotations

import pytest

from schemalint.model import Layer
from schemalint.rule import Verdict
from tests.rules.judging import judge, prisma, sql


def test_restrict_beside_a_cascade_to_the_same_parent() -> None:
    """PostgreSQL looks at the older key first: where that cascades, no row is left to refuse."""
    models = """
    model User {
      id   Int    @id
      made Note[] @relation("made")
      kept Note[] @relation("kept")
    }

    model Note {
      id       Int  @id
      makerId  Int
      keeperId Int
      maker    User @relation("made", fields: [makerId], references: [id], onDelete: Cascade)
      keeper   User @relation("kept", fields: [keeperId], references: [id], onDelete: %s)
    }
    """
    rule = "reference: {from: Note.keeper, to: User, on_delete: restrict}"
    judged = judge(models % "Restrict", rule)
    assert judged.verdict is Verdict.UNKNOWN
    assert "points at `User` by `makerId` too" in judged.message
    # SQLite looks at the newer key first where RESTRICT is written, and last where NO ACTION is.
    assert judge(models % "Restrict", rule, "sqlite").verdict is Verdict.WEAK
    assert judge(models % "NoAction", rule, "sqlite").verdict is Verdict.UNKNOWN
    cascading = "reference: {from: Note.maker, to: User, on_delete: cascade}"
    assert judge(models % "Restrict", cascading).verdict is Verdict.KEPT


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [("RESTRICT", "CASCADE", Verdict.UNKNOWN), ("CASCADE", "RESTRICT", Verdict.WEAK)],
)
def test_sqlite_looks_at_the_newer_key_first(first: str, second: str, verdict: Verdict) -> None:
    """Observed on SQLite 3.40: RESTRICT finds no row any more where a newer key cascades."""
    tables = f"""
    CREATE TABLE users (id INTEGER PRIMARY KEY);
    CREATE TABLE notes (
      id INTEGER PRIMARY KEY,
      one INTEGER NOT NULL REFERENCES users (id) ON DELETE {first},
      other INTEGER NOT NULL REFERENCES users (id) ON DELETE {second}
    );
    """
    column = "one" if first == "RESTRICT" else "other"
    rule = f"reference: {{from: notes.{column}, to: users, on_delete: restrict}}"
    assert judge(sql(tables, "sqlite"), rule).verdict is verdict


@pytest.mark.parametrize("stated", ["restrict", "cascade"])
@pytest.mark.parametrize("member", ["maker", "keeper"])
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mysql"])
def test_two_keys_over_one_column(stated: str, member: str, dialect: str) -> None:
    """Which of two actions comes first is a matter of the order in which the keys were made."""
    models = """
    model User {
      id   Int    @id
      made Note[] @relation("made")
      kept Note[] @relation("kept")
    }

    model Note {
      id     Int  @id
      userId Int
      maker  User @relation("made", fields: [userId], references: [id], onDelete: Cascade)
      keeper User @relation("kept", fields: [userId], references: [id], onDelete: Restrict)
    }
    """
    if dialect != "sqlite":  # whose keys have no names
        models = models.replace("onDelete: Restrict", 'onDelete: Restrict, map: "keeping"')
    rule = f"reference: {{from: Note.{member}, to: User, on_delete: {stated}}}"
    assert judge(models, rule, dialect).verdict is Verdict.UNKNOWN
    alike = models.replace("onDelete: Restrict", "onDelete: Cascade")
    wanted = (Verdict.KEPT, Verdict.WEAK) if stated == "cascade" else (Verdict.BROKEN,)
    assert judge(alike, rule, dialect).verdict in wanted


@pytest.mark.parametrize(
    ("stated", "verdict"), [("restrict", Verdict.KEPT), ("set_default", Verdict.BROKEN)]
)
def test_set_default_of_a_column_that_has_none(stated: str, verdict: Verdict) -> None:
    """`area` would become NULL, which it cannot be: the parent stays as it is."""
    judged = judge(
        """
        model Place {
          area  Int
          code  Int
          seats Seat[]

          @@id([area, code])
        }

        model Seat {
          id    Int   @id
          area  Int
          code  Int   @default(1)
          p     Place @relation(fields: [area,code], references: [area, code], onUpdate: SetDefault)
        }
        """,
        f"reference: {{from: Seat.p, to: Place, on_update: {stated}}}",
    )
    assert judged.verdict is verdict


def test_condition_that_leaves_one_spelling() -> None:
    judged = judge(
        """
        model Page {
          site Int
          slug String

          @@id([site, slug])
        }
        """,
        "unique: {of: Page, by: [site, slug], where: \"slug = 'home'\", ignore_case: true}",
    )
    assert judged.verdict is Verdict.KEPT


def test_integer_key_of_sqlite_is_never_blank() -> None:
    models = """
    model Page {
      id    Int @id
      views Int
    }
    """
    rule = "required: {of: Page, fields: [%s], not_blank: true}"
    assert judge(models, rule % "id", "sqlite").verdict is Verdict.KEPT
    assert judge(models, rule % "views", "sqlite").verdict is Verdict.WEAK


def test_immutable_rows_that_cannot_exist() -> None:
    judged = judge(
        """
        model Page {
          id Int @id
        }
        """,
        "immutable: {of: Page, where: id is null}",
    )
    assert judged.verdict is Verdict.STALE


@pytest.mark.parametrize(
    ("type", "verdict"), [("State", Verdict.KEPT), ("State?", Verdict.INEXPRESSIBLE)]
)
def test_state_that_cannot_be_taken_away(type: str, verdict: Verdict) -> None:
    """Every change between the states is allowed, so only one to NULL would be against the rule."""
    models = f"""
    model Page {{
      id    Int @id
      state {type}
    }}

    enum State {{
      OLD
      NEW
    }}
    """
    rule = """
    states:
      of: Page.state
      values: [OLD, NEW]
      optional: true
      transitions: {OLD: [NEW], NEW: [OLD]}
    """
    assert judge(models, rule).verdict is verdict


VIEW = """
model Page {
  id   Int @id
  text String?
}

view Shown {
  id    Int    @unique
  text  String
  state State
}

enum State {
  OLD
  NEW
}
"""


@pytest.mark.parametrize(
    "rule",
    [
        "required: {of: Shown, fields: [text]}",
        "optional: {of: Shown, fields: [text]}",
        "check: {of: Shown, that: text is not null}",
        "at_least_one: {of: Shown, fields: [id, text]}",
        "states: {of: Shown.state, values: [OLD, NEW]}",
        "unique: {of: Shown, by: [id]}",
        "identity: {of: Shown, by: [id]}",
        "immutable: {of: Shown}",
    ],
)
def test_what_a_view_declares_binds_nobody(rule: str) -> None:
    assert judge(prisma(VIEW, preview="views"), rule).verdict is Verdict.UNKNOWN


def test_view_stores_nothing() -> None:
    schema = prisma(VIEW, preview="views")
    assert judge(schema, "derived: {of: Shown, fields: [text]}").verdict is Verdict.KEPT


@pytest.mark.parametrize(
    "rule",
    [
        "reference: {from: Line.order, to: Order}",
        "states: {of: Line.state, values: [OLD, NEW], initial: OLD}",
        "audit: {of: Line, created: at}",
        "required: {of: Line, fields: [state]}",
    ],
)
def test_mongodb_demands_nothing_and_the_client_does(rule: str) -> None:
    models = """
    model Order {
      id    String @id @map("_id")
      lines Line[]
    }

    model Line {
      id      String   @id @map("_id")
      orderId String
      order   Order    @relation(fields: [orderId], references: [id])
      state   State    @default(OLD)
      at      DateTime @default(now())
    }

    enum State {
      OLD
      NEW
    }
    """
    judged = judge(models, rule, "mongodb")
    assert (judged.verdict, judged.report.layer) == (Verdict.WEAK, Layer.CLIENT)
