"""What PostgreSQL's own functions and operators give, by their names and the types of their
arguments. Types are called as `native_types` calls them, without what stands in brackets."""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.loaders.sql.lexer import words

INTS = ("SMALLINT", "INTEGER", "BIGINT")
FLOATS = ("REAL", "DOUBLE PRECISION")
NUMBERS = (*INTS, "DECIMAL", *FLOATS)
TEXTS = frozenset(("TEXT", "VARCHAR", "CHAR", "NAME"))
SAME = "same"
"""The type of the first argument, without a length."""

ELEMENTS = words("UNNEST")
"""Functions that give the elements of an array."""

IN_ZONE = {"TIMESTAMPTZ": "TIMESTAMP", "TIMESTAMP": "TIMESTAMPTZ", "DATE": "TIMESTAMP"}
"""What AT TIME ZONE gives."""

_JSON = ("JSON", "JSONB")
_TIMES = ("TIMESTAMP", "TIMESTAMPTZ")
_DAYS = ("DATE", *_TIMES)
_LATER = {
    "DATE": "TIMESTAMP",
    "TIMESTAMP": "TIMESTAMP",
    "TIMESTAMPTZ": "TIMESTAMPTZ",
    "TIME": "TIME",
    "TIMETZ": "TIMETZ",
    "interval": "interval",
}
_GIVEN = {
    "BIGINT": "COUNT ROW_NUMBER RANK DENSE_RANK NEXTVAL CURRVAL LASTVAL SETVAL REGR_COUNT "
    "PG_RELATION_SIZE PG_TOTAL_RELATION_SIZE PG_TABLE_SIZE",
    "INTEGER": "NTILE LENGTH CHAR_LENGTH CHARACTER_LENGTH OCTET_LENGTH BIT_LENGTH POSITION STRPOS "
    "ASCII ARRAY_LENGTH ARRAY_UPPER ARRAY_LOWER ARRAY_NDIMS CARDINALITY GROUPING ARRAY_POSITION "
    "JSON_ARRAY_LENGTH JSONB_ARRAY_LENGTH",
    "DOUBLE PRECISION": "RANDOM PI PERCENT_RANK CUME_DIST DATE_PART",
    "DECIMAL": "EXTRACT TO_NUMBER",
    "TEXT": "MD5 CONCAT CONCAT_WS TO_CHAR SPLIT_PART REPLACE REGEXP_REPLACE INITCAP LEFT RIGHT "
    "REPEAT REVERSE TRANSLATE FORMAT QUOTE_IDENT QUOTE_LITERAL QUOTE_NULLABLE ENCODE VERSION CHR "
    "ARRAY_TO_STRING JSON_TYPEOF JSONB_TYPEOF CURRENT_SETTING TO_HEX JSON_EXTRACT_PATH_TEXT "
    "JSONB_EXTRACT_PATH_TEXT JSON_ARRAY_ELEMENTS_TEXT JSONB_ARRAY_ELEMENTS_TEXT "
    "JSON_OBJECT_KEYS JSONB_OBJECT_KEYS REGEXP_SPLIT_TO_TABLE STRING_TO_TABLE LPAD RPAD",
    "BOOLEAN": "BOOL_AND BOOL_OR EVERY ISFINITE STARTS_WITH",
    "UUID": "GEN_RANDOM_UUID UUID_GENERATE_V1 UUID_GENERATE_V1MC UUID_GENERATE_V4",
    "TIMESTAMPTZ": "NOW CLOCK_TIMESTAMP STATEMENT_TIMESTAMP TRANSACTION_TIMESTAMP TO_TIMESTAMP "
    "MAKE_TIMESTAMPTZ",
    "TIMESTAMP": "MAKE_TIMESTAMP",
    "DATE": "TO_DATE MAKE_DATE",
    "TIME": "MAKE_TIME",
    "interval": "AGE MAKE_INTERVAL JUSTIFY_DAYS JUSTIFY_HOURS JUSTIFY_INTERVAL",
    "JSON": "JSON_AGG JSON_OBJECT_AGG JSON_BUILD_OBJECT JSON_BUILD_ARRAY TO_JSON ROW_TO_JSON "
    "ARRAY_TO_JSON JSON_OBJECT JSON_STRIP_NULLS JSON_EXTRACT_PATH JSON_ARRAY_ELEMENTS",
    "JSONB": "JSONB_AGG JSONB_OBJECT_AGG JSONB_BUILD_OBJECT JSONB_BUILD_ARRAY TO_JSONB JSONB_SET "
    "JSONB_INSERT JSONB_OBJECT JSONB_STRIP_NULLS JSONB_EXTRACT_PATH JSONB_ARRAY_ELEMENTS",
    "BYTEA": "DECODE SHA224 SHA256 SHA384 SHA512",
    "NAME": "CURRENT_SCHEMA CURRENT_DATABASE CURRENT_CATALOG",
    "TEXT[]": "STRING_TO_ARRAY REGEXP_MATCHES REGEXP_MATCH REGEXP_SPLIT_TO_ARRAY",
}
_BY_NAME = {name: kind for kind, names in _GIVEN.items() for name in names.split()}
_OF_FIRST = words(
    "LAG LEAD FIRST_VALUE LAST_VALUE NTH_VALUE ARRAY_REMOVE ARRAY_REPLACE ARRAY_APPEND"
)
_OF_TEXT = words("LOWER UPPER TRIM LTRIM RTRIM BTRIM SUBSTRING SUBSTR OVERLAY STRING_AGG")
_ROUNDING = words("ROUND FLOOR CEIL CEILING TRUNC SIGN")
_MEASURED = words("SQRT POWER EXP LN LOG")
_DEVIATION = words("AVG STDDEV STDDEV_POP STDDEV_SAMP VARIANCE VAR_POP VAR_SAMP")
_SUMS = {
    "SMALLINT": "BIGINT",
    "INTEGER": "BIGINT",
    "BIGINT": "DECIMAL",
    "DECIMAL": "DECIMAL",
    "REAL": "REAL",
    "DOUBLE PRECISION": "DOUBLE PRECISION",
    "interval": "interval",
}


def result(name: str, given: Sequence[str | None]) -> str | None:
    """What a function gives; `SAME`, or None where it is not known.

    Args:
        name: in upper case.
        given: the types of its arguments, `?` for a literal that has none yet.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    first = given[0] if given else None
    if first is None:
        return None
    if name in _OF_TEXT:
        if first == "BYTEA":
            return None if name in ("LOWER", "UPPER") else "BYTEA"
        return "TEXT" if first in TEXTS or first == "?" else None
    if name in _OF_FIRST and first != "?":
        return SAME if first != "CHAR" else None
    if name in ("MIN", "MAX"):
        return None if first in ("CHAR", "?") else "TEXT" if first in TEXTS else SAME
    if name == "SUM":
        return _SUMS.get(first)
    if name == "ABS":
        return SAME if first in NUMBERS else None
    if name == "MOD" and len(given) == 2 and given[1] is not None:
        return operated("%", first, given[1])
    if name == "GENERATE_SERIES" and first in _TIMES:
        return first
    if name == "GENERATE_SERIES" and len(given) > 1 and {*given} <= {*INTS}:
        return max((one for one in given if one is not None), key=INTS.index)
    if name == "DATE_TRUNC" and len(given) > 1:
        kind = given[1]
        return kind if kind in ("TIMESTAMP", "interval") else "TIMESTAMPTZ" if kind else None
    return _of_numbers(name, given)


def _of_numbers(name: str, given: Sequence[str | None]) -> str | None:
    first = given[0]
    if name in _DEVIATION:
        if first in FLOATS:
            return "DOUBLE PRECISION"
        return "interval" if first == "interval" and name == "AVG" else _decimal(first)
    if name in _ROUNDING and len(given) == 1:
        return "DECIMAL" if first == "DECIMAL" else "DOUBLE PRECISION" if first in NUMBERS else None
    if name in ("ROUND", "TRUNC") and len(given) == 2:
        return _decimal(first)
    if name in _MEASURED:
        if any(one not in NUMBERS for one in given):
            return None
        exact = "DECIMAL" in given and not {*given} & {*FLOATS}
        return "DECIMAL" if exact else "DOUBLE PRECISION"
    return None


def _decimal(kind: str | None) -> str | None:
    return "DECIMAL" if kind in INTS or kind == "DECIMAL" else None


def operated(sign: str, left: str, right: str) -> str | None:
    """What an operator gives that does not compare."""
    if sign == "||":
        return _joined(left, right)
    if sign in ("->", "#>", "#-"):
        return left if left in _JSON else None
    if sign in ("->>", "#>>"):
        return "TEXT" if left in _JSON else None
    if sign in ("&", "|", "#", "<<", ">>"):
        if left not in INTS or right not in INTS:
            return None
        return left if sign in ("<<", ">>") else max(left, right, key=INTS.index)
    if sign == "^":
        return _of_numbers("POWER", [left, right])
    if left in NUMBERS and right in NUMBERS:
        if {left, right} <= {*INTS}:
            return max(left, right, key=INTS.index)
        if not {left, right} & {*FLOATS}:
            return "DECIMAL"
        return "REAL" if {left, right} == {"REAL"} else "DOUBLE PRECISION"
    if "?" in (left, right):
        if sign == "+" and left in _TIMES:  # of an interval
            return left
        return left if left in NUMBERS else right if right in NUMBERS else None
    return _with_times(sign, left, right)


def _with_times(sign: str, left: str, right: str) -> str | None:
    """Of dates, times and intervals."""
    if sign == "+" and (left in INTS or left == "interval"):
        left, right = right, left
    if left == "DATE" and right in INTS and sign in "+-":
        return "DATE"
    if left == right == "DATE" and sign == "-":
        return "INTEGER"
    if right == "interval" and sign in "+-":
        return _LATER.get(left)
    if sign == "-" and ((left in _DAYS and right in _DAYS) or left == right == "TIME"):
        return "interval"
    if {left, right} == {"DATE", "TIME"} and sign == "+":
        return "TIMESTAMP"
    if (left == "interval" and right in NUMBERS and sign in "*/") or (
        right == "interval" and left in NUMBERS and sign == "*"
    ):
        return "interval"
    return None


def _joined(left: str, right: str) -> str | None:
    if left == right and left in ("JSONB", "BYTEA"):
        return left
    if "?" in (left, right) and {left, right} & {"JSONB", "BYTEA"}:
        return left if right == "?" else right
    if left.endswith("[]") or right.endswith("[]"):
        array, other = (left, right) if left.endswith("[]") else (right, left)
        return array if other in (array, array[:-2], "?") else None
    if left in TEXTS or right in TEXTS or left == right == "?":
        return "TEXT"
    return None
