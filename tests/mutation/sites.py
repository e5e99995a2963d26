# SPDX-License-Identifier: MIT
"""Where the code can be broken by one word or sign, and how."""

import typing

from .tokens import partners_of, tokens_of

COMPARED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
JOINED = {"&&": "||", "||": "&&"}
CALCULATED = {"+": "-", "-": "+", "*": "/", "/": "*"}
TURNED = {"true": "false", "false": "true"}
# What is said for debugging alone, and what the compiler sees.
UNTOUCHED = ("LogDebug", "LogWarning", "CPLDebug", "static_assert")
NO_CALL = ("return", "throw", "delete", "using", "goto", "co_return", "else", "case", "default")
CONDITIONS = ("if", "for", "while", "switch")
# What the compiler may say to a break has to be no error: the tests are asked.
QUIET = " ".join(f'_Pragma("GCC diagnostic ignored \\"-W{name}\\"")' for name in (
    "parentheses", "empty-body", "type-limits", "tautological-compare", "maybe-uninitialized",
    "unused-variable", "unused-but-set-variable", "unused-parameter", "unused-function"))


class Site(typing.NamedTuple):
    path: str
    line: int
    kind: str
    start: int
    before: str
    after: str

    def applied(self, text):
        end = self.start + len(self.before)
        if text[self.start:end] != self.before:
            raise ValueError(f"{self.path}:{self.line} is no longer what it was")
        return f"{QUIET} {text[:self.start]}{self.after}{text[end:]}"


class Source:
    """The tokens of a file, and what can be asked of them."""

    def __init__(self, path, text):
        self.path, self.text = path, text
        self.tokens = tokens_of(text)
        self.partners = partners_of(self.tokens)
        # The numbers of tokens in the heads of loops, whose `;` begins no statement.
        self.heads = {inside for number, token in enumerate(self.tokens) if token.text == "for"
                      for inside in range(number + 1, self.partners[number + 1] + 1)}

    def at(self, number):
        return self.tokens[number].text if 0 <= number < len(self.tokens) else ""

    def spaced(self, number):
        """As clang-format writes an operator with two sides, and no bracket of a template."""
        token = self.tokens[number]
        return self.text[token.start - 1].isspace() and self.text[token.end].isspace()

    def after_condition(self, number):
        """Whether the token before is the end of what stands behind `if`, or `else`."""
        if self.at(number - 1) == "else":
            return True
        opened = self.partners.get(number - 1)
        return self.at(number - 1) == ")" and opened is not None and \
            self.at(opened - 1) in ("if", "constexpr")

    def begins_statement(self, number):
        if number in self.heads:
            return False
        if self.at(number - 1) in (";", "{", "}") or self.after_condition(number):
            return True
        opened = self.partners.get(number - 1)
        return self.at(number - 1) == ")" and opened is not None and \
            self.at(opened - 1) in CONDITIONS

    def end_of_statement(self, number):
        """The number of its `;`, or None for what has none."""
        while number < len(self.tokens):
            text = self.at(number)
            if text == ";":
                return number
            if text in ("}", ")", "]"):
                return None
            number = self.partners[number] + 1 if number in self.partners else number + 1
        return None

    def untouched(self):
        """The numbers of tokens in which a change says nothing of the tests."""
        numbers = set()
        for number, token in enumerate(self.tokens):
            if token.text in UNTOUCHED and self.at(number + 1) == "(":
                numbers.update(range(number, self.partners[number + 1] + 1))
            elif token.text == "operator":
                numbers.add(number + 1)
        return numbers

    def site(self, kind, first, last, after):
        start, end = self.tokens[first].start, self.tokens[last].end
        before = self.text[start:end]
        line = self.text.count("\n", 0, start) + 1
        # The lines below keep their numbers.
        return Site(self.path, line, kind, start, before, after + "\n" * before.count("\n"))


def next_number(text):
    """One more than a number, or None where it is not known what it is."""
    plain = text.replace("'", "").rstrip("uUlLzZ")
    try:
        return str(int(plain, 0) + 1) + text.replace("'", "")[len(plain):]
    except ValueError:
        try:
            return str(float(plain) + 1)
        except ValueError:
            return None


def with_text_beside(source, number):
    """Whether it joins texts: there is no other such operator for them."""
    return "string" in (kind.kind for kind in source.tokens[max(0, number - 1):number + 2])


def word_sites(source, number):
    token = source.tokens[number]
    if token.text in COMPARED and source.spaced(number):
        yield source.site("comparison turned", number, number, COMPARED[token.text])
    elif token.text in JOINED and source.spaced(number):
        yield source.site("boolean turned", number, number, JOINED[token.text])
    elif token.text == "!":
        yield source.site("negation left out", number, number, "")
    elif token.text in CALCULATED and source.spaced(number) and \
            not with_text_beside(source, number):
        yield source.site("arithmetic turned", number, number, CALCULATED[token.text])
    elif token.text in TURNED:
        yield source.site("constant changed", number, number, TURNED[token.text])
    elif token.kind == "number":
        after = next_number(token.text)
        # `= 0;` behind a function makes it abstract.
        if after and not (source.at(number - 1) == "=" and source.at(number - 2) in
                          (")", "const", "override")):
            yield source.site("constant changed", number, number, after)


def is_call(source, first, last):
    """Of the tokens of a statement, whether they are no declaration and give nothing a value."""
    if source.at(last - 1) != ")" or source.at(first) in NO_CALL + CONDITIONS:
        return False
    number, before = first, ""
    while number < last:
        token = source.tokens[number]
        if token.text in ("=", "+=", "-=", "|=", "&=", "?", "<<") or \
                (token.kind == "word" and before == "word"):
            return False
        before = token.kind
        number = source.partners[number] + 1 if token.text == "(" else number + 1
    return True


def ends_early(source, number, last):
    """Whether what is behind a condition leaves, so that something comes after it."""
    if source.after_condition(number):
        return True
    opened = source.partners.get(last + 1)
    return source.at(last + 1) == "}" and opened is not None and source.after_condition(opened)


def statement_sites(source, number):
    if not source.begins_statement(number):
        return
    token, last = source.tokens[number], source.end_of_statement(number)
    if last is None:
        return
    if token.text in ("return", "continue", "break"):
        if ends_early(source, number, last):
            yield source.site(f"{token.text} left out", number, last, ";")
    elif (token.kind == "word" or token.text == "*") and is_call(source, number, last):
        yield source.site("call left out", number, last, ";")


def sites_of(path, text):
    source = Source(path, text)
    untouched = source.untouched()
    for number in range(len(source.tokens)):
        if number not in untouched:
            yield from word_sites(source, number)
            yield from statement_sites(source, number)
