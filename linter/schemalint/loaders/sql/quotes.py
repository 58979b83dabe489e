"""What the characters between quotes stand for, in each dialect's way."""

from __future__ import annotations

import re

from schemalint.model import Dialect

_C_ESCAPE = re.compile(
    r"''|\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL
)
_C_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_UNICODE_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{4})|\+([0-9a-fA-F]{6})|(\\))")
_MYSQL_ESCAPE = re.compile(r"''|\"\"|\\(.)", re.DOTALL)
# `\%` and `\_` keep their backslash: they are for LIKE.
_MYSQL_LETTERS = {
    "0": "\0",
    "b": "\b",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "Z": "\x1a",
    "%": "\\%",
    "_": "\\_",
}


def decode(raw: str, dialect: Dialect | None) -> tuple[str, str]:
    """The kind of token (`name` or `string`) that a closed quotation is, and its characters."""
    first = raw[0]
    if first == "'":
        if "\\" in raw and dialect in (Dialect.MYSQL, Dialect.MARIADB):
            return "string", _mysql(raw, "'")
        return "string", raw[1:-1].replace("''", "'")
    if first == '"':
        if dialect in (Dialect.MYSQL, Dialect.MARIADB):
            return "string", _mysql(raw, '"')
        return "name", raw[1:-1].replace('""', '"')
    if first == "`":
        return "name", raw[1:-1].replace("``", "`")
    if first == "[":
        return "name", raw[1:-1].replace("]]", "]")
    if first in "nN":
        return decode(raw[1:], dialect)
    if first in "eE":
        return "string", _C_ESCAPE.sub(_c_character, raw[2:-1])
    quote = raw[2]
    inside = raw[3:-1].replace(quote * 2, quote)
    return "string" if quote == "'" else "name", _UNICODE_ESCAPE.sub(_unicode_character, inside)


def _mysql(raw: str, quote: str) -> str:
    def character(match: re.Match[str]) -> str:
        if match[1] is None:
            return quote if match[0][0] == quote else match[0]
        return _MYSQL_LETTERS.get(match[1], match[1])

    return _MYSQL_ESCAPE.sub(character, raw[1:-1])


def _c_character(match: re.Match[str]) -> str:
    octal, short, medium, long, letter = match.groups()
    if octal:
        return chr(int(octal, 8) & 0xFF)
    if short or medium or long:
        return _character(short or medium or long)
    if letter:
        return _C_LETTERS.get(letter, letter)
    return "'"


def _unicode_character(match: re.Match[str]) -> str:
    return "\\" if match[3] else _character(match[1] or match[2])


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"
