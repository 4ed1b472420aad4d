"""The ways to refuse: each carries a code, a message for people and the field it is about.

Messages are Indonesian templates (`"Jumlah bobot %(found)s, harus %(expected)s."`). They are the msgids of the
catalogue, so a face can translate `template` and fill in `params`; `message` is the Indonesian text itself.
Anything that is not a `Refusal` is a fault of the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, at one place.

    `path` names the place from the outside in, as the input names it: `("answers", "judul_inovasi")`.
    """

    template: str
    path: tuple[str, ...] = ()
    code: str = "BAD_USER_INPUT"
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return self.template % self.params if self.params else self.template


class Refusal(Exception):
    """Base of every refusal; raise one of its kinds."""

    code: ClassVar[str] = "BAD_USER_INPUT"

    def __init__(self, problems: str | Problem | Iterable[Problem], *path: str, **params: object) -> None:
        if isinstance(problems, str):
            problems = (Problem(problems, path, self.code, params),)
        elif isinstance(problems, Problem):
            problems = (problems,)
        self.problems: tuple[Problem, ...] = tuple(problems)
        if not self.problems:
            raise ValueError("a refusal needs at least one problem")
        super().__init__(self.message)

    @property
    def message(self) -> str:
        return " ".join(problem.message for problem in self.problems)


class Invalid(Refusal):
    """The input cannot be accepted as it is; the problems say where and why."""


class Unauthenticated(Refusal):
    """Nobody is signed in, or the credentials are wrong."""

    code = "UNAUTHENTICATED"


class Forbidden(Refusal):
    """The actor may see the thing but may not do this to it."""

    code = "FORBIDDEN"


class NotFound(Refusal):
    """There is no such thing, or the actor may not know that there is one: the answer is the same."""

    code = "NOT_FOUND"


class Conflict(Refusal):
    """Somebody else changed the thing in the meantime, or it already exists."""

    code = "CONFLICT"


class IllegalMove(Refusal):
    """The workflow does not allow this step from where the thing stands."""

    code = "ILLEGAL_MOVE"


class TooManyAttempts(Refusal):
    """The caller must wait before trying again."""

    code = "RATE_LIMITED"
