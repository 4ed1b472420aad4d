"""The form of made-up nominees: what was typed, kept as typed, and the examples that it describes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from sipetruk.errors import Problem, Refusal
from sipetruk.rules import definition as d
from sipetruk.rules import scales
from sipetruk.rules.exact import exact_text
from sipetruk.rules.examples import MOST_ASSESSORS, MOST_EXAMPLES, Example
from sipetruk.rules.examples import parse as parse_examples
from sipetruk.rules.form import scale_options
from sipetruk.rules.scale_base import Raw

LONGEST = 1000
NOT_SO_MANY = "Jumlah penilai harus bilangan bulat dari 1 sampai %(most)s."


@dataclass(frozen=True)
class Column:
    """A criterion as a row of the form: `options` where one is picked, `entries` where each is counted."""

    code: str
    label: str
    component: str
    scale: str
    source: str
    is_marked: bool
    options: tuple[d.Option, ...]
    entries: tuple[d.Option, ...]


@dataclass
class Typed:
    """One made-up nominee exactly as typed; the keys are the names of the inputs without their prefix."""

    texts: dict[str, str] = field(default_factory=dict)

    def get(self, key: str) -> str:
        return self.texts.get(key, "")


@dataclass
class TryoutForm:
    """All that is on the page: the nominees, how many assessors there are, and what is wrong where."""

    columns: tuple[Column, ...]
    nominees: list[Typed]
    assessors: int
    problems: list[Problem] = field(default_factory=list)

    def error(self, at: int, key: str) -> list[str]:
        """What is wrong with one input."""
        return [problem.message for problem in self.problems if self.place(problem) == self.name(at, key)]

    def is_wrong(self, at: int) -> bool:
        """Whether anything of a nominee is wrong."""
        return any(self.place(problem).startswith(self.name(at, "")) for problem in self.problems)

    def place(self, problem: Problem) -> str:
        """The input that a problem is about, empty when it is about none that is here."""
        match problem.path:
            case ("assessors",):
                return "assessors"
            case ("examples", at, "marks", code, number, *_):
                return f"c{at}-m-{code}-{number}"
            case ("examples", at, "values", code, *_):
                return f"c{at}-v-{code}"
            case ("examples", at, "attributes", code, *_):
                return f"c{at}-a-{code}"
            case ("examples", at, "expected", key, *_) | ("examples", at, key, *_):
                return f"c{at}-{key}"
        return ""

    @staticmethod
    def name(at: int, key: str) -> str:
        return f"c{at}-{key}"

    def refuse(self, refusal: Refusal) -> None:
        self.problems += refusal.problems

    def about(self, problem: Problem) -> str:
        """Which nominee a problem is about, in words; those of marks and values say it themselves."""
        match problem.path:
            case ("examples", _, "marks" | "values", *_):
                return ""
            case ("examples", at, *_):
                return f"Calon {int(at) + 1}: "
        return ""

    @property
    def is_full(self) -> bool:
        return len(self.nominees) >= MOST_EXAMPLES

    def examples(self) -> tuple[Example, ...]:
        """What the form describes; raises Invalid where a name, a number of days or an expectation cannot be read.

        Marks and values stay as typed: `tryout` reads them by their scales and names who typed what where.
        """
        given = parse_examples([self._outline(nominee) for nominee in self.nominees])
        return tuple(replace(example, **self._given(nominee)) for example, nominee in zip(given, self.nominees, strict=True))

    def add(self) -> None:
        if not self.is_full:
            names = {nominee.get("name") for nominee in self.nominees}
            self.nominees.append(Typed({"name": next(name for name in _names() if name not in names)}))

    def remove(self, at: int) -> None:
        if 0 <= at < len(self.nominees):
            del self.nominees[at]

    def expect(self, at: int, example: Example) -> None:
        """Write what came out into the expectation of a nominee."""
        self.nominees[at].texts |= _expected_texts(example)

    def _outline(self, nominee: Typed) -> dict[str, Any]:
        expected = {"status": nominee.get("status"), "score": nominee.get("score") or None, "rank": _whole(nominee.get("rank"))}
        return {
            "name": nominee.get("name"),
            "unit": nominee.get("unit"),
            "attributes": {code: _whole(nominee.get(f"a-{code}")) for code in d.ATTRIBUTES},
            "expected": expected if nominee.get("status") else None,
        }

    def _given(self, nominee: Typed) -> dict[str, Any]:
        marks = {
            column.code: tuple(nominee.get(f"m-{column.code}-{number}") or None for number in range(self.assessors))
            for column in self.columns
            if column.is_marked
        }
        values = {column.code: _value(column, nominee) for column in self.columns if not column.is_marked}
        return {
            "marks": {code: given for code, given in marks.items() if any(given)},
            "values": {code: value for code, value in values.items() if not scales.is_missing(value)},
        }


def stored_form(tree: d.Definition, examples: Sequence[Example]) -> TryoutForm:
    """The form filled with examples; with one blank nominee where there are none."""
    sizes = [len(marks) for example in examples for marks in example.marks.values()]
    form = TryoutForm(columns_of(tree), [], max([*sizes, 0 if sizes else tree.policy.least_marks()]))
    form.nominees = [_typed(form, example) for example in examples]
    if not examples:
        form.add()
    return form


def sent_form(tree: d.Definition, sent: MultiDict[str, str]) -> TryoutForm:
    """The form as it was sent; inputs that it does not have are left aside.

    A number of assessors that cannot be read is refused and the columns stay as they were, so that no mark is lost.
    """
    before = min(max(sent.get("assessors_before", 1, type=int), 1), MOST_ASSESSORS)
    wanted = sent.get("assessors", before, type=_assessors)
    form = TryoutForm(columns_of(tree), [], wanted)
    if "assessors" in sent and sent.get("assessors", type=_assessors) is None:
        form.problems.append(Problem(NOT_SO_MANY, ("assessors",), params={"most": MOST_ASSESSORS}))
    count = min(max(sent.get("nominees", 0, type=int), 0), MOST_EXAMPLES)
    for at in range(count):
        keys = _keys(form, max(wanted, before))
        form.nominees.append(Typed({key: sent.get(form.name(at, key), "").strip()[:LONGEST].replace("\x00", "") for key in keys}))
    return form


def columns_of(tree: d.Definition) -> tuple[Column, ...]:
    return tuple(_column(part, each) for part, each in d.all_criteria(tree) if each.is_scored)


def _column(part: d.Component, criterion: d.Criterion) -> Column:
    options = scale_options(criterion.scale)
    is_tally = isinstance(criterion.scale, scales.Tally)
    return Column(
        code=criterion.code,
        label=criterion.label,
        component=part.label,
        scale=scales.describe(criterion.scale),
        source=d.SOURCES[criterion.source.kind],
        is_marked=criterion.source.kind == "assessor",
        options=() if is_tally else options,
        entries=options if is_tally else (),
    )


def _keys(form: TryoutForm, assessors: int) -> list[str]:
    keys = ["name", "unit", "status", "score", "rank", *(f"a-{code}" for code in d.ATTRIBUTES)]
    for column in form.columns:
        if column.is_marked:
            keys += [f"m-{column.code}-{number}" for number in range(assessors)]
        else:
            keys += [f"v-{column.code}.{entry.code}" for entry in column.entries] or [f"v-{column.code}"]
    return keys


def _typed(form: TryoutForm, example: Example) -> Typed:
    texts = {"name": example.name, "unit": example.unit or "", **_expected_texts(example)}
    texts |= {f"a-{code}": str(days) for code, days in example.attributes.items()}
    picked = {column.code for column in form.columns if column.options}
    for code, marks in example.marks.items():
        texts |= {f"m-{code}-{number}": _shown(raw or "", as_is=code in picked) for number, raw in enumerate(marks)}
    for code, value in example.values.items():
        if isinstance(value, str):
            texts[f"v-{code}"] = _shown(value, as_is=code in picked)
        else:
            texts |= {f"v-{code}.{entry}": str(count) for entry, count in value.items()}
    return Typed(texts)


def _expected_texts(example: Example) -> dict[str, str]:
    expected = example.expected
    if expected is None:
        return {}
    score = "" if expected.score is None else exact_text(expected.score).replace(".", ",")
    return {"status": expected.status, "score": score, "rank": str(expected.rank or "")}


def _shown(raw: str, *, as_is: bool) -> str:
    """Numbers with a decimal comma; what an option stands for stays as it is."""
    return raw if as_is or not raw.replace(".", "", 1).isdecimal() else raw.replace(".", ",")


def _value(column: Column, nominee: Typed) -> Raw | str | Mapping[str, Any]:
    if column.entries:
        return {entry.code: nominee.get(f"v-{column.code}.{entry.code}") for entry in column.entries}
    return nominee.get(f"v-{column.code}")


def _assessors(text: str) -> int:
    """A number of assessors that the form can have; ValueError otherwise."""
    number = int(text)
    if not 1 <= number <= MOST_ASSESSORS:
        raise ValueError(text)
    return number


def _whole(text: str) -> object:
    """A whole number where one was typed; anything else is left to the reader, which says what is wrong."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else text


def _names() -> Iterable[str]:
    return (f"Contoh {number}" for number in range(1, MOST_EXAMPLES + 2))
