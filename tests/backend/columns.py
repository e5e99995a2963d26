# SPDX-License-Identifier: MIT
"""What the database compares: values cast to a column's kind, LIKE patterns, times."""

import datetime
import functools
import re

from .errors import database_error


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
        if kind == "text" and not isinstance(value, str):
            raise TypeError
        if kind in ("datetime", "date"):
            return moment(value)
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


def cast_stored(value, kind):
    if kind in ("datetime", "date"):
        return moment(value)
    if kind in ("integer", "number"):
        return number(value, kind)
    if kind == "boolean":
        return bool(value)
    return value if isinstance(value, str) else str(value)


def like(pattern, ignore_case):
    """A compiled LIKE: % and _ are wild, a backslash takes their meaning away."""
    parts, position = [], 0
    while position < len(pattern):
        sign = pattern[position]
        if sign == "\\" and position + 1 < len(pattern):
            position += 1
            parts.append(re.escape(pattern[position]))
        else:
            parts.append({"%": ".*", "_": "."}.get(sign, re.escape(sign)))
        position += 1
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    return re.compile("".join(parts), flags)
