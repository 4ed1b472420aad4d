"""What makes an instrument sound: the sums of every level, everything that stands in the way of the lock, and advice.

A rule that is printed but not applied, or a reference to something that is not there, is an error; so is any level
that does not sum to exactly its whole. Nothing is ever normalised silently.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from sipetruk.errors import Invalid, Problem
from sipetruk.rules import scales
from sipetruk.rules.definition import (
    AWARD_LEVELS,
    FULL_SCORE,
    FULL_WEIGHT,
    Component,
    Criterion,
    Definition,
    FormField,
    Source,
    all_criteria,
    component_maximum,
)
from sipetruk.rules.exact import format_number
from sipetruk.rules.predicate import PREDICATES
from sipetruk.rules.scales import Count, NumberScale, Percentage, Points, Predicate, Rubric, Tally, Threshold, YesNo

SCALES_OF_SOURCE = {
    "assessor": (NumberScale,),
    "unit": (scales.Scale,),
    "unit_head": (scales.Scale,),
    "attendance": (Percentage, Threshold),
    "predicate": (Predicate,),
    "imported": (Percentage, Threshold),
    "sanction": (YesNo,),
    "award": (Tally, Count),
}
"""Which kinds of scale fit the value that a source gives."""


@dataclass(frozen=True)
class LevelSum:
    """What one level adds up to. `unit` is "bp" (basis points of weight) or "points"."""

    path: tuple[str, ...]
    label: str
    found: Fraction
    expected: Fraction
    unit: str

    @property
    def is_whole(self) -> bool:
        return self.found == self.expected

    @property
    def found_text(self) -> str:
        return self._text(self.found)

    @property
    def expected_text(self) -> str:
        return self._text(self.expected)

    def _text(self, value: Fraction) -> str:
        return f"{format_number(value / 100, 2)} %" if self.unit == "bp" else f"{format_number(value)} poin"


@dataclass(frozen=True)
class Finding:
    """One remark: an "error" stops the lock, a "warning" is advice. `path` uses codes: ("components", "inovatif", "weight")."""

    severity: str
    path: tuple[str, ...]
    template: str
    params: tuple[tuple[str, str], ...] = ()

    @property
    def message(self) -> str:
        return self.problem.message

    @property
    def problem(self) -> Problem:
        return Problem(self.template, self.path, "BAD_USER_INPUT", dict(self.params))


def level_sums(definition: Definition) -> list[LevelSum]:
    """The sum of every level that must be whole under the instrument's way of combining."""
    combine = definition.policy.combine
    if combine == "sum_of_points":
        points = sum((part.maximum for part in definition.components), Fraction(0))
        return [LevelSum(("components",), "Jumlah poin tertinggi semua kriteria", points, Fraction(FULL_SCORE), "points")]
    if combine == "mean_of_components":
        return [
            LevelSum(("components", part.code), f"Poin tertinggi komponen {part.label}", part.maximum, Fraction(FULL_SCORE), "points")
            for part in definition.components
            if part.scored or not part.criteria
        ]
    total = Fraction(sum(part.weight or 0 for part in definition.components))
    sums = [LevelSum(("components",), "Jumlah bobot komponen", total, Fraction(FULL_WEIGHT), "bp")]
    for part in definition.components:
        if part.is_weighted:
            weights = Fraction(sum(criterion.weight or 0 for criterion in part.criteria))
            sums.append(LevelSum(("components", part.code), f"Jumlah bobot kriteria {part.label}", weights, Fraction(FULL_WEIGHT), "bp"))
    return sums


def lint(definition: Definition) -> list[Finding]:
    """Every remark on the instrument, errors first, each group in the order of the document."""
    findings = [
        *_sum_findings(definition),
        *_component_findings(definition),
        *_weight_findings(definition),
        *_criterion_findings(definition),
        *_policy_findings(definition),
        *_form_findings(definition),
    ]
    return sorted(findings, key=lambda finding: finding.severity != "error")


def require_lockable(definition: Definition) -> None:
    """Refuse an instrument with errors, naming all of them."""
    problems = [finding.problem for finding in lint(definition) if finding.severity == "error"]
    if problems:
        raise Invalid(problems)


def _error(*path: str, text: str, **params: str) -> Finding:
    return Finding("error", path, text, tuple(params.items()))


def _warning(*path: str, text: str, **params: str) -> Finding:
    return Finding("warning", path, text, tuple(params.items()))


def _sum_findings(definition: Definition) -> Iterator[Finding]:
    for level in level_sums(definition):
        if not level.is_whole:
            yield _error(
                *level.path,
                text="%(label)s adalah %(found)s, harus tepat %(expected)s.",
                label=level.label,
                found=level.found_text,
                expected=level.expected_text,
            )


def _component_findings(definition: Definition) -> Iterator[Finding]:
    if not definition.components:
        yield _error("components", text="Instrumen belum mempunyai komponen.")
    elif not any(part.scored for part in definition.components):
        yield _error("components", text="Tidak ada satu pun kriteria yang dinilai dengan poin.")
    for part in definition.components:
        if not part.criteria:
            yield _error("components", part.code, text="Komponen ini belum mempunyai kriteria.")
        elif not part.scored:
            yield _warning("components", part.code, text="Komponen ini hanya berisi uraian dan tidak ikut dihitung.")


def _weight_findings(definition: Definition) -> Iterator[Finding]:
    weighted = definition.policy.combine == "weighted_sum"
    for part in definition.components:
        path = ("components", part.code, "weight")
        if not weighted and part.weight is not None:
            yield _error(*path, text="Cara menggabungkan nilai ini tidak memakai bobot; kosongkan bobot komponen.")
        if weighted and part.scored and part.weight is None:
            yield _error(*path, text="Komponen ini belum mempunyai bobot.")
        if weighted and part.weight and part.criteria and not part.scored:
            yield _error(*path, text="Komponen tanpa poin tidak boleh mempunyai bobot.")
        yield from _criterion_weight_findings(part, weighted=weighted)


def _criterion_weight_findings(part: Component, *, weighted: bool) -> Iterator[Finding]:
    for criterion in part.criteria:
        path = ("criteria", criterion.code, "weight")
        if criterion.weight is not None and not weighted:
            yield _error(*path, text="Cara menggabungkan nilai ini tidak memakai bobot; kosongkan bobot kriteria.")
        elif criterion.weight is not None and not criterion.is_scored:
            yield _error(*path, text="Kriteria berupa uraian tidak boleh mempunyai bobot.")
        elif weighted and part.is_weighted and criterion.is_scored and criterion.weight is None:
            yield _error(*path, text="Beri bobot pada semua kriteria komponen ini, atau pada tidak satu pun.")


def _criterion_findings(definition: Definition) -> Iterator[Finding]:
    evidence = {requirement.code for requirement in definition.requirements}
    for _, criterion in all_criteria(definition):
        path = ("criteria", criterion.code)
        yield from _source_findings(criterion)
        yield from _scale_findings(criterion)
        for code in criterion.evidence:
            if code not in evidence:
                yield _error(*path, "evidence", text="Bukti dukung “%(code)s” tidak ada dalam daftar.", code=code)
        if not criterion.help:
            yield _warning(*path, "help", text="Tambahkan petunjuk agar semua orang membaca kriteria ini dengan cara yang sama.")
        if criterion.note_min_chars and criterion.source.kind != "assessor":
            yield _error(*path, "note_min_chars", text="Catatan wajib hanya berlaku bagi kriteria yang dinilai tim penilai.")


def _source_findings(criterion: Criterion) -> Iterator[Finding]:
    path, source = ("criteria", criterion.code, "source"), criterion.source
    if not isinstance(criterion.scale, SCALES_OF_SOURCE[source.kind]):
        yield _error(*path, text="Skala “%(scale)s” tidak cocok dengan sumber nilai ini.", scale=criterion.scale.label)
    if _lacks_time(source):
        yield _error(*path, text="Sebutkan bulan atau tahun data yang dipakai.")
    if source.kind == "sanction" and source.check != "examination" and not source.levels:
        yield _error(*path, text="Pilih sedikitnya satu tingkat hukuman disiplin.")
    if source.kind == "award" and isinstance(criterion.scale, Tally):
        for entry in criterion.scale.entries:
            if entry.code not in AWARD_LEVELS:
                levels = ", ".join(AWARD_LEVELS)
                text = "Tingkat “%(code)s” tidak ada pada data penghargaan; kode yang dikenal: %(levels)s."
                yield _error("criteria", criterion.code, "scale", text=text, code=entry.code, levels=levels)


def _lacks_time(source: Source) -> bool:
    if source.kind == "attendance":
        return not source.months
    if source.kind in {"predicate", "award"}:
        return not source.named_years
    if source.kind == "sanction":
        return source.check == "within" and source.within_years is None
    return source.kind == "imported" and not source.months and source.year is None


def _scale_findings(criterion: Criterion) -> Iterator[Finding]:
    path, scale = ("criteria", criterion.code, "scale"), criterion.scale
    if criterion.is_scored and not scale.maximum:
        yield _error(*path, text="Skala ini belum lengkap: tidak ada nilai yang memberi poin.")
    if isinstance(scale, Predicate) and len(scale.table) < len(PREDICATES):
        yield _error(*path, text="Isi poin untuk kelima predikat.")
    if isinstance(scale, Rubric):
        if len(scale.levels) == 1:
            yield _warning(*path, text="Rubrik dengan satu tingkat tidak membedakan siapa pun.")
        if any(not level.description for level in scale.levels):
            yield _warning(*path, text="Jelaskan setiap tingkat rubrik agar penilai memakai ukuran yang sama.")
    if isinstance(scale, Threshold):
        worth = [scale.otherwise] + [band.points for band in sorted(scale.bands, key=lambda band: band.at_least)]
        if worth != sorted(worth):
            yield _warning(*path, text="Nilai yang lebih tinggi memperoleh poin lebih rendah; periksa ambangnya.")
    if isinstance(scale, Points) and scale.min:
        yield _warning(*path, text="Poin terendah bukan 0; setiap calon memperoleh sedikitnya poin ini.")


def _policy_findings(definition: Definition) -> Iterator[Finding]:
    policy = definition.policy
    components = {part.code: part for part in definition.components}
    criteria = {criterion.code: criterion for _, criterion in all_criteria(definition)}
    for floor in policy.floors:
        part = components.get(floor.component)
        if part is None or not part.scored:
            yield _error("policy", "floors", text="Batas nilai menunjuk komponen “%(code)s” yang tidak dinilai.", code=floor.component)
        elif floor.at_least > component_maximum(definition, part):
            yield _error("policy", "floors", text="Batas nilai %(label)s tidak mungkin tercapai.", label=part.label)
    for step in policy.tie_chain:
        found = components.get(step.code) if step.by == "component" else criteria.get(step.code)
        if step.by == "attribute":
            continue
        if found is None or not (found.scored if isinstance(found, Component) else found.is_scored):
            yield _error("policy", "tie_chain", text="Urutan penentu nilai sama menunjuk “%(code)s” yang tidak dinilai.", code=step.code)
    if not policy.tie_chain:
        yield _warning("policy", "tie_chain", text="Belum ada penentu nilai sama; setiap nilai sama harus diputuskan tim.")
    if policy.min_assessors < policy.aggregation.least_marks():
        least = str(policy.aggregation.least_marks())
        yield _error("policy", "min_assessors", text="Cara agregasi ini memerlukan sedikitnya %(least)s penilai.", least=least)


def _form_findings(definition: Definition) -> Iterator[Finding]:
    earlier: dict[str, FormField] = {}
    for field in definition.fields:
        path = ("fields", field.code)
        if field.kind in {"choice", "choices"} and not field.options:
            yield _error(*path, "options", text="Pertanyaan pilihan ini belum mempunyai pilihan jawaban.")
        if field.shown_when is not None:
            condition = earlier.get(field.shown_when.field)
            if condition is not None and condition.kind == "file":
                yield _error(*path, "shown_when", text="Syarat tampil tidak dapat menunjuk pertanyaan berupa berkas.")
            elif condition is None:
                yield _error(*path, "shown_when", text="Syarat tampil harus menunjuk pertanyaan yang lebih dahulu.")
            elif condition.options and field.shown_when.equals not in {option.code for option in condition.options}:
                yield _error(*path, "shown_when", text="Syarat tampil memakai jawaban yang tidak ada pada pilihan.")
        if field.kind == "file" and not field.accept:
            yield _error(*path, "accept", text="Sebutkan jenis berkas yang diterima.")
        earlier[field.code] = field
    for requirement in definition.evidence:
        if requirement.source == "unit" and not requirement.accept:
            yield _error("evidence", requirement.code, "accept", text="Sebutkan jenis berkas yang diterima.")
