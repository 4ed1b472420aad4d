"""What makes an instrument sound: the sums of every level, everything that stands in the way of the lock, and advice.

A rule that is printed but not applied, or a reference to something that is not there, is an error; so is any level
that does not sum to exactly its whole. Nothing is ever normalised silently.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from sipetruk.errors import Invalid
from sipetruk.rules import scales
from sipetruk.rules.definition import (
    AWARD_LEVELS,
    FULL_SCORE,
    FULL_WEIGHT,
    Component,
    Criterion,
    Definition,
    Source,
    all_criteria,
    component_maximum,
)
from sipetruk.rules.exact import format_number
from sipetruk.rules.findings import Finding, doubled, error, same_words, warning
from sipetruk.rules.scales import Count, NumberScale, Percentage, Predicate, Tally, Threshold, YesNo
from sipetruk.rules.sound_form import form_findings, upload_findings
from sipetruk.rules.sound_scales import scale_findings

__all__ = ["SCALES_OF_SOURCE", "Finding", "LevelSum", "level_sums", "lint", "require_lockable", "upload_findings"]

SCALES_OF_SOURCE = {
    "assessor": (NumberScale,),
    "unit": (scales.Scale,),
    "unit_head": (scales.Scale,),
    "attendance": (Percentage, Threshold),
    "predicate": (Predicate,),
    "imported": (Percentage, Threshold),
    "sanction": (YesNo,),
    "award": (Tally, Count),
    "first_stage": (Percentage, Threshold),
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
        *scale_findings(definition),
        *_name_findings(definition),
        *_policy_findings(definition),
        *form_findings(definition),
    ]
    return sorted(findings, key=lambda finding: finding.severity != "error")


def require_lockable(definition: Definition) -> None:
    """Refuse an instrument with errors, naming all of them."""
    problems = [finding.problem for finding in lint(definition) if finding.severity == "error"]
    if problems:
        raise Invalid(problems)


def _sum_findings(definition: Definition) -> Iterator[Finding]:
    for level in level_sums(definition):
        if not level.is_whole:
            yield error(
                *level.path,
                text="%(label)s adalah %(found)s, harus tepat %(expected)s.",
                label=level.label,
                found=level.found_text,
                expected=level.expected_text,
            )


def _component_findings(definition: Definition) -> Iterator[Finding]:
    if not definition.components:
        yield error("components", text="Instrumen belum mempunyai komponen.")
    elif not any(part.scored for part in definition.components):
        yield error("components", text="Tidak ada satu pun kriteria yang dinilai dengan poin.")
    for part in definition.components:
        if not part.criteria:
            yield error("components", part.code, text="Komponen ini belum mempunyai kriteria.")
        elif not part.scored:
            yield warning("components", part.code, text="Komponen ini hanya berisi uraian dan tidak ikut dihitung.")


def _weight_findings(definition: Definition) -> Iterator[Finding]:
    weighted = definition.policy.combine == "weighted_sum"
    for part in definition.components:
        path = ("components", part.code, "weight")
        if not weighted and part.weight is not None:
            yield _unused_weight(path, "komponen", part.weight, part.maximum)
        if weighted and part.scored and part.weight is None:
            yield error(*path, text="Komponen ini belum mempunyai bobot.")
        if weighted and part.scored and part.weight == 0:
            yield warning(*path, text="Bobot komponen ini nol: nilainya diisi tetapi tidak dihitung. Beri bobot, atau hapus komponennya.")
        if weighted and part.weight and part.criteria and not part.scored:
            yield error(*path, text="Komponen tanpa poin tidak boleh mempunyai bobot.")
        if weighted and part.weight and part.scored and not part.is_weighted:
            yield from _share_findings(path, part, Fraction(part.weight, FULL_SCORE))
        yield from _criterion_weight_findings(part, weighted=weighted)


def _unused_weight(path: tuple[str, ...], what: str, weight: int, maximum: Fraction) -> Finding:
    """A weight where points decide; one that differs from the points would print another rule than the applied one."""
    printed = Fraction(weight, FULL_SCORE)
    if printed == maximum:
        return error(*path, text="Cara menggabungkan nilai ini tidak memakai bobot; kosongkan bobot %(what)s.", what=what)
    text = "Bobot %(what)s %(weight)s %% berbeda dari poin tertingginya %(points)s; yang dihitung poinnya, jadi kosongkan bobot."
    return error(*path, text=text, what=what, weight=format_number(printed), points=format_number(maximum))


def _share_findings(path: tuple[str, ...], part: Component, percent: Fraction) -> Iterator[Finding]:
    """Points that are neither the weight nor a whole hundred, or the same for each, are easily misread."""
    if part.maximum in (percent, FULL_SCORE) or len({criterion.maximum for criterion in part.scored}) == 1:
        return
    text = "Poin tertinggi %(label)s berjumlah %(points)s, bukan %(percent)s atau 100; nilainya dihitung sebagai bagian dari %(points)s."
    yield warning(*path, text=text, label=part.label, points=format_number(part.maximum), percent=format_number(percent))


def _criterion_weight_findings(part: Component, *, weighted: bool) -> Iterator[Finding]:
    for criterion in part.criteria:
        path = ("criteria", criterion.code, "weight")
        if criterion.weight is not None and not weighted:
            yield _unused_weight(path, "kriteria", criterion.weight, criterion.maximum)
        elif criterion.weight is not None and not criterion.is_scored:
            yield error(*path, text="Kriteria berupa uraian tidak boleh mempunyai bobot.")
        elif weighted and criterion.is_scored and criterion.weight == 0:
            yield warning(*path, text="Bobot kriteria ini nol: nilainya diisi tetapi tidak dihitung. Beri bobot, atau hapus kriterianya.")
        elif weighted and part.is_weighted and criterion.is_scored and criterion.weight is None:
            yield error(*path, text="Beri bobot pada semua kriteria komponen ini, atau pada tidak satu pun.")


def _criterion_findings(definition: Definition) -> Iterator[Finding]:
    evidence = {requirement.code for requirement in definition.requirements}
    for _, criterion in all_criteria(definition):
        path = ("criteria", criterion.code)
        yield from _source_findings(criterion)
        for code in criterion.evidence:
            if code not in evidence:
                yield error(*path, "evidence", text="Bukti dukung “%(code)s” tidak ada dalam daftar.", code=code)
        if not criterion.help:
            yield warning(*path, "help", text="Tambahkan petunjuk agar semua orang membaca kriteria ini dengan cara yang sama.")
        if criterion.note_min_chars and criterion.source.kind != "assessor":
            yield error(*path, "note_min_chars", text="Catatan wajib hanya berlaku bagi kriteria yang dinilai tim penilai.")


def _source_findings(criterion: Criterion) -> Iterator[Finding]:
    path, source = ("criteria", criterion.code, "source"), criterion.source
    if not isinstance(criterion.scale, SCALES_OF_SOURCE[source.kind]):
        yield error(*path, text="Skala “%(scale)s” tidak cocok dengan sumber nilai ini.", scale=criterion.scale.label)
    if _lacks_time(source):
        yield error(*path, text="Sebutkan bulan atau tahun data yang dipakai.")
    if source.kind == "sanction" and source.check != "examination" and not source.levels:
        yield error(*path, text="Pilih sedikitnya satu tingkat hukuman disiplin.")
    if source.kind == "award" and isinstance(criterion.scale, Tally):
        for entry in criterion.scale.entries:
            if entry.code not in AWARD_LEVELS:
                levels = ", ".join(AWARD_LEVELS)
                text = "Tingkat “%(code)s” tidak ada pada data penghargaan; kode yang dikenal: %(levels)s."
                yield error("criteria", criterion.code, "scale", text=text, code=entry.code, levels=levels)


def _lacks_time(source: Source) -> bool:
    if source.kind == "attendance":
        return not source.months
    if source.kind in {"predicate", "award"}:
        return not source.named_years
    if source.kind == "sanction":
        return source.check == "within" and source.within_years is None
    return source.kind == "imported" and not source.months and source.year is None


def _name_findings(definition: Definition) -> Iterator[Finding]:
    """Names that a reader of the recap could not tell apart."""
    parts = definition.components
    for at, label in doubled(part.label for part in parts).items():
        yield error("components", parts[at].code, "label", text="Dua komponen bernama “%(label)s”.", label=label)
    home: dict[str, str] = {}
    for part, criterion in all_criteria(definition):
        words, path = same_words(criterion.label), ("criteria", criterion.code, "label")
        if home.get(words) == part.code:
            yield error(*path, text="Dua kriteria dalam satu komponen bernama “%(label)s”.", label=criterion.label)
        elif words in home:
            yield warning(*path, text="Nama “%(label)s” juga dipakai kriteria pada komponen lain.", label=criterion.label)
        home.setdefault(words, part.code)


def _policy_findings(definition: Definition) -> Iterator[Finding]:
    policy = definition.policy
    yield from _floor_findings(definition)
    yield from _tie_findings(definition)
    if policy.min_assessors < policy.aggregation.least_marks():
        least = str(policy.aggregation.least_marks())
        yield error("policy", "min_assessors", text="Cara agregasi ini memerlukan sedikitnya %(least)s penilai.", least=least)


def _floor_findings(definition: Definition) -> Iterator[Finding]:
    components = {part.code: part for part in definition.components}
    for at, floor in enumerate(definition.policy.floors):
        path = ("policy", "floors", str(at))
        part = components.get(floor.component)
        if part is None or not part.scored:
            yield error(*path, text="Batas nilai menunjuk komponen “%(code)s” yang tidak dinilai.", code=floor.component)
        elif floor.at_least > component_maximum(definition, part):
            yield error(*path, text="Batas nilai %(label)s tidak mungkin tercapai.", label=part.label)
        elif not floor.at_least:
            yield warning(*path, text="Batas nilai %(label)s adalah 0, jadi tidak menyaring siapa pun.", label=part.label)


def _tie_findings(definition: Definition) -> Iterator[Finding]:
    scored = {f"component:{part.code}": (part.label, bool(part.scored)) for part in definition.components}
    scored |= {f"criterion:{criterion.code}": (criterion.label, criterion.is_scored) for _, criterion in all_criteria(definition)}
    chain = definition.policy.tie_chain
    for at, step in enumerate(chain):
        path = ("policy", "tie_chain", str(at))
        label, counts = scored.get(step.name, ("", False))
        if step.by == "attribute" or counts:
            continue
        if label:
            yield error(*path, text="Urutan penentu nilai sama menunjuk “%(label)s” yang tidak dinilai.", label=label)
        else:
            yield error(*path, text="Urutan penentu nilai sama menunjuk “%(code)s” yang tidak ada.", code=step.code)
    if not chain:
        yield warning("policy", "tie_chain", text="Belum ada penentu nilai sama; setiap nilai sama harus diputuskan tim.")
