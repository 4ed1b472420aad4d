"""Whether the nomination form can be filled in: questions that can be asked, documents that can be uploaded."""

from __future__ import annotations

from collections.abc import Iterator

from sipetruk.rules.definition import Definition, EvidenceRequirement, FormField, all_criteria
from sipetruk.rules.findings import Finding, doubled, error, warning
from sipetruk.rules.questions import ShownWhen

NO_CONDITION = {
    "file": "Syarat tampil tidak dapat menunjuk pertanyaan berupa berkas.",
    "long_text": "Syarat tampil tidak dapat menunjuk teks panjang.",
}
DECLARED = {"1", "0"}


def form_findings(definition: Definition) -> Iterator[Finding]:
    """Every remark on the questions and the evidence, in the order of the document."""
    yield from _question_findings(definition)
    yield from _evidence_findings(definition)


def upload_findings(definition: Definition, limit_mb: int | None) -> list[Finding]:
    """Files that are promised to be accepted although the server refuses a request of `limit_mb` and more."""
    files = {field.code for field in definition.fields}
    return [
        warning(
            "fields" if need.code in files else "evidence",
            need.code,
            "max_mb",
            text="Berkas sampai %(asked)s MB tidak dapat dikirim: batas server untuk satu kiriman %(limit)s MB.",
            asked=str(need.max_mb),
            limit=str(limit_mb),
        )
        for need in definition.requirements
        if limit_mb is not None and need.source == "unit" and need.max_mb >= limit_mb
    ]


def _question_findings(definition: Definition) -> Iterator[Finding]:
    known = {field.code: field for field in definition.fields}
    earlier: set[str] = set()
    for field in definition.fields:
        path = ("fields", field.code)
        if field.kind in {"choice", "choices"} and not field.options:
            yield error(*path, "options", text="Pertanyaan pilihan ini belum mempunyai pilihan jawaban.")
        if len(field.options) == 1 and field.kind == "choice":
            yield warning(*path, "options", text="Pertanyaan ini hanya mempunyai satu pilihan jawaban.")
        for label in doubled(option.label for option in field.options).values():
            yield error(*path, "options", text="Dua pilihan jawaban bertuliskan “%(label)s”.", label=label)
        if field.shown_when is not None and (problem := _condition_problem(field.shown_when, known, earlier)):
            yield error(*path, "shown_when", text=problem)
        if field.kind == "file" and not field.accept:
            yield error(*path, "accept", text="Sebutkan jenis berkas yang diterima.")
        earlier.add(field.code)
    labels = [field.label for field in definition.fields]
    for at, label in doubled(labels).items():
        yield error("fields", definition.fields[at].code, "label", text="Dua pertanyaan bertuliskan “%(label)s”.", label=label)


def _condition_problem(condition: ShownWhen, known: dict[str, FormField], earlier: set[str]) -> str:
    """Why the condition of a question can never hold, or nothing; only earlier questions may be named, so no circle arises."""
    asked = known.get(condition.field)
    if asked is None:
        return "Syarat tampil menunjuk pertanyaan yang tidak ada."
    if asked.code not in earlier:
        return "Syarat tampil harus menunjuk pertanyaan yang lebih dahulu."
    return NO_CONDITION.get(asked.kind) or _answer_problem(asked, condition.equals)


def _answer_problem(asked: FormField, answer: str) -> str:
    if asked.kind == "declaration" and answer not in DECLARED:
        return "Syarat tampil atas pernyataan harus berisi 1 (dicentang) atau 0 (tidak dicentang)."
    if asked.options and answer not in {option.code for option in asked.options}:
        return "Syarat tampil memakai jawaban yang tidak ada pada pilihan."
    return ""


def _evidence_findings(definition: Definition) -> Iterator[Finding]:
    used = {code for _, criterion in all_criteria(definition) for code in criterion.evidence}
    for need in definition.evidence:
        path = ("evidence", need.code)
        if need.source == "unit" and not need.accept:
            yield error(*path, "accept", text=_no_types(need))
        if need.code not in used:
            yield warning(*path, text="Bukti dukung ini tidak diperiksa pada satu kriteria pun; hanya dilihat saat verifikasi.")
    for at, label in doubled(need.label for need in definition.evidence).items():
        yield error("evidence", definition.evidence[at].code, "label", text="Dua bukti dukung bernama “%(label)s”.", label=label)


def _no_types(need: EvidenceRequirement) -> str:
    if need.required:
        return "Bukti dukung ini wajib, tetapi tidak satu pun jenis berkas diterima."
    return "Sebutkan jenis berkas yang diterima."
