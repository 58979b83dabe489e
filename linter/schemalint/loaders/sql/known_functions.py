"""Functions of the databases that are known to change no table."""

from __future__ import annotations

from schemalint.loaders.sql.lexer import words
from schemalint.model import Dialect

_PURE = words(
    """
    abs btrim ceil ceiling char_length character_length coalesce concat floor greatest ifnull
    instr least left length lower ltrim nullif octet_length replace reverse right round rtrim
    strpos trim upper
    """
)
_PURE_OF = {
    Dialect.SQLITE: words(
        """
        char date datetime glob hex iif json_type json_valid julianday max min printf quote
        strftime substr substring time typeof unicode unixepoch
        """
    ),
    Dialect.POSTGRESQL: words(
        """
        array_length cardinality date_trunc jsonb_typeof now num_nonnulls num_nulls starts_with
        """
    ),
    Dialect.MYSQL: words(
        """
        curdate current_date current_time current_timestamp curtime date datediff day if isnull
        lcase month now substr substring ucase utc_date utc_timestamp year
        """
    ),
}
_READING = words(
    """
    age array_agg array_append array_remove array_to_string auth avg clock_timestamp concat_ws
    count create_hypertable current_query current_role current_schema current_setting current_user
    currval date_add date_part date_sub extract gen_random_bytes gen_random_uuid get_byte get_lock
    group_concat has_table_privilege hstore json_agg json_array json_build_array json_build_object
    json_object jsonb_agg jsonb_build_array jsonb_build_object jsonb_set jwt last_insert_id
    last_insert_rowid lastval localtimestamp lo_create lo_unlink lpad make_interval md5 nextval
    pg_advisory_lock pg_advisory_unlock pg_advisory_unlock_all pg_advisory_xact_lock
    pg_current_xact_id pg_get_serial_sequence pg_has_role pg_notify pg_reload_conf pg_sleep
    pg_stat_reset pg_terminate_backend pg_trigger_depth pg_try_advisory_lock position quote
    quote_ident quote_literal random randomblob regexp_replace release_lock role row_to_json rpad
    session_user set_config setval setweight split_part statement_timestamp string_agg sum
    sysdate to_char to_json to_jsonb to_tsvector total transaction_timestamp txid_current uid
    unaccent unix_timestamp unnest user uuid uuid_generate_v1 uuid_generate_v4 uuid_generate_v7
    uuidv7 version
    """
)
_EVERY = _PURE.union(*_PURE_OF.values(), _READING)


def is_pure(function: str, dialect: Dialect | None) -> bool:
    """Whether the function (lower case) depends on its arguments and the time alone, and fails
    for none of the types that it is for."""
    families = {Dialect.MARIADB: Dialect.MYSQL, Dialect.COCKROACHDB: Dialect.POSTGRESQL}
    family = families.get(dialect, dialect) if dialect is not None else None
    return function in _PURE or (family in _PURE_OF and function in _PURE_OF[family])


def is_harmless(function: str) -> bool:
    """Whether the function (lower case, without its schema) changes no table."""
    return function in _EVERY
