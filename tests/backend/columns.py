# SPDX-License-Identifier: MIT
"""What the database compares: values cast to a column's kind, LIKE patterns, times."""

import datetime
import functools
import re

from .errors import database_error

# A serial column is a 32-bit integer.
LARGEST_ID = 2 ** 31 - 1


@functools.lru_cache(maxsize=200000)
def moment(text):
    """A time as PostgreSQL reads the usual ISO forms; without a zone it is UTC."""
    found = datetime.datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    if found.tzinfo is None:
        found = found.replace(tzinfo=datetime.timezone.utc)
    return found


def cast(value, kind):
    """The value of a filter for a column, or the database's error as a Refusal."""
    try:
        if isinstance(value, (list, dict)):
            raise TypeError
        if kind == "boolean" and value not in (True, False):
            raise TypeError
        if kind in ("integer", "number"):
            return number(value, kind)
        if kind == "text" and (not isinstance(value, str) or "\0" in value):
            raise TypeError
        if kind in ("datetime", "date"):
            return cast_time(value, kind)
        if kind == "json":
            raise TypeError
        return value
    except (TypeError, ValueError, AttributeError):
        raise database_error(f"(psycopg2.errors.DatatypeMismatch) {value!r} is no value for a "
                             f"column of type {kind}") from None


def number(value, kind):
    if isinstance(value, bool):
        raise TypeError
    if isinstance(value, str):
        if "_" in value:
            raise ValueError
        value = int(value) if kind == "integer" else float(value)
    if kind == "integer" and abs(value) >= 2 ** 63:
        raise ValueError
    return value + 0


def stored(value, kind):
    """A row's value made comparable; None for null and for what a test made strange."""
    try:
        return None if value is None else cast_stored(value, kind)
    except (TypeError, ValueError, AttributeError):
        return None


def cast_time(value, kind):
    found = moment(value)
    if kind == "date":
        # The date as it is written, whatever its zone.
        found = datetime.datetime(*found.timetuple()[:3], tzinfo=datetime.timezone.utc)
    return found


def collated(text):
    """A key in the order of a database with a language: case comes last, not first."""
    return text.lower(), text


def cast_stored(value, kind):
    if kind in ("datetime", "date"):
        return cast_time(value, kind)
    if kind in ("integer", "number"):
        return number(value, kind)
    if kind == "boolean":
        return bool(value)
    return value if isinstance(value, str) else str(value)


def folded(text):
    """What ILIKE compares: one character for each, as the C library's towlower() gives it."""
    return "".join(sign.lower()[0] for sign in text)


def like(pattern, ignore_case):
    """A test for LIKE: % and _ are wild, a backslash takes their meaning away."""
    parts, position = [], 0
    while position < len(pattern):
        sign = pattern[position]
        if sign == "\\":
            position += 1
            if position == len(pattern):
                raise database_error("(psycopg2.errors.InvalidEscapeSequence) LIKE pattern must "
                                     "not end with escape character")
            sign, wild = pattern[position], False
        else:
            wild = sign in "%_"
        literal = folded(sign) if ignore_case else sign
        parts.append({"%": ".*", "_": "."}[sign] if wild else re.escape(literal))
        position += 1
    compiled = re.compile("".join(parts), re.DOTALL)
    return lambda text: compiled.fullmatch(folded(text) if ignore_case else text) is not None
