"""PL/pgSQL bodies to steps."""

from __future__ import annotations

from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.triggers.body import WRITES, harmless, has, reader, statement, write
from schemalint.loaders.sql.triggers.expression import Expression, Part, sign, until, word
from schemalint.loaders.sql.triggers.steps import (
    Assign,
    Choose,
    MayFail,
    Protected,
    Refuse,
    Return,
    Step,
    Steps,
    Unclear,
)
from schemalint.model import Dialect

_QUIET_LEVELS = ("DEBUG", "LOG", "INFO", "NOTICE", "WARNING")
_ENDS = ("END", "EXCEPTION", "ELSIF", "ELSEIF", "ELSE", "WHEN")
_LOOPS = ("LOOP", "WHILE", "FOR", "FOREACH")
_QUIET = ("NOTIFY", "LISTEN", "UNLISTEN", "GET", "RESET", "REFRESH")
_RETURNED = {
    ("NEW",): "new",
    ("OLD",): "old",
    ("NULL",): "null",
    ("COALESCE", "(", "NEW", ",", "OLD", ")"): "either",
}


def read(body: str, dialect: Dialect | None) -> Steps:
    """The steps of a function's body.

    Raises:
        SyntaxFaultError: the body is not what PL/pgSQL asks for.
    """
    cursor = reader(body, dialect)
    if cursor.accept("#"):
        cursor.next()
        cursor.next()
    steps = _block(cursor)
    cursor.accept(";")
    if not cursor.done:
        raise cursor.unexpected("the end of the body")
    return steps


def _block(cursor: Cursor) -> Steps:
    """[DECLARE ...] BEGIN ... [EXCEPTION WHEN ... THEN ...] END."""
    _label(cursor)
    declared = _declarations(cursor) if cursor.accept("DECLARE") else ()
    cursor.expect("BEGIN")
    steps = (*declared, *_steps(cursor))
    handlers = []
    if cursor.accept("EXCEPTION"):
        while cursor.accept("WHEN"):
            until(cursor, "THEN")
            cursor.expect("THEN")
            handlers.append(_steps(cursor))
    cursor.expect("END")
    if not cursor.done and not cursor.at(";"):
        cursor.name()
    return (Protected(steps, tuple(handlers)),) if handlers else steps


def _label(cursor: Cursor) -> None:
    if cursor.accept("<<"):
        cursor.name()
        cursor.expect(">>")


def _declarations(cursor: Cursor) -> Steps:
    """Variables: only the values that they begin with can matter."""
    steps: list[Step] = []
    while not cursor.at("BEGIN"):
        declared = statement(cursor)
        if has(declared, "ALIAS"):
            steps.append(Unclear("a row has another name"))
        for at, part in enumerate(declared):
            if part.text in (":=", "=", "DEFAULT"):
                steps.extend(harmless(declared[at + 1 :], cursor.dialect, "a declaration"))
                break
        if cursor.done:
            raise cursor.unexpected("BEGIN")
    return tuple(steps)


def _steps(cursor: Cursor) -> Steps:
    """Statements, up to the word that ends the list."""
    steps: list[Step] = []
    while not cursor.done and not cursor.at_any(*_ENDS):
        steps.extend(_statement(cursor))
    match steps[-2:]:  # IF NEW IS DISTINCT FROM OLD THEN ... RETURN NEW; END IF; RETURN OLD
        case [Choose(((condition, (*_, Return())),), ()), Return("old")] if _differs(condition):
            steps[-1] = Return("new")
    return tuple(steps)


def _statement(cursor: Cursor) -> Steps:
    if cursor.at("<<"):
        _label(cursor)
    token = cursor.peek()
    if token.kind == "word" and _is_assignment(cursor):
        return _assignment(cursor)
    match token.text if token.kind == "word" else "":
        case "BEGIN" | "DECLARE":
            steps = _block(cursor)
            cursor.expect(";")
            return steps
        case "IF":
            return (_if(cursor),)
        case "CASE":
            return (_case(cursor),)
        case "RAISE":
            return _raise(cursor)
        case "RETURN":
            return _return(cursor)
        case "ASSERT":
            return _assert(cursor)
        case "NULL":
            statement(cursor)
            return ()
        case "PERFORM":
            cursor.next()
            return harmless(statement(cursor), cursor.dialect, "PERFORM")
        case "SELECT":
            return _select(cursor)
        case word if word in WRITES:
            return write(cursor)
        case word if word in _LOOPS:
            return _loop(cursor)
        case "EXECUTE" | "CALL" | "WITH":
            return _unseen(cursor)
        case word if word in _QUIET and not has(statement(cursor), "NEW", "OLD"):
            return ()
    left = token.text
    statement(cursor)
    return (Unclear(f"the statement {left} is not followed"),)


# -- choices -----------------------------------------------------------------------------------


def _if(cursor: Cursor) -> Choose:
    cursor.expect("IF")
    branches = [_branch(cursor)]
    otherwise: Steps = ()
    while cursor.accept("ELSIF") or cursor.accept("ELSEIF"):
        branches.append(_branch(cursor))
    if cursor.accept("ELSE"):
        otherwise = _steps(cursor)
    cursor.expect("END", "IF")
    cursor.expect(";")
    # Where the rows are the same, it is one which of them is returned.
    unchanged = any(_differs(condition) for condition, _ in branches)
    branches = [(one, _as_new(steps) if _agrees(one) else steps) for one, steps in branches]
    return Choose(tuple(branches), _as_new(otherwise) if unchanged else otherwise)


def _as_new(steps: Steps) -> Steps:
    return (Return("new"),) if steps == (Return("old"),) else steps


def _differs(condition: Expression) -> bool:
    """Whether a condition asks if anything of the row changes."""
    return _compared(condition) == ("IS", "DISTINCT", "FROM")


def _agrees(condition: Expression) -> bool:
    """Whether a condition asks if nothing of the row changes."""
    return _compared(condition) in (("IS", "NOT", "DISTINCT", "FROM"), ("=",))


def _compared(condition: Expression) -> tuple[str, ...]:
    """How the whole rows OLD and NEW are compared: `ROW(NEW.*) IS DISTINCT FROM ROW(OLD.*)`."""
    texts = [part.text for part in condition if part.kind in ("word", "sign")]
    texts = [text for text in texts if text not in ("ROW", "(", ")", ".", "*")]
    if len(texts) < 3 or {texts[0], texts[-1]} != {"NEW", "OLD"}:
        return ()
    return tuple(texts[1:-1]) if len(texts) <= len(condition) else ()


def _branch(cursor: Cursor) -> tuple[Expression, Steps]:
    condition = until(cursor, "THEN")
    cursor.expect("THEN")
    return condition, _steps(cursor)


def _case(cursor: Cursor) -> Choose:
    """CASE of statements: without ELSE, an error where no branch is taken."""
    cursor.expect("CASE")
    subject = until(cursor, "WHEN")
    branches = []
    otherwise: Steps = (Refuse(),)
    while cursor.accept("WHEN"):
        condition, steps = _branch(cursor)
        branches.append((is_in(subject, condition) if subject else condition, steps))
    if cursor.accept("ELSE"):
        otherwise = _steps(cursor)
    cursor.expect("END", "CASE")
    cursor.expect(";")
    return Choose(tuple(branches), otherwise)


def is_in(subject: Expression, values: Expression) -> Expression:
    """`(subject) IN (values)`: what WHEN of a CASE with a subject asks."""
    opening = Part("sign", "(", "(", True)
    return (sign("("), *subject, sign(")"), word("IN"), opening, *values, sign(")"))


# -- ends --------------------------------------------------------------------------------------


def _raise(cursor: Cursor) -> Steps:
    """RAISE: without a level, or with EXCEPTION, an error."""
    cursor.expect("RAISE")
    quiet = cursor.at_any(*_QUIET_LEVELS)
    left = statement(cursor)
    return harmless(left, cursor.dialect, "RAISE") if quiet else (Refuse(),)


def _return(cursor: Cursor) -> Steps:
    cursor.expect("RETURN")
    value = statement(cursor)
    while value and value[0].text == "(" and value[-1].text == ")":
        value = value[1:-1]
    what = _RETURNED.get(tuple([part.text for part in value]))
    match what:
        case "new" | "old" | "null" | "either":
            return (Return(what),)
    return (Unclear("returns a row of its own making"),)


def _assert(cursor: Cursor) -> Steps:
    """ASSERT condition: an error unless it is true."""
    cursor.expect("ASSERT")
    condition = until(cursor, ",", ";")
    statement(cursor)
    return (Choose(((condition, ()),), (Refuse(),)),)


# -- values ------------------------------------------------------------------------------------


def _is_assignment(cursor: Cursor) -> bool:
    """Whether `name[.name] :=` or `=` comes next."""
    at = 1
    while cursor.peek(at).text == "." and cursor.peek(at).kind == "sign":
        at += 2
    if cursor.peek(at).text == "[":
        return True
    return cursor.peek(at).kind == "sign" and cursor.peek(at).text in (":=", "=")


def _assignment(cursor: Cursor) -> Steps:
    row = cursor.next().text
    if row not in ("NEW", "OLD"):
        return harmless(statement(cursor), cursor.dialect, "an assignment")
    if row == "OLD" or not cursor.accept("."):
        statement(cursor)
        return (Unclear(f"{row} becomes another row"),)
    column = cursor.name().text
    if not (cursor.accept(":=") or cursor.accept("=")):
        statement(cursor)
        return (Unclear(f"a part of {column} gets a value"),)
    return (Assign(column, statement(cursor)),)


def _select(cursor: Cursor) -> Steps:
    """SELECT ... INTO variables."""
    found = statement(cursor)
    for at, part in enumerate(found):
        if part.kind == "word" and part.text == "INTO":
            target = found[at + 1].text if at + 1 < len(found) else ""
            targets = found[at + 1 : next_word(found, at + 1, "FROM")]
            if has(targets, "NEW", "OLD"):
                return (Unclear("the row gets values from a query"),)
            if target == "STRICT":
                return (MayFail("SELECT INTO STRICT can find nothing"),)
    return harmless(found, cursor.dialect, "SELECT")


def next_word(parts: Expression, start: int, text: str) -> int:
    """Where this word stands at `start` or behind it; the end where it does not."""
    for at in range(start, len(parts)):
        if parts[at].kind == "word" and parts[at].text == text:
            return at
    return len(parts)


# -- what is not followed ----------------------------------------------------------------------


def _unseen(cursor: Cursor) -> Steps:
    """Statements that only the running database knows."""
    what = cursor.peek().text
    found = statement(cursor)
    if has(found, "INTO", "CALL") and has(found, "NEW", "OLD"):
        return (Unclear(f"{what} can change the row"),)
    return (MayFail(f"{what} runs what is not to be seen here"),)


def _loop(cursor: Cursor) -> Steps:
    """A loop up to END LOOP; one that neither returns nor changes the row goes on behind it."""
    start = cursor.at_token
    depth = 0
    while True:
        token = cursor.next()
        if token.kind == "word" and token.text == "LOOP":
            if cursor.tokens[cursor.at_token - 2].text == "END":
                depth -= 1
                if not depth:
                    break
            else:
                depth += 1
    statement(cursor)
    words = [token.text for token in cursor.tokens[start : cursor.at_token]]
    changes = any(
        word in ("NEW", "OLD") and words[at - 1] in (";", "THEN", "ELSE", "LOOP", "BEGIN", "INTO")
        for at, word in enumerate(words)
    )
    if changes or "RETURN" in words or "EXIT" in words or "CONTINUE" in words:
        return (Unclear("a loop is not followed"),)
    return (MayFail("a loop is not followed"),)
