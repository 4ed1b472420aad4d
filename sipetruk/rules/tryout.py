"""An instrument tried on made-up nominees: every step from raw value to rank, by the code that ranks the real ones.

A draft may be tried before it may be locked: what its policy names in vain is left out, and `Tryout.findings` says what
is still unsound. Nothing here adds up anything; the steps are what `ranking.rank` found, put into words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sipetruk.errors import Invalid, Problem
from sipetruk.rules import contest, scales
from sipetruk.rules.canonical import sha256
from sipetruk.rules.definition import (
    AGGREGATION,
    ATTRIBUTES,
    SOURCES,
    Component,
    Criterion,
    Definition,
    Policy,
    all_criteria,
    component_maximum,
)
from sipetruk.rules.exact import format_number, fraction, printed, ratio_text
from sipetruk.rules.examples import Example, Expected
from sipetruk.rules.ranking import Ranking, Row, rank
from sipetruk.rules.reasons import explain, explain_decision
from sipetruk.rules.scoring import component_factor, criterion_factor
from sipetruk.rules.soundness import Finding, lint
from sipetruk.rules.weighing import ABSTAINED, SCORED, CriterionScore, Mark

STATUS = {"RANKED": "Diperingkat", "INCOMPLETE": "Belum lengkap", "NOT_ELIGIBLE": "Tidak memenuhi syarat"}


@dataclass(frozen=True)
class MarkStep:
    """What one made-up assessor gave; `shown` is it in words, `points` what it is worth."""

    assessor: int
    raw: str | None
    shown: str
    points: Fraction | None


@dataclass(frozen=True)
class CriterionStep:
    """From the raw value to the contribution. `factor` is what one point adds to the component, `part` what the points add."""

    code: str
    label: str
    source: str
    scale: str
    marks: tuple[MarkStep, ...]
    value: str
    how: str
    points: Fraction | None
    factor: Fraction | None
    part: Fraction | None
    contribution: Fraction | None
    shown: str | None


@dataclass(frozen=True)
class ComponentStep:
    """`factor` is what one point of the component's score adds to the total."""

    code: str
    label: str
    criteria: tuple[CriterionStep, ...]
    score: Fraction | None
    printed: str | None
    maximum: Fraction
    factor: Fraction
    contribution: Fraction | None


@dataclass(frozen=True)
class Trial:
    """One made-up nominee with everything that was found, in words where people read it."""

    example: Example
    status: str
    status_label: str
    components: tuple[ComponentStep, ...]
    exact: str | None
    total: Fraction | None
    score: str | None
    rank: int | None
    is_tied: bool
    decided_by: str
    attributes: tuple[tuple[str, int | None], ...]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    differences: tuple[Problem, ...]

    @property
    def outcome(self) -> Expected:
        """What came out, as an expectation to keep."""
        return Expected(self.status, None if self.score is None else fraction(self.score), self.rank)

    @property
    def is_as_expected(self) -> bool | None:
        """None where nothing is expected."""
        return None if self.example.expected is None else not self.differences


@dataclass(frozen=True)
class Tryout:
    """The trials in the order of the examples; `findings` are the errors that stand in the way of a lock."""

    trials: tuple[Trial, ...]
    winners: tuple[str, ...]
    blocked: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def by_rank(self) -> tuple[Trial, ...]:
        return tuple(sorted(self.trials, key=lambda trial: (trial.rank is None, trial.rank or 0)))


def try_out(definition: Definition, examples: Sequence[Example], winners: int | None = None) -> Tryout:
    """Rank the examples; raises Invalid naming example, criterion and assessor where a value cannot be read."""
    tried = _without_vain_steps(definition)
    found = rank(_contest(tried, examples, winners or 0))
    rows = {row.id: row for row in found.rows}
    names = {_id(at): example.name for at, example in enumerate(examples)}
    tell = _Teller(tried, found, names)
    return Tryout(
        trials=tuple(tell.trial(rows[_id(at)], example, at) for at, example in enumerate(examples)),
        winners=tuple(names[who] for who in found.award.winners),
        blocked=tuple(explain(reason, tried, names) for reason in found.award.blocked),
        findings=tuple(finding for finding in lint(definition) if finding.severity == "error"),
    )


def read(definition: Definition, examples: Sequence[Example]) -> tuple[Example, ...]:
    """The examples with every value as the scale of its criterion writes it.

    Values of criteria that the definition does not ask are refused as well: a locked example holds nothing unchecked.
    """
    reader = _Reader(definition)
    found = tuple(reader.read(at, example) for at, example in enumerate(examples))
    if reader.problems:
        raise Invalid(reader.problems)
    return found


def mismatches(definition: Definition, examples: Sequence[Example]) -> list[Problem]:
    """Everything in which the outcome differs from what the examples expect, and every value that cannot be read."""
    try:
        tried = try_out(definition, examples)
    except Invalid as refusal:
        return list(refusal.problems)
    return [problem for trial in tried.trials for problem in trial.differences]


def in_words(scale: scales.Scale, raw: scales.Raw | None) -> str:
    """A raw value as people say it: the level's name, yes or no, counts by name, a number with its comma."""
    match scale, raw:
        case _, None:
            shown = "–"
        case scales.Tally(), dict():
            labels = {entry.code: entry.label for entry in scale.entries}
            shown = ", ".join(f"{labels.get(code, code)} {count}" for code, count in raw.items() if count) or "tidak ada"
        case scales.Predicate(), str():
            shown = raw.capitalize()
        case scales.YesNo(), str():
            shown = "Ya" if fraction(raw) else "Tidak"
        case scales.Rubric(), str():
            number = format_number(fraction(raw))
            shown = next((f"{number} · {level.label}" for level in scale.levels if format_number(level.points) == number), number)
        case scales.NumberScale(), str():
            shown = f"{format_number(fraction(raw))}{' %' if isinstance(scale, scales.Percentage) else ''}"
        case _:
            shown = str(raw)
    return shown


def _id(at: int) -> str:
    return f"contoh-{at:03}"


def _without_vain_steps(definition: Definition) -> Definition:
    """The tie chain without steps that name nothing that is scored."""
    known = {("component", part.code) for part in definition.components if part.scored}
    known |= {("criterion", each.code) for _, each in all_criteria(definition) if each.is_scored}
    known |= {("attribute", code) for code in ATTRIBUTES}
    chain = tuple(step for step in definition.policy.tie_chain if (step.by, step.code) in known)
    return replace(definition, policy=replace(definition.policy, tie_chain=chain))


def _contest(definition: Definition, examples: Sequence[Example], winners: int) -> contest.Contest:
    examples = read(definition, examples)
    scored = [criterion for _, criterion in all_criteria(definition) if criterion.is_scored]
    size = max((len(marks) for example in examples for marks in example.marks.values()), default=0)
    panel = tuple(f"penilai-{number:03}" for number in range(1, size + 1))

    def marks_of(example: Example, criterion: Criterion) -> tuple[Mark, ...]:
        given = example.marks.get(criterion.code, ())
        values = [*given, *[None] * (size - len(given))]
        return tuple(Mark(who, ABSTAINED if raw is None else SCORED, raw) for who, raw in zip(panel, values, strict=True))

    nominees = tuple(
        contest.Nominee(
            id=_id(at),
            unit=example.unit or _id(at),
            marks={each.code: marks_of(example, each) for each in scored if each.source.kind == "assessor"},
            values={each.code: example.values.get(each.code) for each in scored if each.source.kind != "assessor"},
            attributes={code: example.attributes.get(code) for code in ATTRIBUTES},
        )
        for at, example in enumerate(examples)
    )
    return contest.Contest("uji-coba", 1, sha256(definition.to_dict()), definition, "uji-coba", winners, None, panel, nominees, ())


class _Reader:
    """Reads the values of examples by the scales of an instrument, noting every problem."""

    def __init__(self, definition: Definition) -> None:
        self.problems: list[Problem] = []
        scored = [criterion for _, criterion in all_criteria(definition) if criterion.is_scored]
        self._marked = {each.code: each for each in scored if each.source.kind == "assessor"}
        self._valued = {each.code: each for each in scored if each.source.kind != "assessor"}

    def read(self, at: int, example: Example) -> Example:
        marks: dict[str, tuple[str | None, ...]] = {}
        values: dict[str, scales.Raw] = {}
        for code, given in example.marks.items():
            if self._is_known(at, example, "marks", code, self._marked):
                marks[code] = tuple(self._mark(at, example, code, number, raw) for number, raw in enumerate(given, start=1))
        for code, raw in example.values.items():
            if self._is_known(at, example, "values", code, self._valued):
                value = self._value(at, example, code, raw)
                values |= {} if value is None else {code: value}
        return replace(example, marks=marks, values=values)

    def _is_known(self, at: int, example: Example, key: str, code: str, known: Mapping[str, Criterion]) -> bool:
        if code not in known:
            template = "Contoh “%(example)s” mengisi kriteria “%(code)s”, yang tidak dinilai dengan cara itu dalam instrumen ini."
            self._note(at, (key, code), template, example=example.name, code=code)
        return code in known

    def _mark(self, at: int, example: Example, code: str, number: int, raw: str | None) -> str | None:
        if raw is None:
            return None
        criterion = self._marked[code]
        place = "Contoh “%(example)s”, “%(criterion)s”, penilai %(assessor)s: "
        found = self._raw(at, ("marks", code, str(number - 1)), criterion, raw, place, example=example.name, assessor=number)
        return found if isinstance(found, str) else None

    def _value(self, at: int, example: Example, code: str, raw: scales.Raw) -> scales.Raw | None:
        place = "Contoh “%(example)s”, “%(criterion)s”: "
        return self._raw(at, ("values", code), self._valued[code], raw, place, example=example.name)

    def _raw(self, at: int, path: tuple[str, ...], criterion: Criterion, raw: scales.Raw, place: str, **facts: object) -> scales.Raw | None:
        try:
            return scales.parse_raw(criterion.scale, raw)
        except Invalid as refusal:
            for problem in refusal.problems:
                self._note(at, path, place + problem.template, criterion=criterion.label, **facts, **problem.params)
        return None

    def _note(self, at: int, path: tuple[str, ...], template: str, **params: object) -> None:
        self.problems.append(Problem(template, ("examples", str(at), *path), params=params))


class _Teller:
    """Puts what was found into steps and words."""

    def __init__(self, definition: Definition, found: Ranking, names: Mapping[str, str]) -> None:
        self._definition = definition
        self._rounding = found.rounding
        self._names = names

    def trial(self, row: Row, example: Example, at: int) -> Trial:
        score, definition = row.score, self._definition
        shown = dict(zip((each.code for each in score.criteria), score.shown, strict=False))
        by_code = {each.code: each for each in score.criteria}
        parts = {each.code: each.score for each in score.components}
        trial = Trial(
            example=example,
            status=row.status,
            status_label=STATUS[row.status],
            components=tuple(
                self._component(part, parts[part.code], by_code, shown, example) for part in definition.components if part.scored
            ),
            exact=None if score.total is None else ratio_text(score.total),
            total=score.total,
            score=None if score.total is None else self._printed(score.total),
            rank=row.rank,
            is_tied=row.tie_group is not None,
            decided_by=explain_decision(row.decided_by, definition),
            attributes=tuple((label, example.attributes.get(code)) for code, label in ATTRIBUTES.items()),
            reasons=tuple(explain(reason, definition, self._names) for reason in row.reasons),
            warnings=tuple(explain(reason, definition, self._names) for reason in row.warnings),
            differences=(),
        )
        return replace(trial, differences=tuple(_differences(trial, at)))

    def _component(
        self, part: Component, score: Fraction | None, by_code: Mapping[str, CriterionScore], shown: Mapping[str, str], example: Example
    ) -> ComponentStep:
        factor = component_factor(self._definition, part)
        return ComponentStep(
            code=part.code,
            label=part.label,
            criteria=tuple(self._criterion(part, each, by_code[each.code], shown.get(each.code), example) for each in part.scored),
            score=score,
            printed=None if score is None else self._printed(score),
            maximum=component_maximum(self._definition, part),
            factor=factor,
            contribution=None if score is None else score * factor,
        )

    def _criterion(
        self, part: Component, criterion: Criterion, found: CriterionScore, shown: str | None, example: Example
    ) -> CriterionStep:
        is_marked = criterion.source.kind == "assessor"
        marks = tuple(_mark_step(criterion, number, raw) for number, raw in enumerate(example.marks.get(criterion.code, ()), start=1))
        value = None if is_marked else found.panel_value
        return CriterionStep(
            code=criterion.code,
            label=criterion.label,
            source=SOURCES[criterion.source.kind],
            scale=scales.describe(criterion.scale),
            marks=marks if is_marked else (),
            value=in_words(criterion.scale, value),
            how=_how(self._definition.policy, marks, found) if is_marked else _worth(criterion, value, found),
            points=found.points,
            factor=criterion_factor(self._definition, part, criterion),
            part=found.part,
            contribution=found.contribution,
            shown=shown,
        )

    def _printed(self, value: Fraction) -> str:
        return printed(value, self._rounding.decimals, self._rounding.mode)


def _mark_step(criterion: Criterion, number: int, raw: str | None) -> MarkStep:
    if raw is None:
        return MarkStep(number, None, "abstain", None)
    read_raw = scales.parse_raw(criterion.scale, raw)
    return MarkStep(number, raw, in_words(criterion.scale, read_raw), scales.points(criterion.scale, read_raw))


def _how(policy: Policy, marks: Sequence[MarkStep], found: CriterionScore) -> str:
    """How the marks of several assessors became the points."""
    if found.points is None:
        return "Belum dapat dihitung."
    given = [mark.points for mark in marks if mark.points is not None]
    way = AGGREGATION[policy.aggregation.kind]
    if policy.aggregation.kind == "trimmed":
        way += f" ({policy.aggregation.k} di tiap ujung)"
    listed = " · ".join(map(format_number, given))
    return f"{way} dari {listed} = {format_number(found.points)} poin"


def _worth(criterion: Criterion, value: scales.Raw | None, found: CriterionScore) -> str:
    if found.points is None:
        return "Data belum ada; tidak dihitung sebagai 0."
    return f"{in_words(criterion.scale, value)} bernilai {format_number(found.points)} poin"


def _differences(trial: Trial, at: int) -> Iterator[Problem]:
    expected = trial.example.expected
    if expected is None:
        return
    checks: list[tuple[str, str, bool, str, str]] = [
        ("status", "keadaan", expected.status == trial.status, STATUS[expected.status], trial.status_label)
    ]
    if expected.score is not None:
        is_equal = trial.score is not None and expected.score == fraction(trial.score)
        checks.append(("score", "nilai akhir", is_equal, format_number(expected.score), _comma(trial.score)))
    if expected.rank is not None:
        checks.append(("rank", "peringkat", expected.rank == trial.rank, str(expected.rank), str(trial.rank or "tidak ada")))
    for key, what, is_equal, wanted, seen in checks:
        if not is_equal:
            yield Problem(
                "Contoh “%(example)s”: %(what)s diharapkan %(expected)s, ternyata %(found)s.",
                ("examples", str(at), "expected", key),
                params={"example": trial.example.name, "what": what, "expected": wanted, "found": seen},
            )


def _comma(score: str | None) -> str:
    return "tidak ada" if score is None else score.replace(".", ",")
