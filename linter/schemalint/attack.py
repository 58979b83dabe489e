"""What a rule forbids, and how a writer would get there: a rule's meaning as things to do.

`BusinessRule.judge` decides from the schema. Here the same rule is said once more, for execution:
its `Forbidden` looks at real rows and changes of rows and says what is wrong with them, and its
`Attack`s are series of `Move`s, each a statement of an ordinary writer, that would lead there.
`schemalint.prove` carries them out. Whether an attack got through is decided by `Forbidden` alone,
from rows that were read back: an attack that gets nowhere can waste time, but not lie.

Columns are named by their physical names throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias

import msgspec

from schemalint.condition.terms import Term
from schemalint.model import Model

# -- values ----------------------------------------------------------------------------------


class Same(msgspec.Struct, frozen=True):
    """What the row called `row` holds in `column` at that moment."""

    row: str
    column: str


class OtherCase(msgspec.Struct, frozen=True):
    """The text that the row called `row` holds in `column`, with its letters in the other case, but
    for so many at its beginning."""

    row: str
    column: str
    keeping: int = 0


class Fresh(msgspec.Struct, frozen=True):
    """A valid value of the column that no row has in it, and no row that it could point at."""


class Unnamed(msgspec.Struct, frozen=True):
    """The column is not named, so that its default, or NULL, is stored."""


class Supplied(msgspec.Struct, frozen=True):
    """What the client's library names for a column that a writer does not name: its own default."""

    value: Any


class Written(msgspec.Struct, frozen=True):
    """An expression of SQL: `(SELECT s FROM t WHERE false)`."""

    sql: str


FRESH = Fresh()
UNNAMED = Unnamed()

Value: TypeAlias = Any
"""One of the above, or a value itself: None for NULL, bool, int, float, Decimal, str, bytes, what
`datetime` has, UUID, a list, or what JSON holds (dict)."""


# -- moves -----------------------------------------------------------------------------------


class Insert(msgspec.Struct, frozen=True, kw_only=True):
    """A row is stored; from then on it is called `row`.

    `values` are given; what else the row needs is chosen, parents included, so that nothing but
    what the attack is about can be a reason to refuse it. `satisfying` are conditions that have to
    be true of it. `replacing` is SQLite's and MySQL's REPLACE, `ignoring` MySQL's INSERT IGNORE.
    `through` is a view that the statement names in the table's place, with the same columns.
    `setup` tells that the attack only starts after this: where it is refused nothing has been
    tried. With `unless_there` nothing is stored where a row has all of `values` already, as the
    database compares them: then it is that row.
    """

    row: str
    model: Model
    values: Mapping[str, Value] = {}
    satisfying: tuple[Term, ...] = ()
    through: Model | None = None
    replacing: bool = False
    ignoring: bool = False
    setup: bool = False
    unless_there: bool = False


class Follower(msgspec.Struct, frozen=True):
    """The row called `row` is changed by the statement that changes another one: each of its
    `columns` gets what the other row gets in the column that stands with it."""

    row: str
    columns: Mapping[str, str]


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """The row called `row` is changed; with `satisfying`, to values that make these true.

    `changing` are columns that get another value than they have, together, the first that is
    accepted and changes the row. `replacing` is SQLite's UPDATE OR REPLACE, `ignoring` MySQL's
    UPDATE IGNORE. `through` is another table that the statement names and that has the row too
    (PostgreSQL: what it inherits from, or is a part of). A `follower` is changed by the same
    statement (PostgreSQL's WITH): its foreign keys are looked at when both are done.
    """

    row: str
    values: Mapping[str, Value] = {}
    satisfying: tuple[Term, ...] = ()
    changing: tuple[str, ...] = ()
    through: Model | None = None
    follower: Follower | None = None
    replacing: bool = False
    ignoring: bool = False
    setup: bool = False


class Upsert(msgspec.Struct, frozen=True, kw_only=True):
    """A row with the key (`columns`) of the row called `row` is inserted, which changes that row's
    `values` instead: ON CONFLICT DO UPDATE, ON DUPLICATE KEY UPDATE."""

    row: str
    columns: tuple[str, ...]
    values: Mapping[str, Value]
    setup: bool = False


class Delete(msgspec.Struct, frozen=True, kw_only=True):
    """The row called `row` is deleted."""

    row: str
    setup: bool = False


class Find(msgspec.Struct, frozen=True, kw_only=True):
    """The row of `model` that has these values is called `row` from then on: a parent that was made
    for another row. Nothing is sent; where there is none, nothing has been tried."""

    row: str
    model: Model
    values: Mapping[str, Value]
    setup: bool = True


Step: TypeAlias = Insert | Update | Upsert | Delete | Find
"""A move of one statement at most."""


class Together(msgspec.Struct, frozen=True, kw_only=True):
    """The steps are made in one transaction, so that what is only checked at its end sees what all
    of them did. States count at the end, changes after each step. `deferring`: a constraint that
    is checked at once, unless a transaction asks for later, is to be checked at the end, too.
    """

    moves: tuple[Step, ...]
    deferring: bool = False
    setup: bool = False


Move: TypeAlias = Step | Together


class Attack(msgspec.Struct, frozen=True, kw_only=True):
    """A way to get to what a rule forbids, or a use that it allows.

    `says` completes "a writer ..." (`stores two customers with the same email`). `aim`: `forbidden`
    should be refused by whoever keeps the rule. `allowed` should be accepted: where it is refused,
    the schema is stricter than the rule. `demanded` must be accepted: the rule says so.
    `clock` tells that time has to go on between two moves. `blaming`, of what is demanded: the
    kinds of refusal (see `prove.database.RefusalKind`) that show that it is the rule's own matter
    which is refused; after one of another kind nothing has been tried. () for all.
    `given`, of what is allowed: the columns of the last row in which the use lies. Where a
    constraint over these is what refuses it, the schema is stricter than the rule, and this is
    told; where something else does, nothing follows.
    """

    says: str
    moves: tuple[Move, ...]
    aim: Literal["forbidden", "allowed", "demanded"] = "forbidden"
    clock: bool = False
    blaming: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


# -- what is forbidden -----------------------------------------------------------------------


class Row(msgspec.Struct, frozen=True):
    """A stored row: its values by column, as the database's driver gives them, and for each
    condition that was asked for, whether it is true of the row (not false, not NULL)."""

    values: Mapping[str, Any]
    truths: tuple[bool, ...] = ()


class Watch(msgspec.Struct, frozen=True):
    """Rows to look at: those of `model`, each with the truth of `conditions`. `unchanged` tells
    that rows which a statement left as they were are to be among its changes, too. `telling` are
    columns whose values are wrong, where whatever led to them may well be accepted."""

    model: Model
    conditions: tuple[Term, ...] = ()
    unchanged: bool = False
    telling: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """What a statement made of one row of a watched model: None before it was stored, None once it
    is gone. `named` are the columns that the statement itself gave this row; `own` tells that the
    statement was about this row, and not about one that a foreign key or a trigger led from."""

    model: str
    before: Row | None
    after: Row | None
    named: frozenset[str] = frozenset()
    own: bool = False


State: TypeAlias = Mapping[str, Sequence[Row]]
"""The rows of each watched model, by the model's logical name."""


class Forbidden(Protocol):
    """What a rule forbids, from its definition; it asks nothing of the schema's constraints."""

    @property
    def watches(self) -> tuple[Watch, ...]:
        """The rows that have to be seen."""

    def in_state(self, state: State) -> str | None:
        """What is wrong with the rows, in words that follow "so that"; None if nothing."""

    def in_change(self, changes: Sequence[Change]) -> str | None:
        """What is wrong with what one statement did; None if nothing."""


class Combinations(msgspec.Struct, frozen=True, kw_only=True):
    """All rows of `model` that there can be, as far as the rule looks at them: each attack stores
    one, and gives `columns` values. Nothing else than a NOT NULL of these columns, or a CHECK over
    none but these, may be what refuses it, or nothing is known of that combination."""

    model: Model
    columns: tuple[str, ...]
    attacks: tuple[Attack, ...]


class Plan(msgspec.Struct, frozen=True):
    """A rule over one model, to be carried out: what it forbids, and the attacks, most telling
    first. `combinations` are worked out where reading leaves a rule over single rows undecided: if
    none of them gets through, the rule is kept."""

    forbidden: Forbidden
    attacks: tuple[Attack, ...]
    combinations: Callable[[], Combinations | None] | None = None
