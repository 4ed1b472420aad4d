"""The nomination form as types of the contract: questions in order, with everything a page needs to show them."""

from __future__ import annotations

from decimal import Decimal

import strawberry

from sipetruk.api.enums import InputKind
from sipetruk.api.listsize import ListSize
from sipetruk.api.tree_types import EvidenceRequirement, Scale, decimal, requirements_of
from sipetruk.rules import definition as rules
from sipetruk.rules import form


@strawberry.type(description="Satu jawaban yang dapat dipilih.")
class FormOption:
    code: str = strawberry.field(description="Kode jawaban, yang dikirim kembali.")
    label: str = strawberry.field(description="Jawaban dalam kata-kata.")


@strawberry.type(description="Syarat tampil: pertanyaan hanya diajukan bila isian lain berisi nilai ini.")
class FormCondition:
    field: str = strawberry.field(description="Kode isian lain yang lebih dahulu.")
    equals: str = strawberry.field(description='Jawaban yang dimaksud; "1" untuk pernyataan yang dicentang.')


@strawberry.type(description="Satu pertanyaan pada formulir usulan.")
class FormField:
    code: str = strawberry.field(description="Kode isian; nama jawaban pada penyimpanan.")
    label: str = strawberry.field(description="Pertanyaan.")
    help: str = strawberry.field(description="Petunjuk; kosong bila tidak ada.")
    group: str = strawberry.field(description="Judul kelompok isian; kosong bila tanpa kelompok.")
    kind: InputKind = strawberry.field(description="Jenis isian.")
    is_required: bool = strawberry.field(description="Harus diisi sebelum usulan diajukan.")
    min_chars: int | None = strawberry.field(description="Paling sedikit karakter; null berarti tanpa batas.")
    max_chars: int | None = strawberry.field(description="Paling banyak karakter; null berarti tanpa batas.")
    minimum: Decimal | None = strawberry.field(description="Angka paling kecil; null berarti tanpa batas.")
    maximum: Decimal | None = strawberry.field(description="Angka paling besar; null berarti tanpa batas.")
    step: Decimal | None = strawberry.field(description="Kelipatan angka; null berarti bebas.")
    unit: str = strawberry.field(description="Satuan angka; kosong bila tidak ada.")
    options: list[FormOption] = strawberry.field(
        description="Jawaban yang tersedia; kosong pada isian bebas.", directives=[ListSize(assumed_size=5)]
    )
    shown_when: FormCondition | None = strawberry.field(description="Syarat tampil; null berarti selalu tampil.")
    scale: Scale | None = strawberry.field(description="Skala, bila isian ini adalah nilai sebuah kriteria.")
    file: EvidenceRequirement | None = strawberry.field(
        description="Berkas yang diminta, bila isian ini dijawab dengan mengunggah berkas atas kodenya; null pada jenis lain."
    )

    @classmethod
    def of(cls, asked: form.Input) -> FormField:
        shown = asked.shown_when
        return cls(
            code=asked.code,
            label=asked.label,
            help=asked.help,
            group=asked.group,
            kind=InputKind(asked.kind),
            is_required=asked.required,
            min_chars=asked.min_chars,
            max_chars=asked.max_chars,
            minimum=decimal(asked.min),
            maximum=decimal(asked.max),
            step=decimal(asked.step),
            unit=asked.unit,
            options=[FormOption(code=option.code, label=option.label) for option in asked.options],
            shown_when=FormCondition(field=shown.field, equals=shown.equals) if shown else None,
            scale=Scale.of(asked.scale) if asked.scale else None,
            file=EvidenceRequirement.of(asked.file) if asked.file else None,
        )


@strawberry.type(description="Formulir usulan sebagaimana ditetapkan instrumen.")
class NominationForm:
    fields: list[FormField] = strawberry.field(
        description="Isian unit kerja menurut urutannya; daftar pendek.", directives=[ListSize(assumed_size=15)]
    )
    head_fields: list[FormField] = strawberry.field(
        description="Isian kepala unit kerja saat mengesahkan; daftar pendek.", directives=[ListSize(assumed_size=5)]
    )
    evidence: list[EvidenceRequirement] = strawberry.field(
        description="Bukti yang diminta; daftar pendek.", directives=[ListSize(assumed_size=10)]
    )

    @classmethod
    def of(cls, tree: rules.Definition) -> NominationForm:
        return cls(
            fields=[FormField.of(asked) for asked in form.fields(tree)],
            head_fields=[FormField.of(asked) for asked in form.head_fields(tree)],
            evidence=requirements_of(tree),
        )
