"""The text of default values: JSON, base64, dates and decimal numbers.

Imported only for a schema that has such a default as a string.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange

_DATE_TIME = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-](\d{2}):(\d{2}))",
    re.ASCII,
)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_DECIMAL = re.compile(r"[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?", re.ASCII)


def complaint_about(scalar: str, text: str) -> str | None:
    """What keeps `text` from being a value of the built-in type; None where it is one."""
    if scalar == "Json":
        try:
            json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            return f"The default is not valid JSON: {error}."
    elif scalar == "Bytes":
        if not _BASE64.fullmatch(text):
            return "The default of a Bytes field is written in base64."
    elif scalar == "DateTime":
        if not _is_date_time(text):
            return (
                f'"{text}" is no date and time with a time zone, '
                'such as "2024-05-31T12:00:00Z" (RFC 3339).'
            )
    elif not _DECIMAL.fullmatch(text):
        return f'"{text}" is no decimal number.'
    return None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _is_date_time(text: str) -> bool:
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return False
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    if not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 60:
        return False
    # Year 0 is a leap year, as 4 is; the calendar of Python begins with year 1.
    if not 1 <= day <= monthrange(year or 4, month)[1]:
        return False
    return match[9] is None or (int(match[9]) <= 23 and int(match[10]) <= 59)
