"""An instrument as types of the contract: policy, components, criteria, scales and evidence. Nothing here is private."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import strawberry

from sipetruk.api.enums import Aggregation, Combine, CriterionSource, EvidenceSource, ScaleKind, TieStepKind
from sipetruk.api.listsize import ListSize
from sipetruk.rules import definition as rules
from sipetruk.rules import scales
from sipetruk.rules.exact import document_number, format_number
from sipetruk.rules.vocabulary import EFFECTS, ROUNDING_MODE

PERCENT = 100


def decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else exact(value)


def exact(value: Fraction) -> Decimal:
    """A number of a document, which always has a short decimal spelling."""
    return Decimal(document_number(value))


def percent(basis_points: int | None) -> Decimal | None:
    return None if basis_points is None else Decimal(basis_points) / PERCENT


@strawberry.type(description="Nilai terendah sebuah komponen; di bawahnya calon tidak dapat menang.")
class Floor:
    component: str = strawberry.field(description="Kode komponen.")
    at_least: Decimal = strawberry.field(description="Nilai paling rendah yang masih memenuhi.")


@strawberry.type(description="Satu langkah untuk memutus nilai seri, menurut urutannya.")
class TieStep:
    by: TieStepKind = strawberry.field(description="Apa yang dibandingkan.")
    code: str = strawberry.field(description="Kode komponen, kriteria, atau data yang dibandingkan.")
    label: str = strawberry.field(description="Nama yang dibandingkan.")


@strawberry.type(description="Aturan menghitung nilai, terkunci bersama instrumen.")
class ScoringPolicy:
    combine: Combine = strawberry.field(description="Cara nilai komponen menjadi nilai akhir.")
    combine_label: str = strawberry.field(description="Cara itu dalam kata-kata.")
    combine_effect: str = strawberry.field(description="Akibat cara itu dalam satu kalimat.")
    aggregation: Aggregation = strawberry.field(description="Cara nilai beberapa penilai menjadi satu nilai.")
    aggregation_label: str = strawberry.field(description="Cara itu dalam kata-kata.")
    aggregation_effect: str = strawberry.field(description="Akibat cara itu dalam satu kalimat.")
    rounding_label: str = strawberry.field(description="Nilai mana yang dibulatkan.")
    rounding_effect: str = strawberry.field(description="Akibat pembulatan itu dalam satu kalimat.")
    rounding_mode_label: str = strawberry.field(description="Ke mana dibulatkan, dalam kata-kata.")
    rounding_mode_effect: str = strawberry.field(description="Akibat arah pembulatan itu dalam satu kalimat.")
    decimals: int = strawberry.field(description="Banyaknya angka di belakang koma pada nilai yang dicetak.")
    min_assessors: int = strawberry.field(description="Paling sedikit nilai per kriteria; kurang dari ini penilaian belum lengkap.")
    floors: list[Floor] = strawberry.field(
        description="Nilai terendah komponen; paling banyak satu per komponen.", directives=[ListSize(assumed_size=3)]
    )
    tie_chain: list[TieStep] = strawberry.field(
        description="Urutan pemutus nilai seri; daftar pendek.", directives=[ListSize(assumed_size=5)]
    )

    @classmethod
    def of(cls, tree: rules.Definition) -> ScoringPolicy:
        policy = tree.policy
        return cls(
            combine=Combine(policy.combine),
            combine_label=rules.COMBINE[policy.combine],
            combine_effect=EFFECTS["combine"][policy.combine],
            aggregation=Aggregation(policy.aggregation.kind),
            aggregation_label=rules.AGGREGATION[policy.aggregation.kind],
            aggregation_effect=EFFECTS["aggregation"][policy.aggregation.kind],
            rounding_label=rules.ROUNDING_STAGE[policy.rounding.stage],
            rounding_effect=EFFECTS["rounding"][policy.rounding.stage],
            rounding_mode_label=ROUNDING_MODE[policy.rounding.mode],
            rounding_mode_effect=EFFECTS["mode"][policy.rounding.mode],
            decimals=policy.rounding.decimals,
            min_assessors=policy.min_assessors,
            floors=[Floor(component=floor.component, at_least=exact(floor.at_least)) for floor in policy.floors],
            tie_chain=[TieStep(by=TieStepKind(step.by), code=step.code, label=_tie_label(tree, step)) for step in policy.tie_chain],
        )


def _tie_label(tree: rules.Definition, step: rules.TieStep) -> str:
    labels = {
        "component": {part.code: part.label for part in tree.components},
        "criterion": {item.code: item.label for _, item in rules.all_criteria(tree)},
        "attribute": rules.ATTRIBUTES,
    }
    return labels[step.by].get(step.code, step.code)


@strawberry.type(description="Satu tingkat, ambang, atau pilihan pada sebuah skala.")
class ScaleLevel:
    label: str = strawberry.field(description="Nama tingkat.")
    description: str = strawberry.field(description="Uraian tingkat; kosong bila tidak ada.")
    points: Decimal = strawberry.field(description="Poin yang diberikan.")
    at_least: Decimal | None = strawberry.field(description="Batas bawah (termasuk) pada skala ambang; null pada jenis lain.")


@strawberry.type(description="Skala sebuah kriteria: bagaimana nilai menjadi poin.")
class Scale:
    kind: ScaleKind = strawberry.field(description="Jenis skala.")
    description: str = strawberry.field(description="Cara kerja skala dalam satu kalimat.")
    maximum: Decimal = strawberry.field(description="Poin paling banyak.")
    step: Decimal | None = strawberry.field(description="Kelipatan poin pada skala rentang; null pada jenis lain.")
    levels: list[ScaleLevel] = strawberry.field(
        description="Tingkat, ambang, atau pilihan; kosong pada skala tanpa daftar.", directives=[ListSize(assumed_size=5)]
    )

    @classmethod
    def of(cls, scale: scales.Scale) -> Scale:
        return cls(
            kind=ScaleKind(scale.kind),
            description=scale.describe(),
            maximum=exact(scale.maximum),
            step=exact(scale.step) if isinstance(scale, scales.Points) else None,
            levels=_levels(scale),
        )


def _levels(scale: scales.Scale) -> list[ScaleLevel]:
    rows: list[tuple[str, str, Fraction, Fraction | None]] = []
    if isinstance(scale, scales.Rubric):
        rows = [(level.label, level.description, level.points, None) for level in scale.levels]
    elif isinstance(scale, scales.Threshold):
        rows = [(f"≥ {format_number(band.at_least)}", "", band.points, band.at_least) for band in scale.bands]
        rows.append(("Selain itu", "", scale.otherwise, None))
    elif isinstance(scale, scales.Choice):
        rows = [(format_number(points), "", points, None) for points in scale.allowed]
    elif isinstance(scale, scales.YesNo):
        rows = [("Ya", "", scale.yes, None), ("Tidak", "", scale.no, None)]
    elif isinstance(scale, scales.Predicate):
        rows = [(name.capitalize(), "", points, None) for name, points in scale.table]
    elif isinstance(scale, scales.Tally):
        rows = [(entry.label, "", entry.points, None) for entry in scale.entries]
    return [
        ScaleLevel(label=label, description=description, points=exact(points), at_least=decimal(at_least))
        for label, description, points, at_least in rows
    ]


@strawberry.type(description="Berkas contoh yang diunduh, diisi, lalu diunggah.")
class FileTemplate:
    name: str = strawberry.field(description="Nama berkas.")
    size_bytes: int = strawberry.field(description="Ukuran berkas dalam byte.")
    sha256: str = strawberry.field(description="Sidik SHA-256 isi berkas.")

    @classmethod
    def of(cls, template: rules.Template) -> FileTemplate:
        return cls(name=template.name, size_bytes=template.bytes, sha256=template.sha256)


@strawberry.type(description="Dokumen yang harus atau boleh dilampirkan pada usulan.")
class EvidenceRequirement:
    code: str = strawberry.field(description="Kode bukti dalam instrumen.")
    label: str = strawberry.field(description="Nama bukti.")
    help: str = strawberry.field(description="Petunjuk; kosong bila tidak ada.")
    is_required: bool = strawberry.field(description="Usulan tidak dapat diajukan tanpa bukti ini.")
    source: EvidenceSource = strawberry.field(description="Siapa yang menyediakan bukti.")
    accept: list[str] = strawberry.field(description="Jenis berkas yang diterima: pdf, jpg, png.", directives=[ListSize(assumed_size=3)])
    max_megabytes: int = strawberry.field(description="Ukuran terbesar satu berkas dalam megabyte.")
    max_files: int = strawberry.field(description="Banyaknya berkas paling banyak.")
    template: FileTemplate | None = strawberry.field(description="Berkas contoh untuk diisi; null bila tidak ada.")

    @classmethod
    def of(cls, wanted: rules.EvidenceRequirement) -> EvidenceRequirement:
        return cls(
            code=wanted.code,
            label=wanted.label,
            help=wanted.help,
            is_required=wanted.required,
            source=EvidenceSource(wanted.source),
            accept=list(wanted.accept),
            max_megabytes=wanted.max_mb,
            max_files=wanted.max_files,
            template=FileTemplate.of(wanted.template) if wanted.template else None,
        )


@strawberry.type(description="Satu hal yang dinilai.")
class Criterion:
    code: str = strawberry.field(description="Kode kriteria dalam instrumen.")
    label: str = strawberry.field(description="Nama kriteria.")
    help: str = strawberry.field(description="Petunjuk; kosong bila tidak ada.")
    weight: Decimal | None = strawberry.field(description="Bobot dalam persen dari komponennya (0-100); null bila tidak berbobot.")
    maximum: Decimal = strawberry.field(description="Poin paling banyak.")
    source: CriterionSource = strawberry.field(description="Dari mana nilainya berasal.")
    source_label: str = strawberry.field(description="Asal nilai dalam kata-kata.")
    scale: Scale = strawberry.field(description="Skala kriteria ini.")
    evidence: list[EvidenceRequirement] = strawberry.field(
        description="Bukti yang mendukung kriteria ini; daftar pendek.", directives=[ListSize(assumed_size=2)]
    )
    note_min_chars: int = strawberry.field(description="Paling sedikit karakter catatan penilai; 0 berarti catatan tidak wajib.")

    @classmethod
    def of(cls, item: rules.Criterion, requirements: dict[str, EvidenceRequirement]) -> Criterion:
        return cls(
            code=item.code,
            label=item.label,
            help=item.help,
            weight=percent(item.weight),
            maximum=exact(item.maximum),
            source=CriterionSource(item.source.kind),
            source_label=rules.SOURCES[item.source.kind],
            scale=Scale.of(item.scale),
            evidence=[requirements[code] for code in item.evidence if code in requirements],
            note_min_chars=item.note_min_chars,
        )


@strawberry.type(description="Sekelompok kriteria.")
class Component:
    code: str = strawberry.field(description="Kode komponen dalam instrumen.")
    label: str = strawberry.field(description="Nama komponen.")
    help: str = strawberry.field(description="Petunjuk; kosong bila tidak ada.")
    weight: Decimal | None = strawberry.field(description="Bobot dalam persen dari nilai akhir (0-100); null bila tidak berbobot.")
    maximum: Decimal = strawberry.field(description="Nilai paling tinggi komponen ini, seperti pada hasil.")
    criteria: list[Criterion] = strawberry.field(
        description="Kriteria menurut urutan instrumen; daftar pendek, bukan halaman.", directives=[ListSize(assumed_size=6)]
    )


def requirements_of(tree: rules.Definition) -> list[EvidenceRequirement]:
    return [EvidenceRequirement.of(wanted) for wanted in tree.evidence]


def components_of(tree: rules.Definition) -> list[Component]:
    requirements = {wanted.code: EvidenceRequirement.of(wanted) for wanted in tree.requirements}
    return [
        Component(
            code=part.code,
            label=part.label,
            help=part.help,
            weight=percent(part.weight),
            maximum=exact(rules.component_maximum(tree, part)),
            criteria=[Criterion.of(item, requirements) for item in part.criteria],
        )
        for part in tree.components
    ]
