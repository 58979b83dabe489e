"""Small random bodies of triggers, for a table t(id, a, b, s) and a table log(n)."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Choice = Callable[[], str]


class Bodies:
    """Makes bodies in the language of one database.

    Args:
        seed: of all that is made; the same seed gives the same bodies.
        database: `sqlite`, `postgresql` or `mysql`.
        rows: which of NEW and OLD the trigger's events have.
    """

    def __init__(self, seed: int, database: str, rows: tuple[str, ...]) -> None:
        self.random = Random(seed)
        self.database = database
        self.rows = rows
        self.assigns = database != "sqlite" and "NEW" in rows

    # -- conditions

    def condition(self, depth: int = 2) -> str:
        kind = self.random.random()
        if depth and kind < 0.2:
            return f"{self.condition(depth - 1)} AND {self.condition(depth - 1)}"
        if depth and kind < 0.4:
            return f"({self.condition(depth - 1)} OR {self.condition(depth - 1)})"
        if depth and kind < 0.55:
            return f"NOT ({self.condition(depth - 1)})"
        return self._atom()

    def _column(self, *names: str) -> str:
        return f"{self.random.choice(self.rows)}.{self.random.choice(names)}"

    def _atom(self) -> str:
        number, text = self._column("a", "b"), self._column("s")
        sign = self.random.choice(["=", "<>", "<", ">=", "!="])
        atoms = [
            f"{number}{sign}{self.random.randint(-1, 3)}",
            f"{number} {sign} {self._column('a', 'b')}",
            f"{number} {sign} {self._column('a', 'b')}",
            f"{number} > 2.8",
            f"{number} IS NULL",
            f"{number} IS NOT NULL",
            f"{number} BETWEEN 1 AND {self.random.randint(1, 3)}",
            f"{number} + 1 > {self._column('a', 'b')} - 1",
            f"coalesce({number}, 0) > {self.random.randint(-1, 2)}",
            f"{text} = '{self.random.choice(['x', 'y', ''])}'",
            f"{text} IN ('x', 'xy')",
            f"{text} NOT IN ('x', '')",
            f"{text} LIKE 'x%'",
            f"lower({text}) = 'x'",
            f"length({text}) > 1",
            f"(CASE WHEN {number} > 1 THEN {text} = 'x' ELSE {number} IS NULL END)",
            f"{number} /* why */ > 1",
            "EXISTS (SELECT 1 FROM log)",
        ]
        if self.database == "postgresql":
            event = self.random.choice(["INSERT", "UPDATE", "DELETE"])
            atoms += [
                f"TG_OP = '{event}'",
                f"TG_OP <> '{event}'",
                f"TG_OP IN ('{event}', 'TRUNCATE')",
                "NEW IS DISTINCT FROM OLD",
                "NEW.* IS DISTINCT FROM OLD.*",
                f"{number} IS DISTINCT FROM {self._column('a', 'b')}",
                f"{text}::text ~ '^x'",
            ]
        elif self.database == "mysql":
            atoms += [f"NOT ({number} <=> {self._column('a', 'b')})", f"{number} / 2 > 1"]
            atoms += [f"{text} = 0", f"{number} = 'x'", f"3 / {number} > 1", f"{number} % 2 = 0"]
        else:
            atoms += [f"{number} IS NOT {self._column('a', 'b')}", f"{number} / 2 > 1"]
        return self.random.choice(atoms)

    # -- bodies

    def body(self) -> str:
        """A body: what stands between $$ in PostgreSQL, else all behind FOR EACH ROW."""
        if self.database == "sqlite":
            count = self.random.randint(1, 3)
            return "BEGIN " + " ".join([self._sqlite() for _ in range(count)]) + " END"
        steps = self._steps(2)
        if self.database == "mysql":
            return f"BEGIN {steps} END"
        last = self.random.choice([self._return(), self._return(), self._return(), ""])
        declared = self.random.choice(["", "DECLARE n integer := 0; "])
        return f"{declared}BEGIN {steps} {last} END"

    def _steps(self, depth: int) -> str:
        return " ".join([self._step(depth) for _ in range(self.random.randint(1, 2))])

    def _step(self, depth: int) -> str:
        kinds: list[Choice] = [self._refusal, self._log, self._quiet]
        if self.assigns:
            kinds.append(self._assignment)
        if depth:
            kinds += [lambda: self._if(depth - 1)] * 5
            kinds += [lambda: self._case(depth - 1), lambda: f"BEGIN {self._steps(depth - 1)} END;"]
        if self.database == "postgresql":
            kinds += [self._return, self._assert]
            if depth:
                kinds.append(lambda: self._handled(depth - 1))
        return self.random.choice(kinds)()

    def _if(self, depth: int) -> str:
        elsif = "ELSIF" if self.database == "postgresql" else "ELSEIF"
        text = f"IF {self.condition()} THEN {self._steps(depth)} "
        if self.random.random() < 0.3:
            text += f"{elsif} {self.condition()} THEN {self._steps(depth)} "
        if self.random.random() < 0.4:
            text += f"ELSE {self._steps(depth)} "
        return text + "END IF;"

    def _case(self, depth: int) -> str:
        if self.random.random() < 0.5:
            start, when = "CASE", self.condition()
        else:
            start, when = f"CASE {self._column('a', 'b')}", "1"
        text = f"{start} WHEN {when} THEN {self._steps(depth)} "
        if self.random.random() < 0.7:
            text += f"ELSE {self._steps(depth)} "
        return text + "END CASE;"

    def _handled(self, depth: int) -> str:
        handler = self.random.choice(["NULL;", "RETURN NEW;", "RAISE;", self._log()])
        return f"BEGIN {self._steps(depth)} EXCEPTION WHEN OTHERS THEN {handler} END;"

    def _refusal(self) -> str:
        if self.database == "mysql":
            return f"SIGNAL SQLSTATE '{self.random.choice(['45000', '02000', '23000'])}';"
        return self.random.choice(
            ["RAISE EXCEPTION 'no %', 1;", "RAISE 'no';", "RAISE unique_violation;"]
        )

    def _quiet(self) -> str:
        if self.database == "mysql":
            return self.random.choice(["SIGNAL SQLSTATE '01000';", "SET @x = 1;"])
        return self.random.choice(["RAISE NOTICE 'no';", "NULL;", "PERFORM 1;", "n := 2;"][:3])

    def _log(self) -> str:
        return "INSERT INTO log VALUES (1);"

    def _assignment(self) -> str:
        column, value = self.random.choice(
            [
                ("a", "7"),
                ("a", "2.6"),  # the column makes 3 of it
                ("a", "coalesce(NEW.a, 5)"),
                ("b", "NEW.a"),
                ("b", "OLD.b" if "OLD" in self.rows else "3"),
                ("a", "OLD.a" if "OLD" in self.rows else "NEW.b + 1"),
                ("s", "lower(NEW.s)"),
                ("s", "'new'"),
            ]
        )
        if self.database == "mysql":
            return f"SET NEW.{column} = {value};"
        return f"NEW.{column} {self.random.choice([':=', '='])} {value};"

    def _return(self) -> str:
        rows = ["NEW", "NEW", "OLD", "NULL", "COALESCE(NEW, OLD)"]
        return f"RETURN {self.random.choice(rows)};"

    def _assert(self) -> str:
        return f"ASSERT {self.condition(1)}, 'no';"

    def _sqlite(self) -> str:
        action = self.random.choice(
            ["RAISE(ABORT, 'no')", "RAISE(FAIL, 'no')", "RAISE(ROLLBACK, 'no')", "RAISE(IGNORE)"]
        )
        return self.random.choice(
            [
                f"SELECT {action};",
                f"SELECT {action} WHERE {self.condition()};",
                f"SELECT {action} WHERE {self.condition()};",
                f"SELECT CASE WHEN {self.condition()} THEN {action} END;",
                f"SELECT CASE WHEN {self.condition()} THEN 1 WHEN {self.condition()} THEN {action}"
                f" ELSE 2 END WHERE {self.condition()};",
                f"SELECT CASE {self._column('a', 'b')} WHEN 1 THEN {action} END;",
                f"SELECT iif({self.condition()}, {action}, 0);",
                f"SELECT {action} FROM log;",
                "INSERT INTO log VALUES (1);",
                "SELECT 1;",
            ]
        )
