"""What the ends of all paths through a body amount to."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from schemalint.condition.quoting import quoted_name
from schemalint.loaders.sql.triggers.effect import Effect
from schemalint.loaders.sql.triggers.expression import text
from schemalint.loaders.sql.triggers.paths import Fact, Path, fold_column
from schemalint.model import Dialect


def effects(paths: Sequence[Path], dialect: Dialect | None) -> tuple[Effect, ...]:
    """The effects of the paths that there are, in their order; of no event yet.

    First what is refused for certain; then what is dropped; then the values that are given. As
    conditions speak of the row before the trigger, and no row is under two of them, one effect
    after the other is what the body does. `opaque` stands last where something is not known.
    """
    writes = tuple(dict.fromkeys([table for path in paths for table in path.writes]))
    if all(path.ending == "refuse" for path in paths):
        return (Effect((), "raises", writes=writes),)
    refusing = [path for path in paths if path.ending == "refuse" and not path.unsure]
    others = [path for path in paths if path not in refusing]
    found = []
    if refusing:
        found.append(Effect((), "raises-if", condition=_any_of(refusing)))
    found.extend(_rest(others, dialect, alone=not refusing))
    found[0] = msgspec.structs.replace(found[0], writes=writes)
    return tuple(found)


def _rest(paths: Sequence[Path], dialect: Dialect | None, *, alone: bool) -> list[Effect]:
    """What becomes of the changes that are not refused; `alone` where none are."""
    endings = {path.ending for path in paths}
    unsure = any(path.unsure for path in paths)
    if endings == {"pass"}:
        if not any(path.assigned for path in paths):
            return [Effect((), "nothing")] if alone else []
        if not unsure or len({path.assigned for path in paths}) == 1:
            return [_sets(paths, dialect)]
    if endings == {"skip"} and alone:
        return [Effect((), "skips")]
    if endings <= {"pass", "skip"} and not unsure:
        skipping = [path for path in paths if path.ending == "skip"]
        passing = [path for path in paths if path.ending == "pass"]
        found = [Effect((), "skips-if", condition=_any_of(skipping))]
        if any(path.assigned for path in passing):
            found.append(_sets(passing, dialect))
        return found
    tainted = [path.tainted for path in paths if path.tainted]
    reason = tainted[0] if tainted else "what it does depends on more than the row"
    return [Effect((), "opaque", reason=reason)]


# -- conditions --------------------------------------------------------------------------------


def _any_of(paths: Sequence[Path]) -> str:
    """SQL that is true exactly where one of the paths is taken; or another that refuses."""
    conditions = list(dict.fromkeys([_all_of(path.facts) for path in paths]))
    if len(conditions) == 1:
        return conditions[0]
    return " OR ".join([f"({condition})" for condition in conditions])


def _all_of(facts: Sequence[Fact]) -> str:
    """SQL that is true exactly where all the facts hold that do not go without saying.

    The other side of a settled fact is refused, here or by another condition beside this one.
    """
    wanted = list(dict.fromkeys([fact for fact in facts if not fact.settled]))
    if len(wanted) == 1 and wanted[0].true:
        return wanted[0].condition
    return " AND ".join([_fact(fact) for fact in wanted]) or "TRUE"


def _fact(fact: Fact) -> str:
    return f"({fact.condition})" if fact.true else f"({fact.condition}) IS NOT TRUE"


# -- values ------------------------------------------------------------------------------------


def _sets(paths: Sequence[Path], dialect: Dialect | None) -> Effect:
    """Each column that some path gives a value, with the value that it has in the end."""
    columns = {
        fold_column(column, dialect): column for path in paths for column, _ in path.assigned
    }
    assigns = tuple([(column, _value(column, paths, dialect)) for column in columns.values()])
    return Effect((), "sets", assigns=assigns)


def _value(column: str, paths: Sequence[Path], dialect: Dialect | None) -> str:
    values: list[tuple[str, str]] = []
    for path in paths:
        assigned = {fold_column(name, dialect): value for name, value in path.assigned}
        given = assigned.get(fold_column(column, dialect))
        kept = f"NEW.{quoted_name(column, dialect)}"
        values.append((_all_of(path.facts), text(given) if given is not None else kept))
    if len({value for _, value in values}) == 1:
        return values[0][1]
    *first, last = values
    whens = " ".join([f"WHEN {condition} THEN {value}" for condition, value in first])
    return f"CASE {whens} ELSE {last[1]} END"
