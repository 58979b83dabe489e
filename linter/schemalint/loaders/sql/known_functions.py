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
    age array_agg array_append array_cat array_dims array_lower array_ndims array_position
    array_prepend array_remove array_to_string array_upper ascii auth avg bool_and bool_or chr
    clock_timestamp col_description concat_ws count create_hypertable crypt current_query
    current_role current_schema current_setting current_user currval date_add date_part date_sub
    decode dense_rank digest div encode every extract first_value format gen_random_bytes
    gen_random_uuid gen_salt generate_series get_byte get_lock group_concat has_table_privilege
    hashtext hashtextextended hstore initcap isfinite json_agg json_array json_array_length
    json_build_array json_build_object json_object json_object_agg jsonb_agg jsonb_array_length
    jsonb_build_array jsonb_build_object jsonb_insert jsonb_object jsonb_object_agg jsonb_set
    jsonb_strip_nulls justify_days justify_hours justify_interval jwt lag last_insert_id
    last_insert_rowid last_value lastval lead lo_create lo_unlink localtimestamp lpad make_date
    make_interval make_time make_timestamp make_timestamptz max md5 min mod nextval ntile
    obj_description overlay pg_advisory_lock pg_advisory_unlock pg_advisory_unlock_all
    pg_advisory_xact_lock pg_backend_pid pg_current_snapshot pg_current_xact_id
    pg_get_constraintdef pg_get_expr pg_get_functiondef pg_get_indexdef pg_get_serial_sequence
    pg_get_viewdef pg_has_role pg_last_xact_replay_timestamp pg_notify pg_relation_size
    pg_reload_conf pg_size_pretty pg_sleep pg_snapshot_xmin pg_stat_reset pg_table_size
    pg_terminate_backend pg_total_relation_size pg_trigger_depth pg_try_advisory_lock pg_typeof
    position power quote quote_ident quote_literal quote_nullable random randomblob rank
    regexp_match regexp_matches regexp_replace regexp_split_to_array release_lock role row_number
    row_to_json rpad session_user set_config setval setweight sha256 sign split_part sqrt
    statement_timestamp string_agg string_to_array sum sysdate timezone to_ascii to_char to_date
    to_json to_jsonb to_number to_regclass to_regtype to_timestamp to_tsvector total
    transaction_timestamp translate trunc txid_current txid_current_snapshot uid unaccent
    unix_timestamp unnest user uuid uuid_generate_v1 uuid_generate_v4 uuid_generate_v7 uuidv7
    version
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
