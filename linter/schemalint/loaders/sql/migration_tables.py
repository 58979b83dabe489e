"""Tables in which tools keep what migrations have run; no migration makes them."""

from __future__ import annotations

from schemalint.loaders.sql.lexer import words

MIGRATION_TABLES = words(
    "__diesel_schema_migrations __drizzle_migrations __efmigrationshistory _prisma_migrations "
    "_sqlx_migrations _yoyo_log _yoyo_migration _yoyo_version alembic_version ar_internal_metadata "
    "atlas_schema_revisions databasechangelog databasechangeloglock django_migrations "
    "doctrine_migration_versions flyway_schema_history goose_db_version gorp_migrations "
    "knex_migrations knex_migrations_lock kysely_migration kysely_migration_lock "
    "mikro_orm_migrations pgmigrations phinxlog refinery_schema_history schema_migrations "
    "seaql_migrations sequelizemeta yoyo_lock"
)
"""In small letters: of Diesel, Drizzle, Entity Framework, Prisma, SQLx, Yoyo, Alembic, Rails,
Atlas, Liquibase, Django, Doctrine, Flyway, Goose, sql-migrate, Knex, Kysely, MikroORM,
node-pg-migrate, Phinx, Refinery, golang-migrate and dbmate, SeaORM, Sequelize."""
