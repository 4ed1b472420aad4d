"""Single changes of a draft's tree: one mutation for each thing that a person does in the builder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import strawberry

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.scalars import Document
from sipetruk.api.staff.acts import Given, actor_of, keyed
from sipetruk.api.staff.documents import mapping, mappings
from sipetruk.api.staff.instrument_acts import VERSION_ID, InstrumentVersionPayload, version_payload
from sipetruk.api.staff.nomination_acts import VERSION
from sipetruk.rules import instrument as rules
from sipetruk.services import instruments, templates

VALUES = "Isian seperti di dalam `document`"
SOME_VALUES = f"{VALUES}; yang tidak disebut tetap."
INDEX = "Letaknya di antara sesamanya, mulai dari 0; di luar batas berarti ujungnya."
COMPONENT = "Kode komponen."
CRITERION = "Kode kriteria."


@strawberry.input(description="Draf yang diubah.")
class DraftInput:
    version_id: strawberry.ID = strawberry.field(description=VERSION_ID)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Mengganti judul, uraian, dan sumber.")
class InstrumentAboutSetInput(DraftInput):
    title: str = strawberry.field(description="Judul instrumen.")
    description: str = strawberry.field(default="", description="Uraian.")
    source: str = strawberry.field(default="", description="Dasar hukum atau sumber.")


@strawberry.input(description="Mengganti seluruh aturan menghitung nilai.")
class InstrumentPolicyReplaceInput(DraftInput):
    policy: Document = strawberry.field(description="Seluruh `policy` di dalam `document`.")


@strawberry.input(description="Mengganti seluruh daftar bukti dukung: menambah, mengurutkan, atau menghapus.")
class InstrumentEvidenceReplaceInput(DraftInput):
    evidence: Document = strawberry.field(description="Seluruh `evidence` di dalam `document`.")


@strawberry.input(description="Mengubah satu bukti dukung; kode baru diikuti kriteria yang memintanya.")
class InstrumentEvidenceUpdateInput(DraftInput):
    code: str = strawberry.field(description="Kode bukti.")
    values: Document = strawberry.field(description=SOME_VALUES)


@strawberry.input(description="Mengganti seluruh daftar pertanyaan formulir: menambah, mengurutkan, atau menghapus.")
class InstrumentFieldsReplaceInput(DraftInput):
    fields: Document = strawberry.field(description="Seluruh `fields` di dalam `document`.")


@strawberry.input(description="Mengubah satu pertanyaan formulir; kode baru diikuti pertanyaan yang bergantung padanya.")
class InstrumentFieldUpdateInput(DraftInput):
    code: str = strawberry.field(description="Kode pertanyaan.")
    values: Document = strawberry.field(description=SOME_VALUES)


@strawberry.input(description="Melepas berkas contoh dari sebuah bukti atau pertanyaan.")
class InstrumentTemplateRemoveInput(DraftInput):
    requirement: str = strawberry.field(description="Kode bukti atau pertanyaan berkas.")


@strawberry.input(description="Menambah komponen.")
class InstrumentComponentAddInput(DraftInput):
    values: Document = strawberry.field(description=f"{VALUES}: sedikitnya `code` dan `label`.")
    to_index: int | None = strawberry.field(default=None, description=f"{INDEX} null berarti paling akhir.")


@strawberry.input(description="Mengubah komponen; kode baru diikuti aturan yang menyebutnya.")
class InstrumentComponentUpdateInput(DraftInput):
    code: str = strawberry.field(description=COMPONENT)
    values: Document = strawberry.field(description=SOME_VALUES)


@strawberry.input(description="Memindahkan komponen.")
class InstrumentComponentMoveInput(DraftInput):
    code: str = strawberry.field(description=COMPONENT)
    to_index: int = strawberry.field(description=INDEX)


@strawberry.input(description="Menyalin komponen beserta kriterianya, tepat di bawah aslinya.")
class InstrumentComponentCopyInput(DraftInput):
    code: str = strawberry.field(description=COMPONENT)


@strawberry.input(description="Menghapus komponen beserta kriterianya.")
class InstrumentComponentRemoveInput(DraftInput):
    code: str = strawberry.field(description=COMPONENT)


@strawberry.input(description="Menambah kriteria pada sebuah komponen.")
class InstrumentCriterionAddInput(DraftInput):
    component: str = strawberry.field(description=COMPONENT)
    values: Document = strawberry.field(description=f"{VALUES}: sedikitnya `code`, `label`, `scale`, dan `source`.")
    to_index: int | None = strawberry.field(default=None, description=f"{INDEX} null berarti paling akhir.")


@strawberry.input(description="Mengubah kriteria, termasuk skala dan sumbernya; kode baru diikuti aturan yang menyebutnya.")
class InstrumentCriterionUpdateInput(DraftInput):
    code: str = strawberry.field(description=CRITERION)
    values: Document = strawberry.field(description=SOME_VALUES)


@strawberry.input(description="Memindahkan kriteria di dalam komponennya atau ke komponen lain.")
class InstrumentCriterionMoveInput(DraftInput):
    code: str = strawberry.field(description=CRITERION)
    component: str = strawberry.field(description="Kode komponen tujuan.")
    to_index: int = strawberry.field(description=INDEX)


@strawberry.input(description="Menyalin kriteria tepat di bawah aslinya.")
class InstrumentCriterionCopyInput(DraftInput):
    code: str = strawberry.field(description=CRITERION)


@strawberry.input(description="Menghapus kriteria.")
class InstrumentCriterionRemoveInput(DraftInput):
    code: str = strawberry.field(description=CRITERION)


@strawberry.input(description="Bobot satu unsur.")
class WeightInput:
    code: str = strawberry.field(description="Kode komponen atau kriteria.")
    basis_points: int = strawberry.field(description="Bobot dalam basis poin; 10000 berarti 100 %.")


@strawberry.input(description="Memberi bobot kepada setiap unsur satu tingkat, misalnya hasil `ahpProposal`.")
class InstrumentWeightsSetInput(DraftInput):
    component: str | None = strawberry.field(
        default=None, description="Kode komponen yang kriterianya diberi bobot; null berarti tingkat komponen."
    )
    weights: list[WeightInput] = strawberry.field(description="Bobot setiap unsur tingkat itu; jumlahnya tepat 10000.")


@strawberry.input(description="Isian satu komponen; yang tidak dikirim tetap.")
class ComponentCellsInput:
    code: str = strawberry.field(description=COMPONENT)
    label: str | None = strawberry.field(default=strawberry.UNSET, description="Nama.")
    weight: int | None = strawberry.field(default=strawberry.UNSET, description="Bobot dalam basis poin; null berarti tanpa bobot.")


@strawberry.input(description="Isian satu kriteria; yang tidak dikirim tetap.")
class CriterionCellsInput(ComponentCellsInput):
    maximum: Decimal | None = strawberry.field(default=strawberry.UNSET, description="Poin tertinggi, bagi skala yang menyebutnya.")


@strawberry.input(description="Mengisi nama, bobot, dan poin tertinggi banyak unsur sekaligus.")
class InstrumentCellsFillInput(DraftInput):
    components: list[ComponentCellsInput] = strawberry.field(default_factory=list, description="Isian komponen.")
    criteria: list[CriterionCellsInput] = strawberry.field(default_factory=list, description="Isian kriteria.")


@strawberry.type
class InstrumentEdits:
    """Each gives a pure change of the rules to the one service that edits drafts."""

    @strawberry.mutation(description="Mengganti judul, uraian, dan sumber.")
    def instrument_about_set(self, info: Info, given: Given[InstrumentAboutSetInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.set_about(tree, title=given.title, description=given.description, source=given.source))

    @strawberry.mutation(description="Mengganti seluruh aturan menghitung nilai.")
    def instrument_policy_replace(self, info: Info, given: Given[InstrumentPolicyReplaceInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.replace_policy(tree, mapping(given.policy, "policy")))

    @strawberry.mutation(description="Mengganti seluruh daftar bukti dukung: menambah, mengurutkan, atau menghapus.")
    def instrument_evidence_replace(self, info: Info, given: Given[InstrumentEvidenceReplaceInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.set_evidence(tree, mappings(given.evidence, "evidence")))

    @strawberry.mutation(description="Mengubah satu bukti dukung.")
    def instrument_evidence_update(self, info: Info, given: Given[InstrumentEvidenceUpdateInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.update_evidence(tree, given.code, mapping(given.values, "values")))

    @strawberry.mutation(description="Mengganti seluruh daftar pertanyaan formulir: menambah, mengurutkan, atau menghapus.")
    def instrument_fields_replace(self, info: Info, given: Given[InstrumentFieldsReplaceInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.set_fields(tree, mappings(given.fields, "fields")))

    @strawberry.mutation(description="Mengubah satu pertanyaan formulir.")
    def instrument_field_update(self, info: Info, given: Given[InstrumentFieldUpdateInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.update_field(tree, given.code, mapping(given.values, "values")))

    @strawberry.mutation(description="Melepas berkas contoh dari sebuah bukti atau pertanyaan.")
    def instrument_template_remove(self, info: Info, given: Given[InstrumentTemplateRemoveInput]) -> InstrumentVersionPayload | None:
        def act() -> int:
            number = _number(given)
            templates.remove(actor_of(info), version_id=number, requirement=given.requirement, expected_version=given.expected_version)
            return number

        return version_payload(info, act)

    @strawberry.mutation(description="Menambah komponen.")
    def instrument_component_add(self, info: Info, given: Given[InstrumentComponentAddInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.add_component(tree, mapping(given.values, "values"), given.to_index))

    @strawberry.mutation(description="Mengubah komponen.")
    def instrument_component_update(self, info: Info, given: Given[InstrumentComponentUpdateInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.update_component(tree, given.code, mapping(given.values, "values")))

    @strawberry.mutation(description="Memindahkan komponen.")
    def instrument_component_move(self, info: Info, given: Given[InstrumentComponentMoveInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.move_component(tree, given.code, given.to_index))

    @strawberry.mutation(description="Menyalin komponen beserta kriterianya.")
    def instrument_component_copy(self, info: Info, given: Given[InstrumentComponentCopyInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.duplicate_component(tree, given.code))

    @strawberry.mutation(description="Menghapus komponen beserta kriterianya.")
    def instrument_component_remove(self, info: Info, given: Given[InstrumentComponentRemoveInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.remove_component(tree, given.code))

    @strawberry.mutation(description="Menambah kriteria pada sebuah komponen.")
    def instrument_criterion_add(self, info: Info, given: Given[InstrumentCriterionAddInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.add_criterion(tree, given.component, mapping(given.values, "values"), given.to_index))

    @strawberry.mutation(description="Mengubah kriteria, termasuk skala dan sumbernya.")
    def instrument_criterion_update(self, info: Info, given: Given[InstrumentCriterionUpdateInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.update_criterion(tree, given.code, mapping(given.values, "values")))

    @strawberry.mutation(description="Memindahkan kriteria di dalam komponennya atau ke komponen lain.")
    def instrument_criterion_move(self, info: Info, given: Given[InstrumentCriterionMoveInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.move_criterion(tree, given.code, given.component, given.to_index))

    @strawberry.mutation(description="Menyalin kriteria tepat di bawah aslinya.")
    def instrument_criterion_copy(self, info: Info, given: Given[InstrumentCriterionCopyInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.duplicate_criterion(tree, given.code))

    @strawberry.mutation(description="Menghapus kriteria.")
    def instrument_criterion_remove(self, info: Info, given: Given[InstrumentCriterionRemoveInput]) -> InstrumentVersionPayload | None:
        return _edit(info, given, lambda tree: rules.remove_criterion(tree, given.code))

    @strawberry.mutation(description="Memberi bobot kepada setiap unsur satu tingkat.")
    def instrument_weights_set(self, info: Info, given: Given[InstrumentWeightsSetInput]) -> InstrumentVersionPayload | None:
        def change(tree: rules.Definition) -> rules.Definition:
            weights = keyed(((each.code, each.basis_points) for each in given.weights), "weights")
            return rules.set_weights(tree, given.component, weights)

        return _edit(info, given, change)

    @strawberry.mutation(description="Mengisi nama, bobot, dan poin tertinggi banyak unsur sekaligus.")
    def instrument_cells_fill(self, info: Info, given: Given[InstrumentCellsFillInput]) -> InstrumentVersionPayload | None:
        def change(tree: rules.Definition) -> rules.Definition:
            return rules.fill_in(tree, _cells(given.components, "components"), _cells(given.criteria, "criteria"))

        return _edit(info, given, change)


def _cells(given: Sequence[ComponentCellsInput], place: str) -> dict[str, dict[str, object]]:
    """What was sent about each thing, as the document has it."""
    sent = ((each.code, {name: value for name, value in vars(each).items() if value is not strawberry.UNSET}) for each in given)
    cells = keyed(sent, place)
    for values in cells.values():
        del values["code"]
        if isinstance(most := values.get("maximum"), Decimal):
            values["maximum"] = f"{most:f}"
    return cells


def _edit(info: Info, given: DraftInput, change: Callable[[rules.Definition], rules.Definition]) -> InstrumentVersionPayload:
    def act() -> int:
        number = _number(given)
        instruments.edit(actor_of(info), version_id=number, change=change, expected_version=given.expected_version)
        return number

    return version_payload(info, act)


def _number(given: DraftInput) -> int:
    return ids.number(given.version_id, "InstrumentVersion", "Versi instrumen")
