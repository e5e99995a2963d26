# SPDX-License-Identifier: MIT
"""The tokens of C++, as far as a break of the code has to know them."""

import re
import typing

TOKEN = re.compile(r"""
      (?P<blank>\s+ | //[^\n]* | /\*.*?\*/)
    | (?P<directive>^[ \t]*\#(?:[^\n]*\\\n)*[^\n]*)
    | (?P<string>(?:u8|[uUL])?R"(?P<mark>[^()\s\\]*)\(.*?\)(?P=mark)"
        | (?:u8|[uUL])?"(?:\\.|[^"\\])*" | [uUL]?'(?:\\.|[^'\\])*')
    | (?P<number>\.?\d(?:'?[\w.]|(?<=[eE])[+-])*)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<sign><<=|>>=|\.\.\.|->|::|\+\+|--|<<|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)
    """, re.VERBOSE | re.DOTALL | re.MULTILINE)
PAIRS = {"(": ")", "{": "}", "[": "]"}


class Token(typing.NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def tokens_of(text):
    """Without comments, includes and what else is the preprocessor's."""
    return [Token(found.lastgroup, found[0], found.start(), found.end())
            for found in TOKEN.finditer(text)
            if found.lastgroup not in ("blank", "directive", "mark")]


def partners_of(tokens):
    """The number of the bracket that belongs to each bracket, by its own."""
    partners, open_ones = {}, []
    for number, token in enumerate(tokens):
        if token.kind != "sign":
            continue
        if token.text in PAIRS:
            open_ones.append(number)
        elif token.text in PAIRS.values():
            other = open_ones.pop()
            partners[number], partners[other] = other, number
    return partners
