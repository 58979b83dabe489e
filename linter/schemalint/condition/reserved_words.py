"""Words that one database alone reads as keywords where a table or a column is named.

Found by naming a table and its column so on SQLite 3.40, PostgreSQL 15 and MariaDB 10.11, for each
word of their lists of keywords (tests/condition/test_quoting_servers.py); those of MySQL 8 and 9
that MariaDB has not are from MySQL's manual, "Keywords and Reserved Words".
"""

from __future__ import annotations

from schemalint.model import Dialect

_POSTGRESQL = frozenset(
    """
    analyse collation concurrently current_catalog current_role current_schema deferrable freeze
    tablesample variadic verbose
    """.split()  # noqa: SIM905 -- quoted words would be no easier to read
)
_MYSQL = frozenset(
    """
    accessible add asensitive before bigint blob call continue cume_dist current_role cursor
    day_hour day_microsecond day_minute day_second dec decimal declare delayed delete_domain_id
    dense_rank deterministic distinctrow do_domain_ids double dual elseif empty enclosed escaped
    exit first_value float4 float8 generated get high_priority hour_microsecond hour_minute
    hour_second ignore_domain_ids infile inout insensitive int1 int2 int3 int4 int8
    io_after_gtids io_before_gtids iterate json_table lag last_value lead library linear lines load
    longblob longtext low_priority manual master_bind master_demote_to_replica
    master_demote_to_slave master_ssl_verify_server_cert maxvalue mediumblob mediumint mediumtext
    middleint minute_microsecond minute_second modifies no_write_to_binlog nth_value ntile numeric
    of optimize optimizer_costs optionally outfile page_checksum parallel parse_vcol_expr
    percent_rank portion precision purge qualify read_write reads ref_system_id require resignal
    row_number second_microsecond sensitive separator smallint spatial specific sql_big_result
    sql_buffer_result sql_cache sql_calc_found_rows sql_no_cache sql_small_result sqlexception
    sqlstate sqlwarning ssl starting stats_auto_recalc stats_persistent stats_sample_pages stored
    straight_join terminated tinyblob tinyint tinytext undo utc_date utc_time utc_timestamp value
    varbinary varcharacter virtual
    """.split()  # noqa: SIM905 -- quoted words would be no easier to read
)
RESERVED_WORDS: dict[Dialect, frozenset[str]] = {
    Dialect.SQLITE: frozenset({"add", "autoincrement", "commit", "deferrable", "nothing", "raise"}),
    Dialect.POSTGRESQL: _POSTGRESQL,
    Dialect.COCKROACHDB: _POSTGRESQL,
    Dialect.MYSQL: _MYSQL,
    Dialect.MARIADB: _MYSQL,
}
"""By database, in lower case; what every one of them reserves is in `quoting`."""
