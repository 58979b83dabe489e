"""Keys, indexes, checks and exclusions of a table that is drawn in SQL."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.oracle.verdicts.conditions import Condition, random_condition
from tests.oracle.verdicts.schemas import Column, Key

if TYPE_CHECKING:
    from tests.prove.wide.sql import Table

_NO_HASH = ("BIT", "VARBIT", "MONEY", "TSVECTOR")
"""Types of PostgreSQL that a hash index takes no value of."""

_CHECKS = {
    "Int": ('"{0}" > 0', '"{0}" BETWEEN 0 AND 3', '"{0}" IN (1, 2)', '"{0}" <> 2', '"{0}" + 1 > 1'),
    "String": (
        "\"{0}\" <> ''",
        'length("{0}") > 0',
        "\"{0}\" IN ('a', 'b')",
        "\"{0}\" LIKE 'a%'",
        'lower("{0}") = "{0}"',
        "trim(\"{0}\") <> ''",
    ),
}


def keys_of(random: Random, table: Table) -> None:
    """Draw what keeps rows of the table apart, finds them, and refuses them."""
    draw = _Keys(random, table)
    for number in range(random.choice((0, 1, 1, 2))):
        draw.unique(number)
    for number in range(random.choice((0, 0, 0, 1, 1, 2))):
        draw.index(number)
    for _ in range(random.choice((0, 0, 1, 1, 2))):
        draw.check()
    if table.provider == "postgresql" and random.random() < 0.15:
        for number in range(random.choice((1, 1, 1, 2))):
            draw.exclusion(number)


class _Keys:
    def __init__(self, random: Random, table: Table) -> None:
        self.random = random
        self.table = table
        self.model = table.model
        self.provider = table.provider
        self.columns = [
            one for one in self.model.columns if table.sorts[one.name].key and one.type != "Pair"
        ]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def _condition(self) -> tuple[Condition, str]:
        condition = random_condition(self.random, self.model, simple=True)
        return condition, condition.sql(self.model, self.provider)

    def _chosen(self) -> list[Column]:
        size = min(self.random.choice((1, 1, 2, 2, 3)), len(self.columns))
        return self.random.sample(self.columns, size)

    # -- unique

    def unique(self, number: int) -> None:
        """A constraint or an index, with what its database knows of either."""
        chosen = self._chosen()
        names = tuple(one.name for one in chosen)
        if not chosen or names == self.model.id or any(k.columns == names for k in self._known()):
            return
        called = f"u_{self.model.name}_{number}"
        if self.chance(0.45):
            self._constraint(called, chosen)
            self.model.uniques.append(Key(names))
        else:
            self._index(called, chosen)

    def _known(self) -> list[Key]:
        return self.model.uniques

    def _member(self, column: Column, *, index: bool) -> str:
        random, provider = self.random, self.provider
        text = f'"{column.name}"'
        sort = self.table.sorts[column.name]
        if provider == "mysql":
            if sort.prefix:
                return f"{text}(3)"
            if column.type == "String" and "CHAR" in sort.sql and self.chance(0.2):
                return f"{text}(2)"
            return text + (" DESC" if self.chance(0.1) else "")
        if not index:
            return text
        text_like = column.type == "String" and not column.list and not column.native
        if text_like and self.chance(0.25):
            return random.choice((f"lower({text})", f"upper({text})"))
        if column.type == "Int" and not column.list and self.chance(0.08):
            return random.choice((f"({text} + 1)", f"abs({text})", f"coalesce({text}, 0)"))
        if text_like and self.chance(0.15):
            text += " COLLATE NOCASE" if provider == "sqlite" else ' COLLATE "C"'
        elif provider == "postgresql" and sort.sql == "TEXT" and self.chance(0.15):
            text += " text_pattern_ops"
        return text + random.choice(("", "", "", "", " DESC"))

    def _constraint(self, called: str, chosen: list[Column]) -> None:
        random, provider, table = self.random, self.provider, self.table
        names = tuple(one.name for one in chosen)
        parts = ", ".join(self._member(one, index=False) for one in chosen)
        named = f'CONSTRAINT "{called}" ' if self.chance(0.5) else ""
        line = f"{named}UNIQUE ({parts})"
        whole = "(" not in parts
        if provider == "postgresql":
            if self.chance(0.2):
                line = line.replace("UNIQUE", "UNIQUE NULLS NOT DISTINCT")
            if self.chance(0.25):
                line += random.choice(
                    (" DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED", " INITIALLY DEFERRED")
                )
                whole = False
            if self.chance(0.25):
                table.statements.append(f"ALTER TABLE {table.name} ADD {line}")
                line = ""
        elif provider == "sqlite" and self.chance(0.08):
            line += f" ON CONFLICT {random.choice(('REPLACE', 'IGNORE', 'FAIL', 'ABORT'))}"
        if line:
            table.lines.append(line)
        if whole and all(table.sorts[name].sql not in ("POINT",) for name in names):
            table.keys.append(names)

    def _index(self, called: str, chosen: list[Column]) -> None:
        _random, provider, table = self.random, self.provider, self.table
        parts = [self._member(one, index=True) for one in chosen]
        condition, tail = None, ""
        if provider == "postgresql":
            if self.chance(0.15):
                rest = [one.name for one in self.columns if one not in chosen]
                tail += f' INCLUDE ("{rest[0]}")' if rest else ""
            if self.chance(0.2):
                tail += " NULLS NOT DISTINCT"
        if provider != "mysql" and self.chance(0.3):
            condition, text = self._condition()
            tail += f" WHERE {text}"
        body = ", ".join(parts)
        table.statements.append(f'CREATE UNIQUE INDEX "{called}" ON {table.name} ({body}){tail}')
        names = tuple(one.name for one in chosen)
        self.model.uniques.append(Key(names, condition))
        if condition is None and parts == [f'"{name}"' for name in names]:
            table.keys.append(names)

    # -- indexes

    def index(self, number: int) -> None:
        """An access path of some kind."""
        random, provider, table = self.random, self.provider, self.table
        chosen = self._chosen()
        called = f'"i_{self.model.name}_{number}"'
        names = tuple(one.name for one in chosen)
        if not chosen:
            return
        sql = [table.sorts[one.name].sql for one in chosen]
        using, tail, prefix = "", "", ""
        parts = [self._member(one, index=True) for one in chosen]
        if provider == "postgresql":
            if chosen[0].list or sql[0] == "JSONB":
                using, parts = " USING gin", parts[:1]
                parts[0] = f'"{names[0]}"'
            elif sql[0].endswith("RANGE"):
                using, parts = " USING gist", [f'"{names[0]}"']
            elif self.chance(0.3):
                using, parts = random.choice((" USING hash", " USING brin")), parts[:1]
                parts[0] = f'"{names[0]}"'
                if using == " USING brin" and not sql[0].startswith(("INT", "TIMESTAMP", "DATE")):
                    using = ""
                if using == " USING hash" and sql[0] in _NO_HASH:
                    using = ""
        elif provider == "mysql" and sql[0] in ("VARCHAR", "CHAR", "TEXT") and self.chance(0.4):
            prefix, parts = "FULLTEXT ", [f'"{names[0]}"']
        if provider != "mysql" and self.chance(0.3):
            tail = f" WHERE {self._condition()[1]}"
        body = ", ".join(parts)
        if provider == "mysql" and self.chance(0.3) and not prefix:
            table.lines.append(f"INDEX ({body})")
        else:
            table.statements.append(
                f"CREATE {prefix}INDEX {called} ON {table.name}{using} ({body}){tail}"
            )
        self.model.indexes.append(names)

    # -- checks, exclusions

    def check(self) -> None:
        """A CHECK of a column or of the table."""
        random, provider, table = self.random, self.provider, self.table
        columns = [
            one
            for one in self.model.columns
            if one.type in _CHECKS and not one.list and not one.native
        ]
        if columns and self.chance(0.5):
            column = random.choice(columns)
            text = random.choice(_CHECKS[column.type]).format(column.name)
        else:
            text = random_condition(random, self.model).sql(self.model, provider)
            text = random.choice((text, text, f"NOT ({text})", f"({text}) IS TRUE"))
        table.checks += 1
        if provider == "mysql" and any(f'"{name}"' in text for name in table.unchecked):
            return
        named = f'CONSTRAINT "c_{self.model.name}_{table.checks}" ' if self.chance(0.4) else ""
        line = f"{named}CHECK ({text})"
        if provider == "postgresql" and self.chance(0.2):
            tail = random.choice(("", " NOT VALID"))
            table.statements.append(f"ALTER TABLE {table.name} ADD {line}{tail}")
        elif provider == "mysql" and self.chance(0.15):
            table.statements.append(f"ALTER TABLE {table.name} ADD {line}")
        else:
            table.lines.append(line)

    def exclusion(self, number: int) -> None:
        """EXCLUDE of PostgreSQL's: over equal numbers, and ranges that overlap."""
        random, table = self.random, self.table
        whole = [
            one.name
            for one in self.model.columns
            if one.type == "Int"
            and not one.list
            and table.types[one.name] in ("INTEGER", "BIGINT", "SMALLINT", "DECIMAL(5,2)")
        ]
        names = {one.name for one in self.model.columns}
        parts = [f'"{random.choice(whole)}" WITH ='] if whole and self.chance(0.7) else []
        if {"starts", "ends"} <= names:
            moment = table.sorts["starts"].plain == "DateTime"
            kind = "tsrange" if moment else "int4range"
            bounds = random.choice(("", ", '[]'"))
            parts.append(f'{kind}("starts", "ends"{bounds}) WITH &&')
        elif "span" in names:
            parts.append('"span" WITH &&')
        elif len(whole) > 1 and self.chance(0.5):
            parts.append(f'"{whole[-1]}" WITH <>')
        if not parts:
            return
        where = f" WHERE ({self._condition()[1]})" if self.chance(0.25) else ""
        named = f'CONSTRAINT "x{number}_{self.model.name}" ' if self.chance(0.5) else ""
        later = random.choice(("", "", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"))
        using = " USING gist"
        if len(parts) == 1 and parts[0].endswith("="):
            using = random.choice((" USING gist", " USING btree", " USING hash", ""))
        table.lines.append(f"{named}EXCLUDE{using} ({', '.join(parts)}){where}{later}")
