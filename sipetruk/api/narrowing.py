"""How many conditions a `where` asks for: counted in the document and its variables before anything is validated or read.

Counting stops at the limit, so a `where` of any size costs no more than one that is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import ListValueNode, NullValueNode, ObjectValueNode, VariableNode

from sipetruk.api.faults import Code, refuse

WHERE = "where"
JOINTS = frozenset({"and", "or", "not"})
MOST_CONDITIONS = 30
DEEPEST = 5


class Counter:
    """Counts the conditions of one `where`."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self.variables = variables
        self.found = 0

    def count(self, where: Any, path: str = WHERE, level: int = 1) -> int:
        """Every operator is a condition, and so is a part that holds none."""
        if level > DEEPEST:
            raise _refused(path, f"paling dalam {DEEPEST} tingkat", DEEPEST)
        if level == 1 and _is_missing(self._known(where)):
            return 0
        before = self.found
        for name, given in _entries(self._known(where)):
            value = self._known(given)
            if name in JOINTS:
                for at, part in enumerate(_parts(value)):
                    self.count(part, f"{path}.{name}" if name == "not" else f"{path}.{name}.{at}", level + 1)
            else:
                for _ in _entries(value):
                    self._add(path)
        if self.found == before:
            self._add(path)
        return self.found

    def _add(self, path: str) -> None:
        self.found += 1
        if self.found > MOST_CONDITIONS:
            raise _refused(path, f"paling banyak {MOST_CONDITIONS} syarat dalam satu `{WHERE}`", MOST_CONDITIONS)

    def _known(self, value: Any) -> Any:
        return self.variables.get(value.name.value) if isinstance(value, VariableNode) else value


def _is_missing(value: Any) -> bool:
    return value is None or isinstance(value, NullValueNode)


def _entries(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, ObjectValueNode):
        return ((field.name.value, field.value) for field in value.fields)
    return ((str(name), inner) for name, inner in value.items()) if isinstance(value, dict) else ()


def _parts(value: Any) -> Iterable[Any]:
    """The items of a list; one that stands alone is a list of one."""
    if isinstance(value, ListValueNode):
        return value.values
    return value if isinstance(value, list) else [value]


def _refused(path: str, words: str, most: int) -> Exception:
    return refuse(f"`{path}`: {words}.", Code.BAD_USER_INPUT, argument=path, max=most)
