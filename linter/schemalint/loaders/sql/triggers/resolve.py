"""Conditions in the light of what is known when a body runs: its event, its table, its timing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemalint.loaders.sql.triggers.expression import Expression, Part, word

Constants = Mapping[str, str]
"""The variables of a trigger (TG_OP ...), each with its value."""


def resolved(condition: Expression, constants: Constants) -> Expression | bool:
    """The condition without the parts that the constants settle; a bool where they settle all.

    A part that names a constant in another way than by comparing it with strings stays.
    """
    if not any(part.text in constants and part.kind == "word" for part in condition):
        return condition
    return _Reader(condition, constants).any_of()


class _Reader:
    """OR of ANDs of NOTs of parts, which are brackets or end at the next AND or OR."""

    def __init__(self, parts: Expression, constants: Constants) -> None:
        self.parts = parts
        self.constants = constants
        self.at = 0

    def any_of(self) -> Expression | bool:
        operands = [self.all_of()]
        while self._accept("OR"):
            operands.append(self.all_of())
        return _joined(operands, "OR", decisive=True)

    def all_of(self) -> Expression | bool:
        operands = [self.negation()]
        while self._accept("AND"):
            operands.append(self.negation())
        return _joined(operands, "AND", decisive=False)

    def negation(self) -> Expression | bool:
        start = self.at
        if self._accept("NOT"):
            inner = self.negation()
            return not inner if isinstance(inner, bool) else self.parts[start : self.at]
        return self.part()

    def part(self) -> Expression | bool:
        start = self.at
        depth = cases = betweens = 0
        while self.at < len(self.parts):
            token = self.parts[self.at]
            word = token.text if token.kind == "word" else ""
            if not depth and not cases:
                if word == "OR" or (word == "AND" and not betweens):
                    break
                betweens += (word == "BETWEEN") - (word == "AND")
            cases += (word == "CASE") - (word == "END")
            if token.kind == "sign":
                depth += (token.text in "([") - (token.text in ")]")
            self.at += 1
        found = self.parts[start : self.at]
        if _is_bracketed(found):
            inner = resolved(found[1:-1], self.constants)
            return inner if isinstance(inner, bool) else (found[0], *inner, found[-1])
        settled = _settled(found, self.constants)
        return found if settled is None else settled

    def _accept(self, text: str) -> bool:
        if self.at < len(self.parts):
            token = self.parts[self.at]
            if token.kind == "word" and token.text == text:
                self.at += 1
                return True
        return False


def _joined(
    operands: Sequence[Expression | bool], operator: str, *, decisive: bool
) -> Expression | bool:
    """The operands joined; one that is `decisive` settles it, the other truth value drops out."""
    left: list[Expression] = []
    for operand in operands:
        if operand is decisive:
            return decisive
        if not isinstance(operand, bool):
            left.append(operand)
    if not left:
        return not decisive
    out = list(left[0])
    for operand in left[1:]:
        out.append(word(operator))
        out.append(operand[0]._replace(gap=True))
        out.extend(operand[1:])
    return tuple(out)


def _is_bracketed(parts: Expression) -> bool:
    """Whether one pair of parentheses holds all of it."""
    if len(parts) < 2 or parts[0].text != "(" or parts[0].kind != "sign":
        return False
    depth = 0
    for at, part in enumerate(parts):
        if part.kind == "sign":
            depth += (part.text == "(") - (part.text == ")")
            if not depth:
                return at == len(parts) - 1
    return False


def _settled(parts: Expression, constants: Constants) -> bool | None:
    """`TG_OP = 'UPDATE'`, `TG_OP <> ...`, `TG_OP IN (...)`, `TG_OP NOT IN (...)`; None for else."""
    if len(parts) == 3 and parts[0].kind == "string":
        parts = (parts[2], parts[1], parts[0])
    value = constants.get(parts[0].text) if parts and parts[0].kind == "word" else None
    if value is None:
        return None
    signs = [part.text for part in parts[1:] if part.kind != "string"]
    strings = [part.text for part in parts[1:] if part.kind == "string"]
    if signs == ["="] and len(strings) == 1:
        return value == strings[0]
    if signs in (["<>"], ["!="]) and len(strings) == 1:
        return value != strings[0]
    commas = [","] * (len(strings) - 1)
    if signs == ["IN", "(", *commas, ")"]:
        return value in strings
    if signs == ["NOT", "IN", "(", *commas, ")"]:
        return value not in strings
    return None


def is_variable(part: Part) -> bool:
    """Whether this is one of PostgreSQL's variables of a trigger."""
    return part.kind == "word" and part.text.startswith("TG_")
