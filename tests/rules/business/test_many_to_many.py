"""Verdicts of `many_to_many`; the ids are those of the observed cases."""

from __future__ import annotations

import pytest

from schemalint.model import Layer
from schemalint.rule import Verdict
from tests.oracle import prisma_oracle
from tests.rules.databases import database
from tests.rules.judging import judge, prisma

IMPLICIT = """
model Post {
  id   Int   @id
  tags Tag[]
}
model Tag {
  id    Int    @id
  posts Post[]
}
"""
EXPLICIT = """
model Post {
  id   Int       @id
  tags PostTag[]
}
model Tag {
  id    Int       @id
  posts PostTag[]
}
model PostTag {
  id     Int  @id
  postId Int%(optional)s
  tagId  Int
  post   Post%(optional)s @relation(fields: [postId], references: [id])
  tag    Tag  @relation(fields: [tagId], references: [id])
  %(block)s
}
"""
RULE = "many_to_many: {between: [Post, Tag]}"


def explicit(block: str = "", optional: str = "") -> str:
    return EXPLICIT % {"block": block, "optional": optional}


def test_implicit_join_table_is_kept() -> None:
    """F16."""
    judged = judge(IMPLICIT, RULE)
    assert judged.verdict is Verdict.KEPT
    assert len(judged.kept_by) == 3


def test_on_sqlite_uniqueness_holds_but_keys_are_weak() -> None:
    judged = judge(IMPLICIT, RULE, "sqlite")
    assert judged.verdict is Verdict.WEAK
    assert judged.report.layer is Layer.CLIENT
    assert "PRAGMA foreign_keys" in judged.message


@pytest.mark.parametrize("through", ["PostTag", "_PostToTag", "tags"])
def test_through(through: str) -> None:
    models = explicit("@@unique([tagId, postId])") if through == "PostTag" else IMPLICIT
    judged = judge(models, f"many_to_many: {{between: [Tag, Post], through: {through}}}")
    expected = Verdict.STALE if through == "tags" else Verdict.KEPT  # `Tag` calls it `posts`
    assert judged.verdict is expected


def test_surrogate_key_lets_the_pair_in_again() -> None:
    """F15c."""
    judged = judge(explicit(), RULE)
    assert judged.verdict is Verdict.BROKEN
    (fix,) = [finding.fix for finding in judged.findings if finding.fix]
    assert fix.edits[0].text == "  @@unique([postId, tagId])\n"


def test_key_over_the_pair_keeps_it() -> None:
    """F15b."""
    assert judge(explicit("@@unique([postId, tagId])"), RULE).verdict is Verdict.KEPT


def test_wider_key_does_not() -> None:
    """U12."""
    assert judge(explicit("@@unique([postId, tagId, id])"), RULE).verdict is Verdict.BROKEN


def test_narrower_key_is_stricter() -> None:
    judged = judge(explicit("@@unique([postId])"), RULE)
    assert judged.verdict is Verdict.KEPT
    assert len(judged.stricter) == 1


def test_link_to_nothing_is_forbidden() -> None:
    """X16."""
    judged = judge(explicit("@@unique([postId, tagId])", "?"), RULE)
    assert judged.verdict is Verdict.BROKEN
    assert "`PostTag.postId` can be NULL" in judged.message


SELF = """
model User {
  id       Int    @id
  follows  User[] @relation("follows")
  followed User[] @relation("follows")
}
"""


def test_links_of_a_model_with_itself() -> None:
    assert judge(SELF, "many_to_many: {between: [User, User]}").verdict is Verdict.KEPT
    named = "many_to_many: {between: [User, User], through: follows}"
    assert judge(SELF, named).verdict is Verdict.KEPT


SEVERAL = """
model User {
  id      Int          @id
  member  Membership[] @relation("member")
  invited Membership[] @relation("inviter")
}
model Team {
  id      Int          @id
  members Membership[]
}
model Membership {
  userId    Int
  inviterId Int
  teamId    Int
  user      User @relation("member", fields: [userId], references: [id])
  inviter   User @relation("inviter", fields: [inviterId], references: [id])
  team      Team @relation(fields: [teamId], references: [id])
  @@id([%s])
}
"""


def test_of_several_pairs_the_unique_one_is_meant() -> None:
    rule = "many_to_many: {between: [User, Team]}"
    assert judge(SEVERAL % "userId, teamId", rule).verdict is Verdict.KEPT
    unclear = judge(SEVERAL % "userId, inviterId, teamId", rule)
    assert unclear.verdict is Verdict.QUESTION


def test_several_tables_are_a_question() -> None:
    models = """
    model User {
      id Int @id
      liked Post[] @relation("likes")
      wrote Post[] @relation("authors")
    }
    model Post {
      id Int @id
      likes User[] @relation("likes")
      authors User[] @relation("authors")
    }
    """
    judged = judge(models, "many_to_many: {between: [User, Post]}")
    assert judged.verdict is Verdict.QUESTION
    assert "through: _likes" in judged.message
    named = judge(models, "many_to_many: {between: [User, Post], through: likes}")
    assert named.verdict is Verdict.KEPT


@pytest.mark.parametrize("rule", [RULE, "many_to_many: {between: [Post, Tag], through: Post}"])
def test_nothing_links_them(rule: str) -> None:
    judged = judge("model Post {\n  id Int @id\n}\nmodel Tag {\n  id Int @id\n}", rule)
    assert judged.verdict is Verdict.STALE


@pytest.mark.oracle
@pytest.mark.server
@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
@pytest.mark.parametrize("block", ["", "@@unique([postId, tagId])"])
def test_verdict_is_what_the_database_does(name: str, block: str) -> None:
    schema = prisma(explicit(block), name)
    ddl = prisma_oracle.ddl({"s": schema.files[0].text})["s"]
    assert ddl is not None
    broken = judge(schema, RULE).verdict is Verdict.BROKEN
    with database(name) as made:
        made.build(ddl)
        made.build('INSERT INTO "Post" VALUES (1); INSERT INTO "Tag" VALUES (1);')
        made.build('INSERT INTO "PostTag" VALUES (1, 1, 1)')
        again = made.refused('INSERT INTO "PostTag" VALUES (2, 1, 1)')
        assert (again is None) == broken
        assert made.refused('INSERT INTO "PostTag" VALUES (3, 1, 99)')
