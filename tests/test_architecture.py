"""Imports only ever point down, the windows hold no Python, and the rules know nothing outside themselves."""

import ast
import sys
from collections.abc import Iterator
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
    {"windows"},
    {"errors"},
)
"""From the top of the house to its foundation; rooms on one floor do not know each other."""
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
FILES = sorted(path for path in (ROOT / "sipetruk").rglob("*.py") if path != ROOT / "sipetruk" / "__init__.py")


def room(path: Path) -> str:
    return path.relative_to(ROOT / "sipetruk").parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import in line {node.lineno}"
            assert node.module is not None
            if node.module == "sipetruk":
                yield from ((f"sipetruk.{alias.name}", node) for alias in node.names)
            else:
                yield node.module, node


def test_every_room_has_its_floor():
    assert {room(path) for path in FILES} - set(FLOOR) == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path):
    here = room(path)
    upwards = []
    for name, node in imports(ast.parse(path.read_text(encoding="utf-8"))):
        there = name.split(".")[1] if name.startswith("sipetruk.") else here
        if there != here and FLOOR[there] <= FLOOR[here]:
            upwards.append(f"line {node.lineno}: {here} imports {there}")
    assert upwards == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_import_inside_a_function_has_its_reason_beside_it(path):
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    without = []
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for _, node in imports(function):
                if "#" not in lines[node.lineno - 1].replace("# noqa: PLC0415", ""):
                    without.append(node.lineno)
    assert without == []


@pytest.mark.parametrize("path", [path for path in FILES if room(path) == "rules"], ids=lambda path: path.name)
def test_rules_know_only_the_standard_library_and_the_refusals(path):
    for name, _ in imports(ast.parse(path.read_text(encoding="utf-8"))):
        top = name.split(".")[0]
        assert top in sys.stdlib_module_names or name.startswith(("sipetruk.rules", "sipetruk.errors")), name


@pytest.mark.parametrize("path", [path for path in FILES if room(path) == "rules"], ids=lambda path: path.name)
def test_rules_read_no_clock_and_no_chance(path):
    asked = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow", "random", "randint", "shuffle"}
    }
    assert asked == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), "a module opens with one sentence"


@pytest.mark.parametrize("name", ["admin", "graphql", "static"])
def test_windows_hold_no_python(name):
    assert sorted((ROOT / name).rglob("*.py")) == []


def test_the_window_of_the_contract_does_not_hide_the_library():
    assert not Path(graphql.__file__).is_relative_to(ROOT / "graphql")
    assert "site-packages" in Path(graphql.__file__).parts
    assert not (ROOT / "tests" / "graphql").exists()


def test_only_the_settings_read_the_environment():
    readers = {
        path.name
        for path in [*FILES, ROOT / "config.py"]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    assert readers == {"config.py"}
