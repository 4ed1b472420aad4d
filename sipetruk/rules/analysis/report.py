"""Everything the analysis page shows, from one sealed ranking document alone. Never official.

The same document always gives the same analysis: the random weights are drawn with the hash of its inputs as seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sipetruk.errors import Invalid
from sipetruk.rules import contest as contests
from sipetruk.rules import scales
from sipetruk.rules.analysis import methods
from sipetruk.rules.analysis.agreement import LEVELS, Concordance, Intraclass, intraclass, kendall, krippendorff
from sipetruk.rules.analysis.linear import Model
from sipetruk.rules.analysis.outcome import Answer, NotComputable
from sipetruk.rules.analysis.profile import LABEL, Factor, profile_matching
from sipetruk.rules.analysis.robustness import Robustness, main_model, robustness
from sipetruk.rules.analysis.severity import Cell, Severity, severity
from sipetruk.rules.canonical import sha256
from sipetruk.rules.contest import Contest
from sipetruk.rules.definition import Criterion, Definition, all_criteria
from sipetruk.rules.exact import over_one_denominator
from sipetruk.rules.ranking import rank
from sipetruk.rules.scoring import component_factor, criterion_factor
from sipetruk.rules.weighing import SCORED

DISCLAIMER = "Analisis untuk panitia, bukan nilai resmi. Nilai, peringkat, dan juara hanya ditentukan oleh instrumen yang dikunci."
TOTAL_CODE = ""
PROFILE_NOTE = (
    "Nilai 0-100 dibagi menjadi lima tingkat selebar 20; profil yang dicari adalah tingkat 5; core factor (60 %) adalah bagian yang "
    "bobotnya sedikitnya rata-rata, sisanya secondary factor (40 %). Bila semua bobot sama, tidak ada secondary factor."
)
_LEVELS, _LEVEL_WIDTH = 5, 20

Table = tuple[tuple[Fraction | None, ...], ...]


@dataclass(frozen=True)
class Agreement:
    """Agreement of the panel on one criterion, or on totals (code TOTAL_CODE). Never official.

    `table` has a row per nominee (in the order of `Analysis.nominees`) and a column per assessor (in the order of
    `Analysis.panel`): points that count, None where no mark was given. `alpha` maps each level of Krippendorff's alpha.
    """

    code: str
    label: str
    table: Table
    intraclass: Intraclass | NotComputable
    alpha: Mapping[str, Answer]
    concordance: Concordance | NotComputable


@dataclass(frozen=True)
class MethodAnswer:
    """What a method says, or why it says nothing. Never official. `note` tells what was assumed."""

    label: str
    outcome: methods.Outcome | NotComputable
    note: str = ""


@dataclass(frozen=True)
class Analysis:
    """The whole page. Never official; `disclaimer` says so in Indonesian and belongs on top of it.

    `nominees` are in the order of the result (first places first, those without a place at the end); `winners` is the number
    of awards, `seed` the hash of the inputs. `matrix` is the decision matrix of `methods`: components (or criteria where
    there is one component) of the nominees that have a place.
    """

    disclaimer: str
    seed: str
    nominees: tuple[str, ...]
    ranks: Mapping[str, int | None]
    panel: tuple[str, ...]
    winners: int
    agreement: tuple[Agreement, ...]
    agreement_on_totals: Agreement
    severity: Severity
    robustness: Robustness
    matrix: methods.Matrix
    methods: tuple[MethodAnswer, ...]


def analyse(document: Mapping[str, Any], names: Mapping[str, str] | None = None) -> Analysis:
    """Analyse a sealed ranking document (see `seal.document`); raises Invalid where its inputs are not sound.

    `names` maps ids of nominees to what refusals of methods call them; without it they are called by their ids.
    """
    contest = contests.parse(document.get("inputs"))
    ranking = rank(contest)
    seed = sha256(contest.to_dict())
    nominees = tuple(row.id for row in ranking.rows)
    points = _Points(contest)
    judged = [criterion for _, criterion in all_criteria(contest.definition) if criterion.is_scored and criterion.source.kind == "assessor"]
    robust = robustness(contest, ranking, seed)
    model = main_model(robust.components, robust.criteria)
    matrix = _matrix(model, names or {})
    return Analysis(
        disclaimer=DISCLAIMER,
        seed=seed,
        nominees=nominees,
        ranks={row.id: row.rank for row in ranking.rows},
        panel=contest.panel,
        winners=contest.winners,
        agreement=tuple(_agreement(each.code, each.label, points.table(nominees, each)) for each in judged),
        agreement_on_totals=_agreement(TOTAL_CODE, "Nilai akhir menurut tiap penilai", points.totals(nominees, judged)),
        severity=severity(contest.panel, points.cells(nominees, judged)),
        robustness=robust,
        matrix=matrix,
        methods=_methods(matrix, model),
    )


class _Points:
    """The points behind the marks of a contest, each raw value worked out once."""

    def __init__(self, contest: Contest) -> None:
        self._panel = contest.panel
        self._marks = {nominee.id: nominee.marks for nominee in contest.nominees}
        self._factor = _factors(contest.definition)
        self._known: dict[tuple[str, object], Fraction] = {}

    def row(self, nominee: str, criterion: Criterion) -> tuple[Fraction | None, ...]:
        """What every member of the panel gave, in the panel's order."""
        given = {mark.assessor: mark.value for mark in self._marks[nominee][criterion.code] if mark.state == SCORED}
        return tuple(self._points(criterion, given[who]) if who in given else None for who in self._panel)

    def table(self, nominees: Sequence[str], criterion: Criterion) -> Table:
        return tuple(self.row(nominee, criterion) for nominee in nominees)

    def totals(self, nominees: Sequence[str], criteria: Sequence[Criterion]) -> Table:
        """What each assessor's marks alone contribute to the total; None where the assessor left one out."""
        tables = [(self._factor[criterion.code], self.table(nominees, criterion)) for criterion in criteria]
        return tuple(
            tuple(_sum([(factor, table[row][column]) for factor, table in tables]) for column in range(len(self._panel)))
            for row in range(len(nominees))
        )

    def cells(self, nominees: Sequence[str], criteria: Sequence[Criterion]) -> list[Cell]:
        return [
            Cell(nominee, criterion.code, {who: 100 * mark / criterion.maximum for who, mark in given if mark is not None})
            for criterion in criteria
            if criterion.maximum
            for nominee in nominees
            for given in [tuple(zip(self._panel, self.row(nominee, criterion), strict=True))]
        ]

    def _points(self, criterion: Criterion, raw: object) -> Fraction:
        key = (criterion.code, raw)
        if key not in self._known:
            self._known[key] = scales.points(criterion.scale, raw)
        return self._known[key]


def _factors(definition: Definition) -> dict[str, Fraction]:
    return {
        criterion.code: component_factor(definition, part) * criterion_factor(definition, part, criterion)
        for part in definition.components
        for criterion in part.scored
    }


def _sum(parts: Sequence[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    found = [factor * points for factor, points in parts if points is not None]
    return sum(found, Fraction(0)) if found and len(found) == len(parts) else None


def _agreement(code: str, label: str, table: Table) -> Agreement:
    alpha = {level: krippendorff(table, level) for level in LEVELS}
    return Agreement(code, label, table, intraclass(table), alpha, kendall(table))


def _matrix(model: Model, names: Mapping[str, str]) -> methods.Matrix:
    weights, _ = over_one_denominator([part.weight for part in model.parts])
    return methods.Matrix(
        alternatives=tuple(names.get(who, who) for who in model.alternatives),
        criteria=tuple(methods.Criterion(part.code, part.label, weight) for part, weight in zip(model.parts, weights, strict=True)),
        values=model.scores,
    )


def _methods(matrix: methods.Matrix, model: Model) -> tuple[MethodAnswer, ...]:
    calculations: list[tuple[str, Callable[[], methods.Outcome], str]] = [
        *((methods.SAW_LABELS[each], _saw(matrix, each), "") for each in methods.NORMALISATIONS),
        (methods.WP, lambda: methods.weighted_product(matrix), ""),
        (methods.WPM, lambda: methods.weighted_product_model(matrix), ""),
        (methods.TOPSIS, lambda: methods.topsis(matrix), ""),
        (methods.MOORA, lambda: methods.moora(matrix), ""),
        (methods.CPI, lambda: methods.cpi(matrix), ""),
        (LABEL, lambda: _profile(matrix, model), PROFILE_NOTE),
    ]
    return tuple(MethodAnswer(label, _answer(calculate), note) for label, calculate, note in calculations)


def _saw(matrix: methods.Matrix, normalisation: str) -> Callable[[], methods.Outcome]:
    return lambda: methods.saw(matrix, normalisation)


def _answer(calculate: Callable[[], methods.Outcome]) -> methods.Outcome | NotComputable:
    """The outcome, or the reason of the refusal as a clause: the first problem, and how many others there are."""
    try:
        return calculate()
    except Invalid as refusal:
        first, *others = [problem.message for problem in refusal.problems]
        reason = first.partition("tidak dapat dihitung: ")[2].removesuffix(".")
        return NotComputable(f"{reason} (dan {len(others)} sebab lain)" if others else reason)


def _profile(matrix: methods.Matrix, model: Model) -> methods.Outcome:
    average = Fraction(1, len(model.parts)) if model.parts else Fraction(1)
    factors = [Factor(part.code, part.label, _LEVELS, core=part.weight >= average) for part in model.parts]
    levels = [[min(_LEVELS, int(score / _LEVEL_WIDTH) + 1) for score in row] for row in model.scores]
    return profile_matching(matrix.alternatives, factors, levels)
