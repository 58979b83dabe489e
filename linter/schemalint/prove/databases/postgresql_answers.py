"""What an answer of PostgreSQL means."""

from __future__ import annotations

from typing import NamedTuple

from schemalint.prove.database import NotProvable, RefusalKind, Refused

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_KINDS: dict[str, RefusalKind] = {
    "23505": "unique",
    "23502": "not null",
    "23503": "foreign key",
    "23001": "foreign key",  # ON DELETE RESTRICT
    "23514": "check",
    "23P01": "exclusion",
    "22001": "type",  # too long
    "22003": "type",  # out of range
    "22007": "type",  # no date or time
    "22008": "type",  # out of the range of dates
    "22021": "type",  # no character of the encoding
    "22026": "type",  # a bit string of another length
    "22032": "type",  # no JSON
    "22P02": "type",  # no text of the type, such as a label that an enum does not have
    "22P03": "type",
    "2200N": "type",  # no XML content
    "42804": "type",  # an expression of another type
    "57014": "time-out",
    "55P03": "time-out",  # of a lock
}
_RAISED = "P0"  # the class of PL/pgSQL
_NO_RIGHT = "42501"
_NO_OBJECT = "42704"
# A function, an object, a table, a schema that is not there.
_UNDEFINED = frozenset(("42883", _NO_OBJECT, "42P01", "3F000"))
# Out of memory or disk, a limit of the server, a fault of the system or of the server itself.
_TROUBLES = ("53", "58", "XX", "57P")
_RAISED_BY = "exec_stmt_raise"  # in PostgreSQL's source: RAISE, with whatever code it states


class Answer(NamedTuple):
    """An error that the server gave: its SQLSTATE, its message on one line, what it names, and the
    character of the statement that it points at, from 0."""

    state: str
    message: str
    constraint: str | None
    source: str | None
    place: int | None

    @property
    def kind(self) -> RefusalKind:
        """What refused the statement."""
        if self.source == _RAISED_BY or self.state.startswith(_RAISED):
            return "raised"
        return _KINDS.get(self.state, "other")

    @property
    def is_undefined(self) -> bool:
        """Whether something is not there that the statement, or what it fires, names."""
        return self.state in _UNDEFINED and self.source != _RAISED_BY

    @property
    def is_of_the_place(self) -> bool:
        """Whether the error says less about the schema than about the server, or the role that
        tries it there: what a more powerful role, or a server with other roles and tablespaces
        on it, might not have met."""
        if self.kind == "raised":
            return False
        if self.state == _NO_RIGHT:
            return not self.message.startswith("new row violates row-level security")
        if self.state == _NO_OBJECT:
            return self.message.startswith(("role ", "tablespace "))
        return self.state.startswith(_TROUBLES)


def refused(answer: Answer, number: int) -> Refused:
    """What the answer means to the writer of a group's statement `number`.

    Raises:
        NotProvable: it says nothing about the schema.
    """
    if answer.is_of_the_place:
        raise NotProvable(f"the throwaway role or its server is not up to this: {answer.message}")
    return Refused(answer.message, answer.kind, answer.constraint, number, answer.place)
