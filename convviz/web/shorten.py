"""Give the variables of JavaScript modules short names, so that all modules share one scope and the page is small.

Properties, keys and private members keep their names, and so does every name that a browser may define. A name at the
top of a module becomes one that no other module has; inside functions, equal names stay equal, which compresses well.
Only the syntax of this package's modules is read: what could be either a block or an object is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, product
from string import ascii_letters
from typing import NamedTuple

from convviz.web.javascript import OPERATORS, SourceError

TOKEN = re.compile(r"#?[A-Za-z_$][\w$]*|\d[\w.]*|\?\.(?!\d)|\.\.\.|=>|\s+|.", re.DOTALL)
NAME = re.compile(r"[A-Za-z_$][\w$]*")
KEYWORDS = frozenset(
    re.findall(
        r"\S+",
        """
        arguments as async await break case catch class const constructor continue default delete do else extends
        false finally for function get if in instanceof let new null of return set static super switch this throw
        true try typeof undefined var void while yield
        """,
    )
)
GLOBALS = frozenset(
    re.findall(
        r"\S+",
        """
        Array Boolean Error FormData Image Infinity JSON Map Math NaN Number Object Promise Set String URL
        URLSearchParams WeakMap XMLSerializer addEventListener cancelAnimationFrame clearTimeout console
        decodeURIComponent document encodeURIComponent event find frames getComputedStyle globalThis history innerHeight
        length location matchMedia name origin parent parseFloat parseInt performance requestAnimationFrame setTimeout
        stop top window
        """,
    )
)
"""Names that a browser defines: those that modules use as such, and those that they give to variables of their own."""
MODIFIERS = frozenset(["async", "get", "set", "static", "*"])
DECLARING = frozenset(["class", "const", "function", "let", "var"])
BEFORE_OBJECT = frozenset([*"([,=:?&|+-*<>!", *OPERATORS, "...", "const", "let"])
BEFORE_BLOCK = frozenset(["", *");}{", "=>", "else", "try", "finally", "do", "catch", "static"])


@dataclass(frozen=True)
class Variable:
    """A name where it stands for a variable; `is_shorthand` in `{name}`, which is also the key of a property."""

    name: str
    is_shorthand: bool
    is_top: bool
    """Whether it is declared here, outside all functions."""


Part = str | Variable
Key = tuple[str, str]
"""A module and a name at its top, or an empty text and a name inside functions."""


def parts(kept: Iterable[tuple[str, str]]) -> Iterator[Part]:
    """Split a module, given as kinds and texts of its pieces without imports and comments, at its variables.

    Raises `SourceError` where a { may begin a block or an object.
    """
    return _Reader(kept).parts()


def short_names(keys: Iterable[Key]) -> dict[Key, str]:
    """Give each name a short one of its own, those that occur most often the shortest."""
    names = _short()
    return {key: next(names) for key, _ in Counter(keys).most_common()}


def _short() -> Iterator[str]:
    """Yield a, b, …, Z, aa, ab, … without words that have a meaning."""
    for length in count(1):
        for letters in product(ascii_letters, repeat=length):
            name = "".join(letters)
            if name not in KEYWORDS and name not in GLOBALS:
                yield name


class _Token(NamedTuple):
    text: str
    kind: str


def _tokens(kept: Iterable[tuple[str, str]]) -> Iterator[_Token]:
    """Yield names, signs, spaces and literals."""
    for kind, text in kept:
        if kind == "code":
            yield from (_Token(one, "space" if one.isspace() else "code") for one in TOKEN.findall(text))
        else:
            yield _Token(text, "space" if kind == "newline" else kind)


NOTHING = _Token("", "code")


class _Reader:
    """The tokens of a module, read in order, and the brackets that are open."""

    def __init__(self, kept: Iterable[tuple[str, str]]) -> None:
        self.tokens = list(_tokens(kept))
        words = [token for token in self.tokens if token.kind != "space"]
        self.following = iter([*words[1:], NOTHING])
        self.next, self.last, self.before_last = NOTHING, NOTHING, NOTHING
        self.brackets: list[str] = []
        """Kinds of the open brackets: (, [, ${, object, block, class."""
        self.is_class = False
        """Whether `class` has not yet been followed by its {."""
        self.is_value = False
        """Whether a member of a class has been followed by =."""
        self.is_declaring = False
        """Whether `const` at the top has not yet been followed by =."""

    def parts(self) -> Iterator[Part]:
        for token in self.tokens:
            if token.kind == "space":
                yield token.text
                continue
            self.next = next(self.following)
            yield self._part(token)
            self._follow(token)
            self.before_last, self.last = self.last, token

    @property
    def _inside(self) -> str:
        return self.brackets[-1] if self.brackets else ""

    @property
    def _begins_member(self) -> bool:
        """Whether the next token may be the key of a property."""
        starts = ("{", ",") if self._inside == "object" else ("{", "}", ";")
        modified = self.last.text in MODIFIERS and self.before_last.text in starts
        return self.last.text in starts or modified

    @property
    def _is_property(self) -> bool:
        if self._inside == "class" and not self.is_class:
            return not self.is_value
        if self._inside == "object" and self._begins_member:
            return self.next.text in (":", "(") or self.last.text in MODIFIERS
        return self.last.text in (".", "?.")

    def _part(self, token: _Token) -> Part:
        if token.kind != "code" or not NAME.fullmatch(token.text) or token.text in KEYWORDS or self._is_property:
            return token.text
        is_member = self._inside == "object" and self.last.text in ("{", ",")
        is_named = self.last.text in DECLARING or (self.last.text == "*" and self.before_last.text == "function")
        return Variable(
            token.text,
            is_shorthand=is_member and self.next.text in (",", "}", "="),
            is_top=self.is_declaring or (is_named and not self.brackets),
        )

    def _follow(self, token: _Token) -> None:
        """Note what a token opens, closes and begins."""
        if token.kind == "close" or (token.kind == "template" and token.text[0] == "}"):
            self.brackets.pop()
            self.is_value = self.is_value and token.text != "}"
        if token.kind == "template" and token.text.endswith("${"):
            self.brackets.append("${")
        elif token.kind == "open":
            self.brackets.append(self._brace() if token.text == "{" else token.text)
        elif token.kind == "code":
            self._follow_code(token.text)

    def _follow_code(self, text: str) -> None:
        if text == "class" and not self._is_property:
            self.is_class = True
        elif self._inside == "class" and text in ("=", ";"):
            self.is_value = text == "="
        if not self.brackets:
            self.is_declaring = text in ("const", "let", ",") or (self.is_declaring and text not in ("=", ";"))

    def _brace(self) -> str:
        """Return what a { begins."""
        last = self.last.text
        if self.is_class:
            self.is_class = self.is_value = False
            return "class"
        if last in BEFORE_BLOCK or (last == ":" and self.before_last.text == "default"):
            return "block"
        if last in BEFORE_OBJECT or last.endswith("${"):
            return "object"
        raise SourceError(f"a {{ after {last!r} may begin a block or an object")
