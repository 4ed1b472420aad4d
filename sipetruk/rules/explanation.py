"""Why a score is what it is, and what separates two nominees: every step from the marks, from a sealed document alone.

Numbers come twice: exact ("248/3") and as they are printed ("82,67"); sentences are Indonesian, with a decimal comma.
Nominees and assessors are called by the ids of the document; a page puts names where its reader may see them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sipetruk.errors import Invalid, NotFound
from sipetruk.rules import reasons, scales
from sipetruk.rules.definition import Component, Criterion, Definition
from sipetruk.rules.exact import exact_text, format_number, fraction, over_one_denominator, printed, ratio_text, shown_units, units_text
from sipetruk.rules.parsing import parse
from sipetruk.rules.scoring import component_factor, criterion_factor
from sipetruk.rules.weighing import SCORED

STATES = {
    "abstained": "abstain",
    "recused": "mengundurkan diri",
    "not_yet": "belum dinilai",
    "not_applicable": "tidak berlaku",
}
TEXTS = {
    "mean": "Rata-rata %(count)s nilai: (%(sum)s) : %(count)s = %(points)s poin.",
    "median": "Nilai tengah dari %(list)s = %(points)s poin.",
    "trimmed": "Rata-rata tanpa %(k)s nilai tertinggi dan %(k)s terendah dari %(list)s = %(points)s poin.",
    "rounded": "Dibulatkan menjadi %(points)s poin.",
    "value": "%(value)s memberi %(points)s poin.",
    "missing": "Belum ada nilai, sehingga tidak ada poin; nilai yang belum ada tidak dihitung nol.",
    "left_out": "Tidak dihitung: %(marks)s.",
    "same": "%(points)s poin menambah %(contribution)s pada nilai akhir.",
    "weighed": "%(points)s poin × %(factor)s menambah %(contribution)s pada nilai akhir.",
    "adjusted": "%(points)s poin × %(factor)s menambah %(contribution)s pada nilai akhir, sesudah pembulatan menurut aturan instrumen.",
    "total": "Nilai akhir adalah jumlah semua kriteria: %(exact)s, dicetak %(score)s.",
    "total_printed": "Nilai akhir adalah jumlah semua kriteria: %(score)s.",
    "no_total": "Nilai akhir belum dapat dihitung karena ada nilai yang belum lengkap.",
    "rank": "Peringkat %(rank)s.",
    "shared": "Nilai tercetaknya sama dengan calon lain; penentu urutan: %(decider)s.",
    "open": "Nilai tercetaknya sama dengan calon lain; urutannya %(said)s.",
    "ahead": "%(label)s: unggul %(shown)s (%(mine)s poin terhadap %(theirs)s poin).",
    "behind": "%(label)s: tertinggal %(shown)s (%(mine)s poin terhadap %(theirs)s poin).",
    "level": "%(label)s: sama (%(mine)s poin).",
    "unseen": "%(label)s: hampir sama (%(mine)s poin terhadap %(theirs)s poin).",
    "gap": "Selisih nilai akhir %(shown)s: %(better)s lawan %(other)s.",
    "no_gap": "Nilai akhir tercetak sama: %(better)s.",
}


@dataclass(frozen=True)
class MarkStep:
    """One assessor's mark: `value` as given, `points` what it is worth (exact); both None unless scored, then `state` says why."""

    assessor: str
    state: str
    value: str | None
    points: str | None


@dataclass(frozen=True)
class CriterionStep:
    """From marks (or a value from elsewhere) to the contribution.

    `points`, `factor` (what one point adds to the total) and `contribution` are exact ("35/2"); `points_shown` is
    rounded, `contribution_shown` is the printed part of the printed total. None where something is missing.
    """

    code: str
    label: str
    marks: tuple[MarkStep, ...]
    value: str | None
    points: str | None
    points_shown: str | None
    factor: str
    contribution: str | None
    contribution_shown: str | None
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class ComponentStep:
    """A component with its criteria; `contribution_shown` is the sum of what its criteria show."""

    code: str
    label: str
    exact: str | None
    score: str | None
    contribution_shown: str | None
    criteria: tuple[CriterionStep, ...]


@dataclass(frozen=True)
class Why:
    """Everything behind one row: `exact` and `score` are the total, `sentences` end with the place.

    `tie` says what decided the place among those of the same printed score; empty where there are none.
    """

    id: str
    status: str
    exact: str | None
    score: str | None
    rank: int | None
    components: tuple[ComponentStep, ...]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    sentences: tuple[str, ...]
    tie: str


@dataclass(frozen=True)
class GapPart:
    """What one criterion contributes to the gap: `exact` and `shown` are positive where the first nominee is ahead."""

    code: str
    label: str
    component: str
    points: tuple[str, str]
    exact: str
    shown: str
    sentence: str


@dataclass(frozen=True)
class Gap:
    """The first nominee's total less the second one's; `parts` add up to it, exact and shown, the largest difference first."""

    ids: tuple[str, str]
    scores: tuple[str, str]
    exact: str
    shown: str
    parts: tuple[GapPart, ...]
    sentences: tuple[str, ...]


def why(document: Mapping[str, Any], nominee_id: str, said: Mapping[tuple[str, ...], str] | None = None) -> Why:
    """Every step from the marks of a nominee to the total; NotFound for somebody who takes no part.

    `said` is what is to be said of each open tie, where more is known than the document tells (`reasons.open_ties`).
    """
    told = _Told(document, said)
    row, nominee = told.row(nominee_id), told.nominee(nominee_id)
    lines = {line["code"]: line for line in row["criteria"]}
    scores = {part["code"]: part for part in row["components"]}
    return Why(
        id=nominee_id,
        status=row["status"],
        exact=row["exact"],
        score=_comma(row["score"]),
        rank=row["rank"],
        components=tuple(
            told.component(part, scores[part.code], lines, nominee) for part in told.definition.components if part.code in scores
        ),
        reasons=tuple(reasons.explain(reason, told.definition) for reason in row["reasons"]),
        warnings=tuple(reasons.explain(reason, told.definition) for reason in row["warnings"]),
        sentences=told.closing(row),
        tie=told.tie(row),
    )


def gap(document: Mapping[str, Any], first_id: str, second_id: str, said: Mapping[tuple[str, ...], str] | None = None) -> Gap:
    """What separates two nominees, criterion by criterion; Invalid where one of them has no total. For `said` see `why`."""
    told = _Told(document, said)
    first, second = told.row(first_id), told.row(second_id)
    if first["exact"] is None or second["exact"] is None:
        raise Invalid("Selisih hanya dapat dihitung antara calon yang nilainya lengkap.")
    pairs = list(zip(first["criteria"], second["criteria"], strict=True))
    differences = [fraction(mine["contribution"]) - fraction(theirs["contribution"]) for mine, theirs in pairs]
    numerators, denominator = over_one_denominator(differences)
    decimals = told.decimals
    whole = int((fraction(first["score"]) - fraction(second["score"])) * 10**decimals)
    units = shown_units(numerators, denominator, whole, decimals)
    parts = [told.part(mine, theirs, difference, unit) for (mine, theirs), difference, unit in zip(pairs, differences, units, strict=True)]
    shown = _with_comma(units_text(whole, decimals))
    scores = (_with_comma(first["score"]), _with_comma(second["score"]))
    return Gap(
        ids=(first_id, second_id),
        scores=scores,
        exact=ratio_text(sum(differences, Fraction(0))),
        shown=shown,
        parts=tuple(sorted(parts, key=lambda part: (-abs(fraction(part.exact)), part.code))),
        sentences=told.gap_sentences(whole, shown, scores, (first, second)),
    )


def maxima(document: Mapping[str, Any]) -> dict[str, str]:
    """The highest points of every criterion that counts, as printed, by its code."""
    definition = parse(document["inputs"]["instrument"]["definition"])
    return {each.code: format_number(each.maximum) for part in definition.components for each in part.scored}


class _Told:
    """A sealed document, ready to be told."""

    def __init__(self, document: Mapping[str, Any], said: Mapping[tuple[str, ...], str] | None) -> None:
        self._said = {who: text for group, text in (said or reasons.open_ties(document)).items() for who in group}
        self.definition: Definition = parse(document["inputs"]["instrument"]["definition"])
        self.decimals = self.definition.policy.rounding.decimals
        self._rows = {row["id"]: row for row in document["result"]["rows"]}
        self._nominees = {nominee["id"]: nominee for nominee in document["inputs"]["nominees"]}
        self._labels = {criterion.code: criterion.label for part in self.definition.components for criterion in part.criteria}

    def row(self, nominee_id: str) -> Mapping[str, Any]:
        if nominee_id not in self._rows:
            raise NotFound("%(what)s tidak ditemukan.", what="Calon")
        found: Mapping[str, Any] = self._rows[nominee_id]
        return found

    def nominee(self, nominee_id: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._nominees[nominee_id]
        return found

    def component(
        self, part: Component, score: Mapping[str, Any], lines: Mapping[str, Mapping[str, Any]], nominee: Mapping[str, Any]
    ) -> ComponentStep:
        steps = tuple(self._criterion(part, criterion, lines[criterion.code], nominee) for criterion in part.scored)
        shown = [lines[criterion.code]["shown_contribution"] for criterion in part.scored]
        whole = None if None in shown else sum((fraction(text) for text in shown), Fraction(0))
        return ComponentStep(
            code=part.code,
            label=part.label,
            exact=score["exact"],
            score=_comma(score["score"]),
            contribution_shown=None if whole is None else _comma(printed(whole, self.decimals)),
            criteria=steps,
        )

    def closing(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        if row["exact"] is None:
            return (TEXTS["no_total"],)
        exact, score = _exact(row["exact"]), _comma(row["score"])
        is_printed = fraction(row["exact"]) == fraction(row["score"])
        told = [TEXTS["total_printed" if is_printed else "total"] % {"exact": exact, "score": score}]
        if row["rank"] is not None:
            told.append(TEXTS["rank"] % {"rank": row["rank"]})
        tie = self.tie(row)
        return (*told, tie) if tie else tuple(told)

    def tie(self, row: Mapping[str, Any]) -> str:
        if row["tie_group"] is None:
            return ""
        if row["id"] in self._said:
            said = self._said[row["id"]]
            return TEXTS["open"] % {"said": said[0].lower() + said[1:]}
        return TEXTS["shared"] % {"decider": reasons.explain_decision(row["decided_by"], self.definition)}

    def part(self, mine: Mapping[str, Any], theirs: Mapping[str, Any], difference: Fraction, units: int) -> GapPart:
        label = self._labels[mine["code"]]
        points = (_exact(mine["points"]), _exact(theirs["points"]))
        kind = "level" if not difference else "unseen" if not units else "ahead" if units > 0 else "behind"
        facts = {"label": label, "shown": _comma(units_text(abs(units), self.decimals)), "mine": points[0], "theirs": points[1]}
        return GapPart(
            code=mine["code"],
            label=label,
            component=mine["component"],
            points=points,
            exact=ratio_text(difference),
            shown=_with_comma(units_text(units, self.decimals)),
            sentence=TEXTS[kind] % facts,
        )

    def gap_sentences(
        self, whole: int, shown: str, scores: tuple[str, str], rows: tuple[Mapping[str, Any], Mapping[str, Any]]
    ) -> tuple[str, ...]:
        facts = {"shown": shown.removeprefix("-"), "better": scores[0], "other": scores[1]}
        if whole:
            return (TEXTS["gap"] % facts,)
        tied = next((row for row in rows if row["tie_group"] is not None), None)
        return (TEXTS["no_gap"] % facts, *([self.tie(tied)] if tied else []))

    def _criterion(self, part: Component, criterion: Criterion, line: Mapping[str, Any], nominee: Mapping[str, Any]) -> CriterionStep:
        factor = component_factor(self.definition, part) * criterion_factor(self.definition, part, criterion)
        marks = tuple(_mark(criterion, given) for given in nominee["marks"].get(criterion.code, ()))
        points = None if line["points"] is None else fraction(line["points"])
        sentences = [*self._to_points(criterion, marks, line, points), *self._to_contribution(line, points, factor)]
        return CriterionStep(
            code=criterion.code,
            label=criterion.label,
            marks=marks,
            value=None if marks else _value(line["panel_value"]),
            points=line["points"],
            points_shown=None if points is None else _comma(printed(points, self.decimals)),
            factor=ratio_text(factor),
            contribution=line["contribution"],
            contribution_shown=_comma(line["shown_contribution"]),
            sentences=tuple(sentences),
        )

    def _to_points(self, criterion: Criterion, marks: Sequence[MarkStep], line: Mapping[str, Any], points: Fraction | None) -> list[str]:
        told = []
        if points is None:
            told.append(TEXTS["missing"])
        elif criterion.source.kind == "assessor":
            worth = [_exact(mark.points) for mark in marks if mark.points is not None]
            aggregation = self.definition.policy.aggregation
            facts = {
                "count": len(worth),
                "sum": " + ".join(worth),
                "list": "; ".join(worth),
                "k": aggregation.k,
                "points": _exact(line["panel_value"]),
            }
            told.append(TEXTS[aggregation.kind] % facts)
            if fraction(line["panel_value"]) != points:
                told.append(TEXTS["rounded"] % {"points": _exact(line["points"])})
        else:
            told.append(TEXTS["value"] % {"value": _value(line["panel_value"]), "points": _exact(line["points"])})
        left_out = [STATES[mark.state] for mark in marks if mark.state != SCORED]
        if left_out:
            counted = [f"{left_out.count(state)} {state}" for state in dict.fromkeys(left_out)]
            told.append(TEXTS["left_out"] % {"marks": ", ".join(counted)})
        return told

    def _to_contribution(self, line: Mapping[str, Any], points: Fraction | None, factor: Fraction) -> list[str]:
        if points is None or line["contribution"] is None:
            return []
        kind = "adjusted" if fraction(line["contribution"]) != points * factor else "same" if factor == 1 else "weighed"
        facts = {"points": _exact(line["points"]), "factor": _exact(ratio_text(factor)), "contribution": _comma(line["shown_contribution"])}
        return [TEXTS[kind] % facts]


def _mark(criterion: Criterion, given: Mapping[str, Any]) -> MarkStep:
    if given["state"] != SCORED:
        return MarkStep(given["assessor"], given["state"], None, None)
    points = scales.points(criterion.scale, given["value"])
    return MarkStep(given["assessor"], SCORED, _exact(given["value"]), ratio_text(points))


def _value(raw: object) -> str:
    """A raw value as a person reads it; counts per entry one after the other."""
    if isinstance(raw, Mapping):
        return ", ".join(f"{code}: {count}" for code, count in sorted(raw.items()))
    return "-" if raw is None else _exact(str(raw))


def _exact(text: str | None) -> str:
    """An exact value in its shortest spelling with a decimal comma; words stay as they are."""
    try:
        return _with_comma(exact_text(fraction(text)))
    except (TypeError, ValueError):
        return str(text)


def _comma(text: str | None) -> str | None:
    return None if text is None else _with_comma(text)


def _with_comma(text: str) -> str:
    return text.replace(".", ",")
