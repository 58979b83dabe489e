"""The extension citext, made in SQL for a PostgreSQL server that does not have it.

Its meaning is that of the manual's appendix F.10: values are compared, sorted and hashed by what
lower() makes of them in the database's own collation; LIKE and regular expressions ignore case.
Casts and operators are those that pg_cast and pg_operator list where the extension is installed;
tests/prove/databases/test_citext.py holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Functions that citext gives a meaning of its own, and that are not made here.
CITEXT_FUNCTIONS = re.compile(
    r'\b(?:regexp_\w+|replace|split_part|strpos|translate)"?\s*\(', re.IGNORECASE
)
# Each with its selectivity, its commutator and its negator.
_COMPARISONS = (
    ("eq", "=", "eqsel", "eqjoinsel", "=", "<>"),
    ("ne", "<>", "neqsel", "neqjoinsel", "<>", "="),
    ("lt", "<", "scalarltsel", "scalarltjoinsel", ">", ">="),
    ("le", "<=", "scalarlesel", "scalarlejoinsel", ">=", ">"),
    ("gt", ">", "scalargtsel", "scalargtjoinsel", "<", "<="),
    ("ge", ">=", "scalargesel", "scalargejoinsel", "<=", "<"),
    ("pattern_lt", "~<~", "scalarltsel", "scalarltjoinsel", "~>~", "~>=~"),
    ("pattern_le", "~<=~", "scalarltsel", "scalarltjoinsel", "~>=~", "~>~"),
    ("pattern_gt", "~>~", "scalargtsel", "scalargtjoinsel", "~<~", "~<=~"),
    ("pattern_ge", "~>=~", "scalargtsel", "scalargtjoinsel", "~<=~", "~<~"),
)
# Each with what text has for it, and its negator.
_MATCHES = (
    ("texticlike", "~~*", ("~~", "~~*"), ("!~~", "!~~*"), "iclike"),
    ("texticnlike", "!~~*", ("!~~", "!~~*"), ("~~", "~~*"), "icnlike"),
    ("texticregexeq", "~*", ("~", "~*"), ("!~", "!~*"), "icregexeq"),
    ("texticregexne", "!~*", ("!~", "!~*"), ("~", "~*"), "icregexne"),
)
_ALWAYS = "LANGUAGE {} IMMUTABLE STRICT PARALLEL SAFE"
_SQL, _INTERNAL = _ALWAYS.format("sql"), _ALWAYS.format("internal")


def citext_in(schema: str) -> Iterator[str]:
    """The statements that make it; only a superuser may run them.

    Args:
        schema: where, quoted; it has to be there.
    """
    of = f"{schema}.citext"
    yield from _type(schema, of)
    yield from _casts(schema, of)
    yield from _comparisons(schema, of)
    yield from _matches(schema, of)


def _type(schema: str, of: str) -> Iterator[str]:
    yield f"CREATE TYPE {of}"
    for name, takes, gives in (
        ("in", "cstring", of),
        ("out", of, "cstring"),
        ("recv", "internal", of),
        ("send", of, "bytea"),
    ):
        yield (
            f"CREATE FUNCTION {schema}.citext{name}({takes}) RETURNS {gives}"
            f" {_INTERNAL} AS 'text{name}'"
        )
    yield (
        f"CREATE TYPE {of} (INPUT = {of}in, OUTPUT = {of}out, RECEIVE = {of}recv,"
        f" SEND = {of}send, INTERNALLENGTH = VARIABLE, STORAGE = extended,"
        " CATEGORY = 'S', PREFERRED = false, COLLATABLE = true)"
    )


def _casts(schema: str, of: str) -> Iterator[str]:
    for source, target, context in (
        (of, "text", "IMPLICIT"),
        (of, "varchar", "IMPLICIT"),
        (of, "bpchar", "ASSIGNMENT"),
        ("text", of, "ASSIGNMENT"),
        ("varchar", of, "ASSIGNMENT"),
    ):
        yield f"CREATE CAST ({source} AS {target}) WITHOUT FUNCTION AS {context}"
    for source in ("bpchar", "boolean", "inet"):
        yield (
            f"CREATE FUNCTION {schema}.citext({source}) RETURNS {of} {_SQL} RETURN $1::text::{of}"
        )
        yield (
            f"CREATE CAST ({source} AS {of}) WITH FUNCTION {schema}.citext({source}) AS ASSIGNMENT"
        )


def _comparisons(schema: str, of: str) -> Iterator[str]:
    left, right = (f'pg_catalog.lower(${number}::text COLLATE "default")' for number in (1, 2))
    for name, sign, selects, joins, commutator, negator in _COMPARISONS:
        yield (
            f"CREATE FUNCTION {of}_{name}({of}, {of}) RETURNS boolean {_SQL}"
            f" RETURN {left} OPERATOR(pg_catalog.{sign}) {right}"
        )
        hashes = ", HASHES, MERGES" if sign == "=" else ""
        yield (
            f"CREATE OPERATOR {schema}.{sign} (LEFTARG = {of}, RIGHTARG = {of},"
            f" FUNCTION = {of}_{name}, COMMUTATOR = OPERATOR({schema}.{commutator}),"
            f" NEGATOR = OPERATOR({schema}.{negator}), RESTRICT = {selects},"
            f" JOIN = {joins}{hashes})"
        )
    for name, compares in (("cmp", "bttextcmp"), ("pattern_cmp", "bttext_pattern_cmp")):
        yield (
            f"CREATE FUNCTION {of}_{name}({of}, {of}) RETURNS integer {_SQL}"
            f" RETURN pg_catalog.{compares}({left}, {right})"
        )
    yield (
        f"CREATE FUNCTION {of}_hash({of}) RETURNS integer {_SQL} RETURN pg_catalog.hashtext({left})"
    )
    yield (
        f"CREATE FUNCTION {of}_hash_extended({of}, bigint) RETURNS bigint {_SQL}"
        f" RETURN pg_catalog.hashtextextended({left}, $2)"
    )
    for opclass, prefix, default in (
        ("citext_ops", "", " DEFAULT"),
        ("citext_pattern_ops", "pattern_", ""),
    ):
        signs = ("<", "<=", "=", ">=", ">") if default else ("~<~", "~<=~", "=", "~>=~", "~>~")
        operators = ", ".join(
            f"OPERATOR {number} {schema}.{sign}" for number, sign in enumerate(signs, 1)
        )
        yield (
            f"CREATE OPERATOR CLASS {schema}.{opclass}{default} FOR TYPE {of} USING btree AS"
            f" {operators}, FUNCTION 1 {of}_{prefix}cmp({of}, {of})"
        )
    yield (
        f"CREATE OPERATOR CLASS {schema}.citext_ops DEFAULT FOR TYPE {of} USING hash AS"
        f" OPERATOR 1 {schema}.=, FUNCTION 1 {of}_hash({of}),"
        f" FUNCTION 2 {of}_hash_extended({of}, bigint)"
    )
    for aggregate, name, sign in (("min", "smaller", "<"), ("max", "larger", ">")):
        yield (
            f"CREATE FUNCTION {of}_{name}({of}, {of}) RETURNS {of} {_SQL}"
            f" RETURN CASE WHEN $1 OPERATOR({schema}.{sign}) $2 THEN $1 ELSE $2 END"
        )
        yield (
            f"CREATE AGGREGATE {schema}.{aggregate}({of}) (SFUNC = {of}_{name}, STYPE = {of},"
            f" SORTOP = OPERATOR({schema}.{sign}), PARALLEL = SAFE, COMBINEFUNC = {of}_{name})"
        )


def _matches(schema: str, of: str) -> Iterator[str]:
    for name, means, signs, negators, selects in _MATCHES:
        for right in (of, "text"):
            yield (
                f"CREATE FUNCTION {schema}.{name}({of}, {right}) RETURNS boolean {_SQL}"
                f" RETURN $1::text OPERATOR(pg_catalog.{means}) $2::text"
            )
            for sign, negator in zip(signs, negators, strict=True):
                yield (
                    f"CREATE OPERATOR {schema}.{sign} (LEFTARG = {of}, RIGHTARG = {right},"
                    f" FUNCTION = {schema}.{name}, NEGATOR = OPERATOR({schema}.{negator}),"
                    f" RESTRICT = {selects}sel, JOIN = {selects}joinsel)"
                )
