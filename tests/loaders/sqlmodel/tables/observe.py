"""What SQLAlchemy really has of a module of models: the observed side of `test_observed.py`.

    python observe.py models/*.py.txt    (with a Python that has SQLModel; writes *.observed.json)

The models end in `.txt` because they are written as people write them, and not as this project.

Written with SQLModel 0.0.50 and SQLAlchemy 2.1. The results are kept, so the tests need neither.
"""

from __future__ import annotations

import importlib.machinery
import json
import sys
import types
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import schema

PG = postgresql.dialect()


def sql(element: Any) -> str:
    """An expression as the DDL has it on PostgreSQL."""
    compiler = PG.ddl_compiler(PG, None)
    text = compiler.sql_compiler.process(element, include_table=False, literal_binds=True)
    return str(text).replace("%%", "%")  # doubled for the driver


def constraint_name(constraint: Any) -> str | None:
    """The constraint's name in the DDL."""
    if isinstance(constraint, sa.Index):
        return str(constraint.name) if constraint.name else None
    if constraint.name is None:
        return None
    found = PG.identifier_preparer.format_constraint(constraint)
    return found.strip('"') if found else None


def default_kind(column: Any) -> str | None:
    """How the client comes by its default."""
    default = column.default
    if default is None:
        return None
    if isinstance(default, schema.Sequence) or default.is_callable:
        return "callable"
    return "sql" if default.is_clause_element else "scalar"


def type_name(found: Any) -> str:
    """SQLAlchemy's class of a type, behind the module's own."""
    if isinstance(found, sa.types.TypeDecorator):
        return type_name(found.impl_instance)
    known = (
        one for one in type(found).__mro__ if one.__module__.startswith(("sqlalchemy", "sqlmodel"))
    )
    return next(known).__name__


def column(found: Any) -> dict[str, Any]:
    """One column."""
    server = PG.ddl_compiler(PG, None).get_column_default_string(found)
    return {
        "name": found.name,
        "nullable": bool(found.nullable),
        "primary_key": found.primary_key,
        "type": type_name(found.type),
        "default": default_kind(found),
        "server_default": server if not found.computed and not found.identity else None,
        "computed": sql(found.computed.sqltext) if found.computed is not None else None,
        "identity": found.identity is not None,
        "on_update": found.onupdate is not None,
        "comment": found.comment,
    }


def index(found: Any) -> dict[str, Any]:
    """One index."""
    where = {
        dialect: sql(condition)
        for dialect in ("postgresql", "sqlite")
        if (condition := found.dialect_options[dialect]["where"]) is not None
    }
    members = [
        sql(one.self_group() if not isinstance(one, schema.Column) else one)
        for one in found.expressions
    ]
    return {
        "name": constraint_name(found),
        "unique": bool(found.unique),
        "members": members,
        "where": where,
    }


def table(found: Any) -> dict[str, Any]:
    """One table."""
    kinds: dict[str, list[Any]] = {"uniques": [], "checks": [], "foreign_keys": []}
    own = [one for column in found.columns for one in column.constraints]
    for one in [*found.constraints, *own]:
        if isinstance(one, sa.UniqueConstraint):
            kinds["uniques"].append(
                {"name": constraint_name(one), "columns": [c.name for c in one.columns]}
            )
        elif type(one) is sa.CheckConstraint and not one._type_bound:
            kinds["checks"].append({"name": constraint_name(one), "sql": sql(one.sqltext)})
        elif isinstance(one, sa.ForeignKeyConstraint):
            kinds["foreign_keys"].append(
                {
                    "name": constraint_name(one),
                    "columns": [c.name for c in one.columns],
                    "targets": [str(e.column.table.fullname) + "." + e.column.name
                                for e in one.elements],
                    "ondelete": one.ondelete and one.ondelete.lower(),
                    "onupdate": one.onupdate and one.onupdate.lower(),
                }
            )  # fmt: skip
    kinds["indexes"] = [index(one) for one in found.indexes]
    for many in kinds.values():
        many.sort(key=lambda one: json.dumps(one, sort_keys=True))
    return {
        "comment": found.comment,
        "columns": [column(one) for one in found.columns],
        "primary_key": [one.name for one in found.primary_key.columns],
        "primary_key_name": constraint_name(found.primary_key),
        **kinds,
    }


def relations(mapper: Any) -> dict[str, Any]:
    """The navigation attributes of one class."""
    return {
        one.key: {
            "target": one.mapper.class_.__name__,
            "many": bool(one.uselist),
            "back": one.back_populates or None,
            "secondary": getattr(one.secondary, "name", None),
        }
        for one in mapper.relationships
    }


def observe(path: Path) -> dict[str, Any]:
    """Import the models and say what they are."""
    name = path.name.partition(".")[0]
    loader = importlib.machinery.SourceFileLoader(name, str(path))
    module = types.ModuleType(name)
    sys.modules[name] = module
    loader.exec_module(module)
    orm.configure_mappers()
    tables: dict[str, Any] = {}
    attributes: dict[str, Any] = {}
    links: dict[str, Any] = {}
    for registry in list(orm.mapperlib._all_registries()):
        for mapper in registry.mappers:
            if mapper.class_.__module__ != name:
                continue
            for one in mapper.tables:
                tables[one.fullname] = table(one)
            attributes[mapper.class_.__name__] = {
                one.columns[0].name: one.key
                for one in mapper.column_attrs
                if hasattr(one.columns[0], "table") and one.columns[0].table is mapper.local_table
            }
            if found := relations(mapper):
                links[mapper.class_.__name__] = found
    made = [
        getattr(value, "metadata", value) if isinstance(value, type) else value
        for value in vars(module).values()
    ]
    for value in made:
        if isinstance(value, sa.MetaData):
            tables.update({one.fullname: table(one) for one in value.tables.values()})
        elif isinstance(value, sa.Table):
            tables[value.fullname] = table(value)
    return {"tables": tables, "attributes": attributes, "relations": links}


if __name__ == "__main__":
    # One module for each process: they would share SQLModel's metadata.
    if len(sys.argv) > 2:
        import subprocess

        for argument in sys.argv[1:]:
            subprocess.run([sys.executable, __file__, argument], check=False)
    else:
        source = Path(sys.argv[1])
        text = json.dumps(observe(source), indent=1, sort_keys=True) + "\n"
        source.with_suffix("").with_suffix(".observed.json").write_text(text, "utf8")
