"""Whether what is decided by reading agrees with what execution shows.

A *pair* is a schema, a rule over it, and a database to try both on. Judged broken, inexpressible
or weak, some attack of the rule has to get through; judged kept, none may, and whatever the rule
demands has to be accepted. `python -m tests.prove.agreement SOURCE DATABASE [KIND ...]` tells what
disagrees: SOURCE is `examples`, `variations`, `truth`, `random FIRST LAST` or `drawn FIRST LAST`,
DATABASE `sqlite`, `postgresql` or `mysql`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum

import msgspec
import pytest

from schemalint.attack import Insert
from schemalint.condition.decide import Given, satisfiable
from schemalint.condition.quoting import quoted
from schemalint.condition.terms import Column, Compare, Is, Literal, Not, Term
from schemalint.context import Context
from schemalint.ddl import Omission
from schemalint.engine import check
from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.model import (
    Check,
    Dialect,
    ForeignKey,
    Layer,
    Model,
    ScalarType,
    Schema,
    Trigger,
)
from schemalint.prove.database import BuildError, Database, NotProvable
from schemalint.prove.execution import Proof, Prover
from schemalint.prove.outcome import steps
from schemalint.prove.rows.row_conditions import row_conditions
from schemalint.rule import Verdict
from schemalint_rules.judging.rows.rows import Rows
from tests.prove.carrying_out import REGISTRY, build, load, rulebook, sqlite
from tests.prove.empty_tables import is_empty
from tests.rules.databases import POSTGRESQL

DIALECTS = {
    "sqlite": Dialect.SQLITE,
    "postgresql": Dialect.POSTGRESQL,
    "mysql": Dialect.MARIADB,
}


class Pair(msgspec.Struct, frozen=True):
    """A schema and a rule over it (an entry without its `id` and `says`)."""

    name: str
    schema: Schema
    rule: str


class Result(StrEnum):
    """How execution stands to a judgement."""

    AGREES = "agrees"
    NOTHING_THROUGH = "judged not kept, and nothing gets through"
    THROUGH = "judged kept, and an attack gets through"
    REFUSED = "judged kept, and what it demands is refused"
    NOT_TRIED = "judged not kept, and no attack could be tried"
    IDLE = "judged kept, and no attack could be tried"
    NO_ROWS = "the table can hold no row at all"
    NO_ROW_FOUND = "no row was found, and a trigger on INSERT is not understood"
    UNDECIDED = "not decided by reading"
    NOT_ASKED = "the database does not answer what the rule asks"
    NO_CHANGE = "nothing of a row can be changed"
    NOT_BUILT = "the database does not take the schema"
    ASIDE = "no matter of rows"


WRONG = (Result.NOTHING_THROUGH, Result.THROUGH, Result.REFUSED, Result.NOT_TRIED)


class Compared(msgspec.Struct, frozen=True):
    """One rule over one model, by reading and by execution."""

    pair: Pair
    result: Result
    proof: Proof | None = None
    why: str = ""

    def __str__(self) -> str:
        lines = [f"--- {self.pair.name}: {self.result}", self.pair.rule.strip()]
        lines += [file.text.strip() for file in self.pair.schema.files]
        if self.proof is None:
            return "\n".join([*lines, self.why])
        judged = self.proof.judged
        lines.append(f"judged {judged.verdict} {judged.layer or ''}: {judged.message}")
        for one in self.proof.outcomes:
            lines.append(f"  {one.end:10} {one.attack.aim:9} {one.attack.says}  {one.what}")
            for sent in one.statements:
                answer = f"  -- {sent.refusal.message}" if sent.refusal else ""
                lines.append(f"{'':8}{sent.sql}{answer}")
        return "\n".join(lines)


def is_immutable(proof: Proof, schema: Schema) -> bool:
    """Whether a time of change need not change, as nothing else can."""
    rule = proof.entry.rule
    updated = getattr(rule, "updated", None)
    if rule.kind != "audit" or updated is None:
        return False
    if schema.dialect in (Dialect.SQLITE, Dialect.POSTGRESQL) and any(
        one.effect == "skips" and one.timing == "before" and one.for_each == "row" and not one.when
        for one in _on_update(proof.model)
    ):
        return True  # what a trigger drops without a word, `immutable` does not count as refused
    names = [one.name for one in proof.model.fields if updated.text not in (one.name, one.column)]
    fields = ", ".join(names)
    immutable = f"immutable: {{of: {proof.model.name}, fields: [{fields}]}}"
    return check({}, schema, rulebook(immutable)).rules[0].verdict is Verdict.KEPT


def result(proof: Proof, pair: Pair) -> Result:
    """How the outcomes of a proof stand to its judgement."""
    judged, schema = proof.judged, pair.schema
    if not proof.outcomes:
        return Result.ASIDE
    if judged.verdict is Verdict.UNKNOWN:
        return Result.UNDECIDED
    kept = judged.verdict is Verdict.KEPT and judged.layer in (None, Layer.DATABASE)
    shown = proof.shown
    if any("not answer" in one.what for one in proof.outcomes if one.end == "not tried"):
        return Result.NOT_ASKED
    refused = shown is not None and shown.end == "refused"
    if (shown is None if not kept else refused) and (
        any(is_empty(one, schema) for one in _spoken_of(proof))
        or _points_never(proof, schema)
        or _is_kept_of_what_points_nowhere(proof.model, pair)
    ):
        return Result.NO_ROWS
    if not kept and shown is None and is_immutable(proof, schema):
        return Result.NO_CHANGE
    if shown is None and all(one.end == "not tried" for one in proof.outcomes):
        if not kept and any(_is_watched(one, schema) for one in _spoken_of(proof)):
            return Result.NO_ROW_FOUND
        return Result.IDLE if kept else Result.NOT_TRIED
    if kept and shown is not None:
        return Result.REFUSED if shown.end == "refused" else Result.THROUGH
    if not kept and shown is None:
        return Result.NOTHING_THROUGH
    return Result.AGREES


def _is_watched(model: Model, schema: Schema) -> bool:
    """Whether a trigger that is not understood may refuse every row, of the table or of one that
    its rows have to point at."""
    tables = {model.table}
    for one in schema.models:
        if one.table in tables:
            tables |= {key.table for key in one.foreign_keys}
    return any(
        trigger.effect == "opaque" and "insert" in trigger.events
        for one in schema.models
        if one.table in tables
        for trigger in one.triggers
    )


def _spoken_of(proof: Proof) -> list[Model]:
    """The models of which rows have to be there."""
    moves = [move for one in proof.outcomes for move in steps(one.attack)]
    found = {move.model.name: move.model for move in moves if isinstance(move, Insert)}
    return list({**found, proof.model.name: proof.model}.values())


def _points_never(proof: Proof, schema: Schema) -> bool:
    """Whether a reference is broken for the sake of rows that point, and none ever can."""
    rule = proof.entry.rule
    if rule.kind != "reference":
        return False
    context = Context(schema, schema.dialect or Dialect.SQLITE)
    target = context.model(rule.to)  # type: ignore[attr-defined]  # the kind has it
    rows = Rows(proof.model, context, Layer.DATABASE)
    facts, of_insert = rows.facts, []
    if any(one.effect == "raises" and not one.when for one in _on_update(proof.model)):
        # What INSERT refuses no UPDATE can make of a row.
        of_insert = [one.given for one in row_conditions(proof.model, facts, context.dialect)]
    for key in proof.model.foreign_keys:
        filled = tuple(Not(Is(Column(column), None)) for column in key.columns)
        if key.model != target.name:
            continue
        if rows.impossible(filled):
            return True
        if satisfiable([*map(Given, filled), *of_insert], facts).answer is False:
            return True
        if rule.on_delete == "set_default":  # type: ignore[attr-defined]  # the kind has it
            # It shows on rows that point elsewhere than the default leads.
            away = _away_from_default(proof.model, key)
            if away is not None and rows.impossible((*filled, away)):
                return True
    return False


def _is_kept_of_what_points_nowhere(model: Model, pair: Pair) -> bool:
    """Whether the rule is kept by rows that do not point where no row can be: a trigger that
    refuses them all may be younger than what its table holds, so no judgement reads it so."""
    schema = pair.schema
    empty = {one.table for one in schema.models if is_empty(one, schema)}
    checks = [
        Check(
            None,
            " OR ".join(f"{quoted(one, schema.dialect)} IS NULL" for one in key.columns),
            key.span,
        )
        for key in model.foreign_keys
        if key.layer is Layer.DATABASE and key.table in empty
    ]
    bound = msgspec.structs.replace(model, checks=(*model.checks, *checks))
    models = tuple([bound if one is model else one for one in schema.models])
    narrower = msgspec.structs.replace(schema, models=models)
    judged = check({}, narrower, rulebook(pair.rule)).rules[0]
    return bool(checks) and judged.verdict is Verdict.KEPT


def _away_from_default(model: Model, key: ForeignKey) -> Term | None:
    field = model.column(key.columns[0])
    default = field.default if field is not None else None
    texts = field is not None and field.type in (ScalarType.STRING, ScalarType.ENUM)
    if len(key.columns) > 1 or default is None or default.kind != "literal" or not texts:
        return None
    return Compare("<>", Column(key.columns[0]), Literal(default.value))


def _on_update(model: Model) -> list[Trigger]:
    """The triggers that see every UPDATE."""
    triggers = [one for one in model.triggers if "update" in one.events and one.enabled]
    return [one for one in triggers if not one.columns and not one.condition]


def compare(
    database: Database, pair: Pair, left_out: Sequence[Omission] = ()
) -> Iterator[Compared]:
    """Compare one pair; one answer for each model that the rule is over. The schema has to be
    built in the database already, but for what is `left_out`."""
    prover = Prover(database, left_out=left_out)
    checked = check({}, pair.schema, rulebook(pair.rule), execution=prover)
    for proof in prover.proofs:
        yield Compared(pair, result(proof, pair), proof, proof.why_not)
    if not prover.proofs:
        yield Compared(pair, Result.ASIDE, why=f"judged {checked.rules[0].verdict}")


def compared(database: Database, pairs: Iterable[Pair]) -> Iterator[Compared]:
    """Compare pairs; the schema of each is built anew unless it is that of the one before."""
    built: Schema | None = None
    left_out: tuple[Omission, ...] = ()
    for pair in pairs:
        try:
            if pair.schema is not built:
                built = None
                left_out = build(database, pair.schema)
                built = pair.schema
            yield from compare(database, pair, left_out)
        except (BuildError, NotProvable) as error:
            yield Compared(pair, Result.NOT_BUILT, why=str(error))


# -- where pairs come from -------------------------------------------------------------------------


def examples(name: str, kinds: Iterable[str]) -> Iterator[Pair]:
    """The examples of kinds that are for a database; in each language."""
    for kind in kinds:
        rule = REGISTRY.kind(kind)
        assert rule is not None
        for example in rule.examples:
            schema = load(example.schema, example.language)
            if _is_for(schema, name):
                yield Pair(f"{kind}: {example.says}", _for(schema, name), example.rule)


def variations(name: str, kinds: Iterable[str]) -> Iterator[Pair]:
    """The schemas in SQL whose verdicts are known."""
    from tests.rules.sql_variations import VARIATIONS

    for one in VARIATIONS:
        if name in one.databases and _kind(one.rule) in kinds:
            schema = switched_on(load(one.script(name), "sql", DIALECTS[name]))
            yield Pair(one.name, schema, one.rule)


def truth(name: str, kinds: Iterable[str]) -> Iterator[Pair]:
    """The observed cases, as schemas with rules."""
    from tests.corpus.truth_cases import cases
    from tests.corpus.truth_rules import RULES
    from tests.corpus.truth_verdicts import load as of_case

    places = {"sqlite": ("sqlite", "sqlite-strict"), "mysql": ("mariadb",)}
    for number, databases in cases().items():
        mapped = RULES.get(number)
        for place in places.get(name, (name,)):
            case = databases.get(place)
            if mapped is None or case is None or not case.built or mapped.reason_out(place):
                continue
            rule = mapped.rule_for(place)
            if _kind(rule) in kinds:
                schema = of_case(case).schema
                if mapped.foreign_keys:
                    schema = switched_on(schema)
                yield Pair(f"{number} {place}", schema, rule)


def random_pairs(name: str, kinds: Iterable[str], seeds: range) -> Iterator[Pair]:
    """Random schemas in SQL with random rules that come near to them."""
    from random import Random

    from tests.oracle.verdicts.rules import random_rule
    from tests.oracle.verdicts.sql_schemas import random_sql_schema
    from tests.oracle.verdicts.sql_trial import _by_stored_names

    counts = {"exactly_one", "at_least_one", "at_most_one"}
    weights = dict.fromkeys((kind for kind in kinds if kind in _RANDOM_KINDS), 1)
    if counts & set(kinds):
        weights["count"] = 1
    for seed in seeds:
        made = random_sql_schema(Random(f"sql {seed}"), name)
        citext = name == "postgresql" and "citext" in made.ddl.lower()
        extension = "CREATE EXTENSION IF NOT EXISTS citext;\n" if citext else ""
        schema = switched_on(load(extension + made.ddl, "sql", DIALECTS[name]))
        for number in range(3):
            rule = random_rule(Random(f"{seed}/{number}"), made.schema, weights)
            if rule is None:
                continue
            if rule.kind == "unique":
                rule.parameters.setdefault("nulls", "distinct")
            _by_stored_names(rule)
            yield Pair(f"random {seed}/{number}", schema, rule.text)


_RANDOM_KINDS = {
    "unique": 4,
    "identity": 1,
    "required": 2,
    "optional": 1,
    "check": 3,
    "states": 3,
    "immutable": 6,
    "reference": 4,
    "many_to_many": 1,
    "audit": 1,
}


def drawn_pairs(name: str, kinds: Iterable[str], seeds: range) -> Iterator[Pair]:
    """Random tables with many sorts of CHECKs and unique indexes, and random questions."""
    import random

    from tests.rules.drawn_tables import draw_question, draw_table

    for seed in seeds:
        for kind in ("sqlite", "strict") if name == "sqlite" else (name,):
            table = draw_table(random.Random(f"{kind}{seed}"), kind)
            ddl = ";\n".join(table.ddl()).replace(" ENGINE=MyISAM", "") + ";"
            schema = load(ddl, "sql", DIALECTS[name])
            for number in range(3):
                question = draw_question(random.Random(f"{seed}/{number}"), table)
                if _kind(question.rule) in kinds:
                    yield Pair(f"drawn {kind} {seed}/{number}", schema, question.rule)


def _kind(rule: str) -> str:
    for line in rule.strip().splitlines():
        word = line.partition(":")[0].strip()
        if REGISTRY.kind(word) is not None:
            return word
    raise AssertionError(rule)


def _is_for(schema: Schema, name: str) -> bool:
    mysql = (Dialect.MYSQL, Dialect.MARIADB)
    if name == "mysql":
        return schema.dialect in mysql
    return schema.dialect is DIALECTS[name]


def _for(schema: Schema, name: str) -> Schema:
    return msgspec.structs.replace(schema, dialect=DIALECTS[name])


# -- where they are tried --------------------------------------------------------------------------


@contextmanager
def _postgresql() -> Iterator[Database]:
    pytest.importorskip("psycopg")
    from schemalint.prove.databases.postgresql import Postgresql

    try:
        database = Postgresql(POSTGRESQL)
    except NotProvable as error:
        pytest.skip(f"no PostgreSQL server: {error}")
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _mysql() -> Iterator[Database]:
    pytest.importorskip("pymysql")
    from schemalint.prove.databases.mysql import Mysql
    from tests.prove.servers import MARIADB_URL

    try:
        database = Mysql(MARIADB_URL)
    except NotProvable as error:
        pytest.skip(f"no MariaDB server: {error}")
    try:
        yield database
    finally:
        database.close()


def opened(name: str) -> AbstractContextManager[Database]:
    """A throwaway database; skips the test where there is no server."""
    makers: dict[str, Callable[[], AbstractContextManager[Database]]] = {
        "sqlite": sqlite,
        "postgresql": _postgresql,
        "mysql": _mysql,
    }
    return makers[name]()


def main(arguments: list[str]) -> None:
    """Tell what disagrees, and count the rest."""
    source, *rest = arguments
    seeds = range(0)
    if source in ("random", "drawn"):
        first, last, *rest = rest
        seeds = range(int(first), int(last))
    name, *kinds = rest
    pairs = {
        "examples": lambda: examples(name, kinds),
        "variations": lambda: variations(name, kinds),
        "truth": lambda: truth(name, kinds),
        "random": lambda: random_pairs(name, kinds, seeds),
        "drawn": lambda: drawn_pairs(name, kinds, seeds),
    }[source]()
    counts: Counter[str] = Counter()
    with opened(name) as database:
        for one in compared(database, pairs):
            counts[one.result] += 1
            if one.result in WRONG:
                print(one, flush=True)
            elif one.result is Result.NOT_BUILT:
                print(f"{one.pair.name}: {one.result}: {one.why}", flush=True)
    for wording, count in sorted(counts.items()):
        print(f"{count:5} {wording}")


if __name__ == "__main__":
    main(sys.argv[1:])
