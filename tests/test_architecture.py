"""Imports only ever point down, the windows hold no Python, and the rules know nothing outside themselves."""

import ast
import functools
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import graphql
import pytest

ROOT = Path(__file__).parent.parent
FLOORS = (
    {"app", "__main__"},
    {"cli"},
    {"demo"},
    {"panel", "portal", "jobs"},
    {"api"},
    {"login", "tokens", "imports"},
    {"services"},
    {"queries"},
    {"migrations"},
    {"models"},
    {"documents"},
    {"rules"},
    {"starters", "reference"},
    {"windows", "taking"},
    {"errors"},
)
"""From the top of the house to its foundation; rooms on one floor do not know each other."""
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
FILES = sorted(path for path in (ROOT / "sipetruk").rglob("*.py") if path != ROOT / "sipetruk" / "__init__.py")


def room(path: Path) -> str:
    return path.relative_to(ROOT / "sipetruk").parts[0].removesuffix(".py")


def imports(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.stmt]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import in line {node.lineno}"
            assert node.module is not None
            if node.module == "sipetruk":
                yield from ((f"sipetruk.{alias.name}", node) for alias in node.names)
            else:
                yield node.module, node


@dataclass(frozen=True)
class Source:
    """What the tests ask of a module, read from its text once."""

    docstring: str | None
    imports: list[tuple[str, int]]
    """Every name imported, with its line."""
    inside: list[tuple[int, str]]
    """Line and text of every import inside a function."""
    attributes: set[str]


@functools.cache
def source(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    tree, lines = ast.parse(text), text.splitlines()
    nodes = list(ast.walk(tree))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return Source(
        docstring=ast.get_docstring(tree),
        imports=[(name, node.lineno) for name, node in imports(nodes)],
        inside=[(node.lineno, lines[node.lineno - 1]) for function in functions for _, node in imports(ast.walk(function))],
        attributes={node.attr for node in nodes if isinstance(node, ast.Attribute)},
    )


def test_every_room_has_its_floor():
    assert {room(path) for path in FILES} - set(FLOOR) == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path):
    here = room(path)
    upwards = []
    for name, line in source(path).imports:
        there = name.split(".")[1] if name.startswith("sipetruk.") else here
        if there != here and FLOOR[there] <= FLOOR[here]:
            upwards.append(f"line {line}: {here} imports {there}")
    assert upwards == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_import_inside_a_function_has_its_reason_beside_it(path):
    assert [line for line, text in source(path).inside if "#" not in text.replace("# noqa: PLC0415", "")] == []


@pytest.mark.parametrize("path", [path for path in FILES if room(path) == "rules"], ids=lambda path: path.name)
def test_rules_know_only_the_standard_library_and_the_refusals(path):
    for name, _ in source(path).imports:
        top = name.split(".")[0]
        assert top in sys.stdlib_module_names or name.startswith(("sipetruk.rules", "sipetruk.errors")), name


@pytest.mark.parametrize("path", [path for path in FILES if room(path) == "rules"], ids=lambda path: path.name)
def test_rules_read_no_clock_and_no_chance(path):
    assert source(path).attributes & {"now", "today", "utcnow", "random", "randint", "shuffle"} == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path):
    assert source(path).docstring, "a module opens with one sentence"


@pytest.mark.parametrize("name", ["admin", "graphql", "static"])
def test_windows_hold_no_python(name):
    assert sorted((ROOT / name).rglob("*.py")) == []


def test_the_window_of_the_contract_does_not_hide_the_library():
    assert not Path(graphql.__file__).is_relative_to(ROOT / "graphql")
    assert "site-packages" in Path(graphql.__file__).parts
    assert not (ROOT / "tests" / "graphql").exists()


def test_only_the_settings_read_the_environment():
    readers = {path.name for path in [*FILES, ROOT / "config.py"] if source(path).attributes & {"environ", "getenv"}}
    assert readers == {"config.py"}
