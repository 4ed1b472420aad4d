"""Where in a file a problem stands: lines of TOML and JSON, and a problem that says its place."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sipetruk.errors import Problem

Path = tuple[str, ...]
Lines = dict[Path, int]

DEEPEST = 16
"""Names and lists within each other; no instrument has more than nine."""

_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_TOML_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_TOML_KEYS = rf"{_TOML_KEY}(?:\s*\.\s*{_TOML_KEY})*"
_TOML_TABLE = re.compile(rf"\s*(\[\[?)\s*({_TOML_KEYS})\s*\]")
_TOML_ENTRY = re.compile(rf"\s*({_TOML_KEYS})\s*=\s*(.*)", re.DOTALL)
_TOML_TEXT = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|#.*""")
_LONG_TEXT = re.compile("\"\"\"|'''")
_TOML_PIECE = re.compile(rf"\"{{3}}(?:\\.|[^\\])*?\"{{3}}|'{{3}}.*?'{{3}}|#[^\n]*|({_TOML_KEYS})", re.DOTALL)


@dataclass(frozen=True)
class PlacedProblem(Problem):
    """A problem of a file: `place` says in words where it stands there, `path` where in the document."""

    place: str = ""

    @property
    def said(self) -> str:
        """The sentence without its place."""
        return super().message

    @property
    def message(self) -> str:
        return f"{self.place}: {self.said}" if self.place else self.said


@dataclass(frozen=True)
class Parsed:
    """A file as a document: where each path of it stands, what could not be read, and words that fit this kind of file better."""

    document: object
    place_of: Callable[[Path], str]
    problems: tuple[PlacedProblem, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    def placed(self, problems: Iterable[Problem]) -> list[PlacedProblem]:
        """Problems of the document at their places; what is known to be unreadable is not said twice."""
        taken = {found.place for found in self.problems}
        named = [PlacedProblem(self.words.get(x.template, x.template), x.path, x.code, x.params, self.place_of(x.path)) for x in problems]
        return [*self.problems, *(found for found in named if found.place not in taken)]


def line_of(lines: Lines, path: Path) -> int | None:
    """The line of a path, or of the nearest thing around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


class _Frame:
    """An object or a list that is open while JSON is scanned."""

    def __init__(self, opened_by: str) -> None:
        self.is_list = opened_by == "["
        self.key = "0"
        self.wants_key = not self.is_list


def json_lines(text: str) -> tuple[Lines, list[tuple[Path, int]]]:
    """The line of every value of a JSON text that is known to be sound, and the names written twice with their lines.

    What lies deeper than any instrument does stands at the line of what is around it.
    """
    lines: Lines = {}
    doubled: list[tuple[Path, int]] = []
    frames: list[_Frame] = []
    line = 1
    seen_to = 0
    for found in _JSON_TOKEN.finditer(text):
        line += text.count("\n", seen_to, found.start())
        seen_to = found.start()
        sign = found.group()
        top = frames[-1] if frames else None
        if sign == "," and top is not None:
            top.wants_key = not top.is_list
            top.key = str(int(top.key) + 1) if top.is_list else top.key
        elif sign in "}]":
            frames.pop()
        elif sign != ":" and top is not None and top.wants_key:
            top.key, top.wants_key = json.loads(sign), False
            if len(frames) <= DEEPEST:
                path = _path(frames)
                if path in lines:
                    doubled.append((path, line))
                lines[path] = line
        elif sign != ":":
            if len(frames) <= DEEPEST:
                lines.setdefault(_path(frames), line)
            if sign in "{[":
                frames.append(_Frame(sign))
    return lines, doubled


def _path(frames: Iterable[_Frame]) -> Path:
    return tuple(frame.key for frame in frames)


class _TomlScan:
    """Walks a TOML text line by line; the text is known to be sound, so only tables, keys and brackets matter."""

    def __init__(self) -> None:
        self.lines: Lines = {}
        self.prefix: Path = ()
        self.tables: Counter[Path] = Counter()
        self.entry: Path = ()
        self.until = ""
        self.depth = 0
        self.items = 0

    def line(self, number: int, text: str) -> None:
        if self.until:
            if self.until in text:
                self.until = ""
        elif self.depth:
            self._inside_list(number, text)
        elif found := _TOML_TABLE.match(text):
            self._table(number, found.group(2), is_list=found.group(1) == "[[")
        elif found := _TOML_ENTRY.match(text):
            self.entry, self.items = (*self.prefix, *_keys(found.group(1))), 0
            self.lines[self.entry] = number
            self._value(found.group(2))

    def _table(self, number: int, name: str, *, is_list: bool) -> None:
        *outer, last = _keys(name)
        path: Path = ()
        for key in outer:
            path = (*path, key)
            if self.tables[path]:
                path = (*path, str(self.tables[path] - 1))
        path = (*path, last)
        if is_list:
            self.tables[path] += 1
            self.lines.setdefault(path, number)
        if self.tables[path]:
            path = (*path, str(self.tables[path] - 1))
        self.prefix = path
        self.lines[path] = number

    def _value(self, text: str) -> None:
        if opened := _LONG_TEXT.match(text):
            if opened.group() not in text[3:]:
                self.until = opened.group()
        else:
            self._count(_TOML_TEXT.sub("", text))

    def _inside_list(self, number: int, text: str) -> None:
        bare = _TOML_TEXT.sub("", text)
        if self.depth == 1 and bare.strip().startswith("{"):
            self.lines[*self.entry, str(self.items)] = number
            self.items += 1
        self._count(bare)

    def _count(self, bare: str) -> None:
        self.depth = max(0, self.depth + bare.count("[") - bare.count("]"))


def toml_lines(text: str) -> Lines:
    """The line of every table and key of a TOML text that is known to be sound."""
    scan = _TomlScan()
    for number, line in enumerate(text.split("\n"), start=1):
        scan.line(number, line)
    return scan.lines


def is_named_too_deeply(text: str) -> bool:
    """Whether a TOML text has a name of very many parts, on which the library spends time in their square."""
    return any(len(_keys(found.group(1))) > DEEPEST for found in _TOML_PIECE.finditer(text) if found.group(1))


def _keys(name: str) -> list[str]:
    return [key[1:-1] if key[0] in "\"'" else key for key in re.findall(_TOML_KEY, name)]
