"""Verdicts of `unique`; the ids are those of the observed cases."""

from __future__ import annotations

import pytest

from schemalint.model import Exclusion, Generated, Layer, ScalarType
from schemalint.rule import Verdict
from tests.rules.judging import (
    altered,
    constraint,
    judge,
    not_understood,
    prisma,
    unique_index,
    with_field,
)

CUSTOMER = """
model Customer {
  id        Int       @id
  email     String    %s
  tenant    Int
  nickname  String?
  status    Status    @default(ACTIVE)
  isPrimary Boolean?
  deletedAt DateTime? @map("deleted_at")
  %s
}
enum Status {
  ACTIVE
  PENDING
}
"""
LIVE = "unique: {of: Customer, by: [email], where: deletedAt is null}"


def customer(block: str = "", field: str = "", provider: str = "postgresql") -> object:
    return prisma(CUSTOMER % (field, block), provider)


# -- which members count ------------------------------------------------------------------------


def test_unique_field_keeps_it() -> None:
    """U01."""
    judged = judge(customer(field="@unique"), "unique: {of: Customer, by: [email]}")
    assert judged.verdict is Verdict.KEPT
    assert judged.kept_by == ["`@unique` on `Customer.email`"]
    assert judged.report.subject == "Customer.email"


def test_primary_key_keeps_it_and_more_fields() -> None:
    """U14, U14c."""
    for by in ("[id]", "[id, tenant]"):
        judged = judge(customer(), f"unique: {{of: Customer, by: {by}}}")
        assert judged.verdict is Verdict.KEPT
        assert judged.stricter == []


def test_nothing_keeps_it() -> None:
    """U47: an index is not unique."""
    judged = judge(customer("@@index([email])"), "unique: {of: Customer, by: [email]}")
    assert judged.verdict is Verdict.BROKEN
    assert "nothing stops two rows of `Customer` with the same `email`" in judged.message
    assert "mark `email` with `@unique`" in judged.message


def test_further_member_breaks_it() -> None:
    """U12, U50."""
    judged = judge(customer("@@unique([email, tenant])"), "unique: {of: Customer, by: [email]}")
    assert judged.verdict is Verdict.BROKEN
    assert "it also counts `tenant`" in judged.message
    assert judged.findings[0].span.text == "@@unique([email, tenant])"


def test_fewer_members_keep_it_and_are_stricter() -> None:
    """U13."""
    judged = judge(customer(field="@unique"), "unique: {of: Customer, by: [email, tenant]}")
    assert judged.verdict is Verdict.KEPT
    assert [finding.name for finding in judged.stricter] == ["stricter-than-rule"]
    assert "differ in `tenant`" in judged.stricter[0].message


def test_exact_constraint_beside_a_stricter_one_is_no_warning() -> None:
    judged = judge(
        customer("@@unique([tenant, email])", "@unique"),
        "unique: {of: Customer, by: [email, tenant]}",
    )
    assert judged.verdict is Verdict.KEPT
    assert judged.stricter == []


def test_fewer_members_of_which_one_is_null() -> None:
    """U13b: (NULL, 1) twice agrees only if lacking a value is a value."""
    schema = customer("@@unique([nickname])")
    rule = "unique: {of: Customer, by: [nickname, tenant], nulls: %s}"
    assert judge(schema, rule % "distinct").verdict is Verdict.KEPT
    assert judge(schema, rule % "equal").verdict is Verdict.INEXPRESSIBLE


def test_relation_stands_for_its_columns() -> None:
    schema = """
        model Customer {
          id      Int      @id
          profile Profile?
        }
        model Profile {
          id         Int      @id
          customerId Int      @unique
          customer   Customer @relation(fields: [customerId], references: [id])
        }
    """
    judged = judge(schema, "unique: {of: Profile, by: [customer]}")
    assert judged.verdict is Verdict.KEPT
    assert judged.report.subject == "Profile.customerId"


def test_constraint_of_the_client_only_is_weak() -> None:
    schema = altered(customer(), uniques=(unique_index("email", layer=Layer.CLIENT),))
    judged = judge(schema, "unique: {of: Customer, by: [email]}")
    assert judged.verdict is Verdict.WEAK
    assert judged.report.layer is Layer.CLIENT


def test_unknown_field_is_stale() -> None:
    judged = judge(customer(), "unique: {of: Customer, by: [mail]}")
    assert judged.verdict is Verdict.STALE
    assert "did you mean `email`?" in judged.message


# -- NULL ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nulls", "verdict"),
    [
        ("", Verdict.QUESTION),
        (", nulls: distinct", Verdict.KEPT),
        (", nulls: equal", Verdict.INEXPRESSIBLE),
    ],
)
def test_nullable_member(nulls: str, verdict: Verdict) -> None:
    """U02."""
    schema = customer("@@unique([nickname])")
    judged = judge(schema, f"unique: {{of: Customer, by: [nickname]{nulls}}}")
    assert judged.verdict is verdict


def test_question_tells_both_answers() -> None:
    """U03."""
    schema = customer("@@unique([tenant, nickname])")
    judged = judge(schema, "unique: {of: Customer, by: [tenant, nickname]}")
    assert judged.verdict is Verdict.QUESTION
    assert "may two rows of `Customer` both have no `nickname` and agree on the rest?" in (
        judged.message
    )
    assert "`nulls: distinct` (they may): kept by `@@unique([tenant, nickname])`" in judged.message
    assert "`nulls: equal` (they may not): broken" in judged.message


def test_no_question_where_both_answers_are_broken() -> None:
    judged = judge(customer(), "unique: {of: Customer, by: [nickname]}")
    assert judged.verdict is Verdict.BROKEN


def test_nulls_not_distinct() -> None:
    """U04, and more than `nulls: distinct` asks for."""
    schema = altered(customer(), uniques=(unique_index("nickname", nulls="equal"),))
    assert judge(schema, "unique: {of: Customer, by: [nickname]}").verdict is Verdict.KEPT
    judged = judge(schema, "unique: {of: Customer, by: [nickname], nulls: distinct}")
    assert judged.verdict is Verdict.KEPT
    assert "a second row without `nickname`" in judged.stricter[0].message


def test_two_constraints_together_take_nulls_for_equal() -> None:
    schema = altered(
        customer(),
        uniques=(
            unique_index("tenant", "nickname"),
            unique_index("tenant", where="nickname IS NULL"),
        ),
    )
    judged = judge(schema, "unique: {of: Customer, by: [tenant, nickname], nulls: equal}")
    assert judged.verdict is Verdict.KEPT
    assert len(judged.kept_by) == 2


def test_help_for_equal_nulls_is_sql() -> None:
    schema = customer("@@unique([tenant, nickname])")
    judged = judge(schema, "unique: {of: Customer, by: [tenant, nickname], nulls: equal}")
    assert "NULLS NOT DISTINCT" in judged.message
    schema = customer("@@unique([tenant, nickname])", provider="sqlite")
    judged = judge(schema, "unique: {of: Customer, by: [tenant, nickname], nulls: equal}")
    assert "(tenant) WHERE nickname IS NULL" in judged.message.replace('"', "")


# -- rows that count ----------------------------------------------------------------------------


def test_soft_deletion_by_a_further_member() -> None:
    """U05b."""
    judged = judge(customer("@@unique([email, deletedAt])"), LIVE)
    assert judged.verdict is Verdict.INEXPRESSIBLE
    assert "which is NULL in every row that the rule speaks of" in judged.message
    assert "WHERE deleted_at IS NULL" in judged.message


def test_partial_index() -> None:
    """U05, U06b."""
    schema = altered(customer(), uniques=(unique_index("email", where="deleted_at IS NULL"),))
    judged = judge(schema, LIVE)
    assert judged.verdict is Verdict.KEPT
    assert judged.stricter == []


def test_plain_unique_under_a_where_is_stricter() -> None:
    """U06c."""
    judged = judge(customer(field="@unique"), LIVE)
    assert judged.verdict is Verdict.KEPT
    assert "rows for which `deletedAt is null` is not true" in judged.stricter[0].message


def test_predicate_that_covers_too_little() -> None:
    """U07, U07b."""
    for where in ("status = 'ACTIVE'", '"isPrimary"', 'NOT "isPrimary"'):
        schema = altered(customer(), uniques=(unique_index("email", where=where),))
        judged = judge(schema, "unique: {of: Customer, by: [email]}")
        assert judged.verdict is Verdict.BROKEN, where
        assert f"it counts only rows for which `{where}`" in judged.message


def test_member_that_the_where_fixes() -> None:
    """U25, U25c: among rows with one value, a further member changes nothing."""
    schema = customer("@@unique([tenant, isPrimary])")
    judged = judge(schema, "unique: {of: Customer, by: [tenant], where: isPrimary}")
    assert judged.verdict is Verdict.KEPT
    schema = customer("@@unique([tenant, status])")
    judged = judge(schema, "unique: {of: Customer, by: [tenant], where: status = 'ACTIVE'}")
    assert judged.verdict is Verdict.KEPT


def test_fixed_null_agrees_only_where_nulls_do() -> None:
    schema = altered(customer(), uniques=(unique_index("email", "deleted_at", nulls="equal"),))
    assert judge(schema, LIVE).verdict is Verdict.KEPT


def test_where_not_null_answers_the_question() -> None:
    schema = customer("@@unique([nickname])")
    judged = judge(schema, "unique: {of: Customer, by: [nickname], where: nickname is not null}")
    assert judged.verdict is Verdict.KEPT
    assert judged.stricter == []


def test_predicate_not_null_is_enough_where_nulls_are_distinct() -> None:
    schema = altered(customer(), uniques=(unique_index("nickname", where="nickname IS NOT NULL"),))
    judged = judge(schema, "unique: {of: Customer, by: [nickname], nulls: distinct}")
    assert judged.verdict is Verdict.KEPT


def test_predicate_that_is_not_understood() -> None:
    schema = altered(customer(), uniques=(unique_index("email", where="mystery(email)"),))
    judged = judge(schema, "unique: {of: Customer, by: [email]}")
    assert judged.verdict is Verdict.UNKNOWN
    assert "mystery(email)" in judged.message


def test_mysql_has_no_partial_index() -> None:
    schema = customer("@@unique([email, deletedAt])", provider="mysql")
    judged = judge(schema, LIVE)
    assert judged.verdict is Verdict.INEXPRESSIBLE
    assert "CASE WHEN deleted_at IS NULL THEN `email` END" in judged.message


def test_partial_indexes_that_cover_all_rows_between_them() -> None:
    halves = [unique_index("tenant", where=f"status = '{one}'") for one in ("ACTIVE", "PENDING")]
    schema = altered(customer(), uniques=tuple(halves))
    judged = judge(schema, "unique: {of: Customer, by: [tenant, status]}")
    assert judged.verdict is Verdict.KEPT
    assert len(judged.kept_by) == 2
    judged = judge(schema, "unique: {of: Customer, by: [tenant]}")
    assert judged.verdict is Verdict.BROKEN


def test_where_that_no_row_satisfies_is_stale() -> None:
    judged = judge(
        customer(field="@unique"), "unique: {of: Customer, by: [email], where: tenant is null}"
    )
    assert judged.verdict is Verdict.STALE
    assert "no row of `Customer` can satisfy `tenant is null`" in judged.message


# -- letter case --------------------------------------------------------------------------------

CASELESS = "unique: {of: Customer, by: [email], ignore_case: true}"


@pytest.mark.parametrize(
    ("provider", "verdict"),
    [
        ("postgresql", Verdict.BROKEN),
        ("sqlite", Verdict.INEXPRESSIBLE),
        ("mysql", Verdict.KEPT),
    ],
)
def test_plain_unique_and_letter_case(provider: str, verdict: Verdict) -> None:
    """U09."""
    judged = judge(customer(field="@unique", provider=provider), CASELESS)
    assert judged.verdict is verdict


def test_citext() -> None:
    """U10."""
    schema = customer(field="@unique @db.Citext")
    assert judge(schema, CASELESS).verdict is Verdict.KEPT
    judged = judge(schema, "unique: {of: Customer, by: [email]}")
    assert judged.verdict is Verdict.KEPT
    assert "letter case" in judged.stricter[0].message


def test_default_collation_of_mysql_is_no_warning() -> None:
    """U09c."""
    schema = customer(field="@unique", provider="mysql")
    assert judge(schema, "unique: {of: Customer, by: [email]}").stricter == []


@pytest.mark.parametrize(
    ("provider", "verdict"), [("postgresql", Verdict.KEPT), ("sqlite", Verdict.INEXPRESSIBLE)]
)
def test_index_on_lower(provider: str, verdict: Verdict) -> None:
    """U08, U08b: SQLite's lower() knows ASCII only."""
    schema = altered(
        customer(provider=provider), uniques=(unique_index(expressions=("lower(email)",)),)
    )
    judged = judge(schema, CASELESS)
    assert judged.verdict is verdict
    if provider == "sqlite":
        assert "`É` and `é`" in judged.message


def test_lower_under_the_collation_c() -> None:
    """U08c."""
    schema = altered(
        customer(), uniques=(unique_index(expressions=("lower(email)",), collation='"C"'),)
    )
    assert judge(schema, CASELESS).verdict is Verdict.BROKEN


def test_index_on_lower_of_a_nullable_column() -> None:
    """U08e."""
    schema = altered(customer(), uniques=(unique_index(expressions=("lower(nickname)",)),))
    rule = "unique: {of: Customer, by: [nickname], ignore_case: true%s}"
    assert judge(schema, rule % "").verdict is Verdict.QUESTION
    assert judge(schema, rule % ", nulls: distinct").verdict is Verdict.KEPT
    assert judge(schema, rule % ", nulls: equal").verdict is Verdict.INEXPRESSIBLE


def test_check_for_lower_case() -> None:
    """U08f."""
    schema = altered(customer(field="@unique"), checks=(constraint("email = lower(email)"),))
    assert judge(schema, CASELESS).verdict is Verdict.KEPT


def test_collation_of_the_index_wins() -> None:
    """U10c, U10d."""
    folding = with_field(customer(provider="mysql"), "email", ignore_case=True)
    binary = unique_index("email", collation="utf8mb4_bin")
    judged = judge(altered(folding, uniques=(binary,)), CASELESS)
    assert judged.verdict is not Verdict.KEPT
    exact = customer(provider="mysql")
    exact = with_field(exact, "email", ignore_case=False)
    folded = unique_index("email", collation="utf8mb4_unicode_ci")
    assert judge(altered(exact, uniques=(folded,)), CASELESS).verdict is Verdict.KEPT


def test_numbers_have_no_letter_case() -> None:
    schema = customer("@@unique([tenant])")
    judged = judge(schema, "unique: {of: Customer, by: [tenant], ignore_case: true}")
    assert judged.verdict is Verdict.KEPT


def test_native_uuid_has_no_letter_case() -> None:
    """U31b."""
    schema = with_field(customer(field="@unique"), "email", type=ScalarType.STRING, native="UUID")
    assert judge(schema, CASELESS).verdict is Verdict.KEPT


# -- what is not understood ---------------------------------------------------------------------


def test_other_expressions_are_unknown() -> None:
    schema = altered(customer(), uniques=(unique_index(expressions=("normalize(email, NFC)",)),))
    judged = judge(schema, "unique: {of: Customer, by: [email]}")
    assert judged.verdict is Verdict.UNKNOWN
    assert "normalize(email, NFC)" in judged.message


def test_expression_over_other_columns_does_not_matter() -> None:
    schema = altered(customer(), uniques=(unique_index(expressions=("lower(nickname)",)),))
    assert judge(schema, "unique: {of: Customer, by: [email]}").verdict is Verdict.BROKEN


def test_coalesce_of_what_the_where_fixes() -> None:
    """U26."""
    index = unique_index("email", expressions=("coalesce(nickname, '')",))
    schema = altered(customer(), uniques=(index,))
    judged = judge(schema, "unique: {of: Customer, by: [email], where: nickname is null}")
    assert judged.verdict is Verdict.KEPT


def test_opaque_statement_on_the_table() -> None:
    schema = altered(customer(), opaque=(not_understood("Customer"),))
    judged = judge(schema, "unique: {of: Customer, by: [email]}")
    assert judged.verdict is Verdict.UNKNOWN
    assert "a statement that is not understood" in judged.message


def test_opaque_statement_changes_no_sound_answer() -> None:
    schema = altered(customer(field="@unique"), opaque=(not_understood("Customer"),))
    assert judge(schema, "unique: {of: Customer, by: [email]}").verdict is Verdict.KEPT


def test_fix_adds_the_attribute() -> None:
    (finding,) = judge(customer(), "unique: {of: Customer, by: [email]}").findings
    (edit,) = finding.fix.edits
    assert edit.text.strip() == "@unique"
    (finding,) = judge(customer(), "unique: {of: Customer, by: [email, tenant]}").findings
    (edit,) = finding.fix.edits
    assert edit.text.strip() == "@@unique([email, tenant])"


def test_exclusion_of_equal_values_is_a_unique_constraint() -> None:
    """U21b, in its plainest form."""
    index = unique_index("email")
    equal = Exclusion("e", index.parts, ("=",), index.span)
    schema = altered(customer(), exclusions=(equal,))
    assert judge(schema, "unique: {of: Customer, by: [email]}").verdict is Verdict.KEPT
    overlapping = Exclusion("e", index.parts, ("&&",), index.span)
    schema = altered(customer(), exclusions=(overlapping,))
    assert judge(schema, "unique: {of: Customer, by: [email]}").verdict is Verdict.BROKEN


def test_generated_column_in_lower_case() -> None:
    """U08d."""
    schema = customer("@@unique([nickname])")
    generated = Generated("lower(email)", stored=True, span=unique_index().span)
    schema = with_field(schema, "nickname", generated=generated, nullable=False)
    assert judge(schema, CASELESS).verdict is Verdict.KEPT


def test_enum_of_one_value_counts_for_nothing() -> None:
    schema = prisma("""
        model Singleton {
          id    Int    @id
          name  String
          kind  Kind
          @@unique([name, kind])
        }
        enum Kind {
          ONLY
        }
    """)
    assert judge(schema, "unique: {of: Singleton, by: [name]}").verdict is Verdict.KEPT
