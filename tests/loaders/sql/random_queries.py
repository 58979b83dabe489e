"""Queries at random, to compare the columns that are read of them with a database's."""

from __future__ import annotations

from random import Random

TABLES = (
    'CREATE TABLE a (id int PRIMARY KEY, "Nm" text, x int)',
    "CREATE TABLE b (id int, y int, z date)",
    "CREATE TABLE c (id int, w text, x int)",
)

_MEMBERS = (
    "{t}.id",
    "{t}.id AS i{n}",
    "{t}.id i{n}",
    "{t}.*",
    "*",
    "count(*)",
    "max({t}.id) m{n}",
    "{t}.id + 1",
    "({t}.id)",
    "({t}.id + 1) s{n}",
    "-{t}.id AS neg{n}",
    "CASE WHEN {t}.id > 1 THEN 1 END c{n}",
    "CASE WHEN {t}.id > 1 THEN {t}.id END",
    "(SELECT b.y FROM b LIMIT 1)",
    "(SELECT b.y AS q FROM b LIMIT 1)",
    "{t}.id IS NULL AS n{n}",
    "{t}.id IS NULL n{n}",
    "NOT ({t}.id = 1) k{n}",
    "{t}.id BETWEEN 1 AND 2",
    "{t}.id BETWEEN 1 AND 2 bt{n}",
    "'x'",
    "'x' lit{n}",
    "NULL AS nil{n}",
    "lower('a')",
    "coalesce({t}.id, 0)",
    "'a' || 'b' cc{n}",
    "row_number() OVER (ORDER BY 1) rn{n}",
    "sum(1) FILTER (WHERE 1 = 1)",
    "CAST({t}.id AS text) AS cast{n}",
)
_OF_POSTGRESQL = (
    "{t}.id::text",
    "coalesce({t}.id, 0)::int",
    "now()::timestamp with time zone AS mt{n}",
    "now() AT TIME ZONE 'UTC'",
    "now() AT TIME ZONE 'UTC' AS tz{n}",
    "{t}.id IS DISTINCT FROM 3 AS ds{n}",
    "{t}.id IS DISTINCT FROM 3 dt{n}",
    "interval '1 day' iv{n}",
    "date '2020-01-01'",
    "extract(epoch FROM now()) ep{n}",
    "substring('abc' FROM 1 FOR 2)",
    "pg_catalog.lower('A')",
    "(ARRAY[1, 2])[1] AS el{n}",
    "percentile_disc(0.5) WITHIN GROUP (ORDER BY 1)",
    "true tr{n}",
)
_JOINS = (
    "{l} JOIN {r} ON 1 = 1",
    "{l} LEFT JOIN {r} ON (1 = 1)",
    "{l} CROSS JOIN {r}",
    "{l} JOIN {r} USING (id)",
    "{l} NATURAL JOIN {r}",
    "{l}, {r}",
)


class Queries:
    """Draws queries over `TABLES`; a database may refuse some."""

    def __init__(self, seed: int, *, postgresql: bool) -> None:
        self._random = Random(seed)
        self._members = _MEMBERS + (_OF_POSTGRESQL if postgresql else ())

    def query(self, depth: int = 0) -> str:
        """A SELECT, a UNION of two, or one that has WITH."""
        random = self._random
        if random.random() < 0.1:
            one = self.query(depth + 1)
            return f"SELECT * FROM ({one}) u UNION ALL {one}"
        source, aliases = self._source(depth)
        members = [
            random.choice(self._members).format(t=random.choice(aliases), n=random.randint(1, 9999))
            for _ in range(random.randint(1, 4))
        ]
        first = random.choice(("", "DISTINCT ", "ALL "))
        text = f"SELECT {first}{', '.join(members)} FROM {source}"
        if random.random() < 0.2:
            text += " WHERE 1 = 1"
        if random.random() < 0.1 and not depth:
            return f"WITH w AS ({text}) SELECT * FROM w"
        return text

    def _source(self, depth: int) -> tuple[str, list[str]]:
        random = self._random
        kind = random.random()
        alias = f"q{random.randint(1, 999)}"
        word = random.choice(("AS ", ""))
        if kind < 0.5 or depth > 2:
            return f"{random.choice('abc')} {word}{alias}", [alias]
        if kind < 0.75:
            return f"({self.query(depth + 1)}) {word}{alias}", [alias]
        left, ones = self._source(depth + 1)
        right, others = self._source(depth + 1)
        join = "{l}, {r}" if ", " in left + right else random.choice(_JOINS)
        return join.format(l=left, r=right), ones + others
