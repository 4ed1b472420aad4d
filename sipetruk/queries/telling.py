"""Entries of the audit trail in words: who, what, and what differs field by field, with the names of the fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sipetruk.errors import Invalid
from sipetruk.models import (
    TABLES,
    Category,
    Employee,
    Instrument,
    InstrumentVersion,
    Nomination,
    Period,
    User,
    WorkUnit,
)
from sipetruk.models.assessment import SHEET_STATES
from sipetruk.models.nominations import VERDICTS
from sipetruk.models.rankings import RANKING_STATES
from sipetruk.queries.nominations import definition_of
from sipetruk.rules import eligibility, form
from sipetruk.rules import instrument as instruments
from sipetruk.rules.announcement import POLICIES
from sipetruk.rules.differences import Difference, Told, tell
from sipetruk.rules.permissions import RECORDED_LABELS, ROLE_LABELS
from sipetruk.rules.trail import face_label, subject, thing_label
from sipetruk.rules.workflow import NOMINATION_LABELS, OBJECTION_LABELS, PERIOD_LABELS, STAGE_LABELS

TABLE_OF = {"unit": "work_unit", "employees": "employee"}
"""Kinds of thing that the trail calls by another name than their table."""
ABOUT = frozenset({"requirement", "nomination", "period", "instrument", "category", "number", "from_number"})
"""Keys that say what an entry is about, where they do not differ."""
WORDS: Mapping[str, str] = {
    "grants": "Peran",
    "role": "Peran",
    "unit_id": "Unit kerja",
    "password": "Kata sandi",
    "sessions": "Sesi",
    "panel": "Tim penilai",
    "units": "Unit kerja",
    "people": "Orang yang diberi tahu",
    "eligibility": "Syarat",
    "assessors": "Penilai",
    "employee": "Pegawai",
    "value": "Isi",
    "rows": "Banyaknya baris",
    "created": "Ditambahkan",
    "updated": "Diperbarui",
    "unchanged": "Tidak berubah",
    "requirement": "Bukti",
    "verdict": "Hasil pemeriksaan",
    "note": "Catatan",
    "sha256": "Sidik",
    "content_sha256": "Sidik isi",
    "size": "Ukuran (byte)",
    "nomination": "Usulan",
    "marks": "Nilai",
    "marks_sha256": "Sidik nilai",
    "input_sha256": "Sidik masukan",
    "result_sha256": "Sidik hasil",
    "ranked": "Usulan yang diperingkat",
    "order": "Urutan",
    "winners": "Pemenang",
    "place": "Tempat",
    "sent_back": "Catatan kepada penyusun",
    "withdrawn": "Ditarik",
    "instrument": "Instrumen",
    "from_number": "Salinan dari versi",
    "copied_from": "Disalin dari periode",
    "windows": "Jadwal",
    "examples": "Contoh",
    "changed": "diganti",
    "answers": "Isian",
    "effective_on": "Berlaku sejak",
    "decree": "Dasar hukum",
    "into": "Dilebur ke",
    "from": "Dibentuk dari",
    "unit": "Unit kerja",
    "employees": "Pegawai yang pindah",
    "nominations": "Usulan yang pindah",
    "users": "Pengguna yang pindah",
    "users_ended": "Pengguna yang perannya berakhir",
    "moved": "Peran yang pindah",
    "ended": "Peran yang berakhir",
    "files": "Berkas yang dihapus",
    "bytes": "Ukuran (byte)",
    "return_reason": "Alasan pengembalian",
    "login_attempts": "Catatan percobaan masuk",
    "notifications": "Pemberitahuan",
    "deliveries": "Pesan webhook",
    "delivery": "Pesan webhook",
    "events": "Peristiwa",
    "url": "Alamat",
    "payload": "Isi pesan",
    "token": "Token API",
    "ending": "Akhiran rahasia",
    "active": "Aktif",
    "decree_number": "Nomor SK",
    "decree_on": "Tanggal SK",
    "ranking": "Pemeringkatan",
    "added": "Ditambahkan",
    "assignments": "Penugasan",
    "excluded": "Dilepas",
    "proposal": "Usulan penetapan",
    "revoked": "Dicabut",
    "cancelled": "Dibatalkan",
    "categories": "Kategori",
    "second_factor": "Faktor kedua",
    "recovery_code": "Kode pemulihan",
    "recovery_codes": "Kode pemulihan",
    "recovery_codes_left": "Kode pemulihan yang tersisa",
    "identity": "Masuk tunggal",
    "by": "Cara menghubungkan",
}
"""Keys of audit documents that no column of a model names."""
_STATES: Mapping[str, Mapping[str, str]] = {
    "period": {str(state): label for state, label in PERIOD_LABELS.items()},
    "nomination": {str(state): label for state, label in NOMINATION_LABELS.items()},
    "sheet": SHEET_STATES,
    "objection": {str(state): label for state, label in OBJECTION_LABELS.items()},
    "ranking": RANKING_STATES,
    "instrument_version": {"draft": "Draf", "locked": "Terkunci", "retired": "Tidak dipakai lagi"},
}
_CODES: Mapping[str, Mapping[Any, str]] = {
    "verdict": VERDICTS,
    "policy": POLICIES,
    "role": {str(role): label for role, label in ROLE_LABELS.items()},
    "password": {"changed": "diganti"},
    "sessions": {"ended": "diakhiri"},
    "second_factor": {"started": "disiapkan", "on": "aktif", "off": "tidak aktif"},
    "recovery_codes": {"renewed": "dibuat lagi"},
    "recovery_code": {"used": "dipakai"},
    "identity": {"linked": "terhubung", "none": "tidak terhubung"},
    "marks": {"scored": "dinilai", "abstained": "tidak dinilai", "removed": "dihapus"},
}
_POINTS_AT = {
    "panel": "user",
    "assessor": "user",
    "assessors": "user",
    "employee": "employee",
    "unit_id": "unit",
    "units": "unit",
    "unit": "unit",
    "into": "unit",
    "from": "unit",
    "users": "user",
    "users_ended": "user",
    "work_unit": "unit",
    "nomination": "nomination",
    "category": "category",
    "period": "period",
    "instrument_version": "instrument_version",
}
"""Keys whose numbers are those of a row -> the kind of row."""


@dataclass(frozen=True)
class Entry:
    """One entry as a person reads it."""

    id: int
    at: datetime
    actor: str
    who: str
    face: str
    action: str
    thing: str
    thing_label: str
    thing_id: str
    reason: str
    hash: str
    told: Told

    @property
    def subject(self) -> str:
        return subject(self.thing, self.thing_id)


def in_words(rows: Sequence[Any]) -> tuple[Entry, ...]:
    """The entries of a page in their order; a fixed number of statements, however many there are (9 at most)."""
    names = dict(User.select(User.id, User.name).where(User.id.in_({row.actor_id for row in rows if row.actor_id} or {0})).tuples())
    known = _names(rows)
    forms = _forms(rows)
    return tuple(_entry(row, _who(row, names), known, forms) for row in rows)


def _who(row: Any, names: Mapping[int, str]) -> str:
    """The name of the person; a token is named beside the one for whom it acted."""
    name = names.get(row.actor_id, row.actor)
    return f"{name} ({row.actor})" if row.face == "token" and name != row.actor else str(name)


def _entry(row: Any, who: str, known: Mapping[str, Mapping[int, str]], forms: Mapping[str, Mapping[str, Any]]) -> Entry:
    label = RECORDED_LABELS.get(row.action, row.action)
    return Entry(
        id=row.id,
        at=row.at,
        actor=row.actor,
        who=who,
        face=face_label(row.face),
        action=f"{label[:1].upper()}{label[1:]}",
        thing=row.thing,
        thing_label=thing_label(row.thing),
        thing_id=row.thing_id,
        reason=row.reason,
        hash=row.hash,
        told=_told(row, known, forms.get(_nomination_of(row) or "", {})),
    )


def _told(row: Any, known: Mapping[str, Mapping[int, str]], asked: Mapping[str, Any]) -> Told:
    if _is_tree(row.before) and _is_tree(row.after):
        return _tree(row.before, row.after)
    before, after = (_summary(each) if _is_tree(each) else each for each in (row.before, row.after))
    codes = {code: each["label"] for code, each in asked.items()}
    options = {code: label for each in asked.values() for code, label in each["options"].items()}

    def word(key: str, value: Any) -> str | None:
        if key == "state" and isinstance(value, str):
            return _STATES.get(row.thing, {}).get(value)
        if key in _POINTS_AT and isinstance(value, int) and not isinstance(value, bool):
            return known[_POINTS_AT[key]].get(value, f"no. {value}")
        if key == "eligibility":
            return _rules(value)
        if isinstance(value, str):
            found = _CODES.get(key, {}).get(value)
            if found is None and key in asked:
                found = asked[key]["options"].get(value)
            return found if found is not None else codes.get(value) if key == "requirement" else None
        return None

    return tell(before, after, labels={**codes, **options, **labels_of(row.thing), **codes}, word=word, about=ABOUT)


def _rules(document: Any) -> str | None:
    """The rules of a category, one a line, as its page says them; what no longer reads as rules has no words."""
    try:
        rules = eligibility.parse_rules(document)
    except Invalid:
        return None
    return "\n".join(f"{rule.describe()}{'' if rule.effect == eligibility.BLOCK else ' (anjuran)'}" for rule in rules) or None


def labels_of(thing: str) -> dict[str, str]:
    """What the fields of a kind of thing are called: the labels of the columns, and the words of what is no column."""
    model = next((each for each in TABLES if each._meta.table_name == TABLE_OF.get(thing, thing)), None)
    columns = {name: str(field.verbose_name) for name, field in model._meta.fields.items() if field.verbose_name} if model else {}
    stages = {str(stage): label for stage, label in STAGE_LABELS.items()} if thing == "period" else {}
    return {**stages, **WORDS, **columns, **stages}


# Trees of instruments -----------------------------------------------------------------------------------------------


def _is_tree(document: Any) -> bool:
    return isinstance(document, Mapping) and "components" in document


def _summary(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": tree.get("title", ""), "components": [str(each.get("label", "")) for each in tree["components"]]}


def _tree(before: Any, after: Any) -> Told:
    """The differences of two trees in the words of the instrument; a document of an earlier format is left untold."""
    try:
        changes = instruments.diff(instruments.parse(before), instruments.parse(after))
    except Invalid:
        return Told((), ())
    return Told((), tuple(Difference(each.path, each.label, each.was or "–", each.now or "–") for each in changes))


# What numbers and codes stand for -----------------------------------------------------------------------------------


def _names(rows: Iterable[Any]) -> dict[str, dict[int, str]]:
    """What the rows are called at which the documents point by number: one statement for each kind that occurs."""
    wanted: dict[str, set[int]] = {kind: set() for kind in _POINTS_AT.values()}
    for row in rows:
        for document in (row.before, row.after):
            _collect(document, wanted)
    version = Instrument.name.concat(" v").concat(InstrumentVersion.number.cast("TEXT"))
    sources: dict[str, Any] = {
        "user": (User, User.name),
        "employee": (Employee, Employee.name),
        "unit": (WorkUnit, WorkUnit.name),
        "nomination": (Nomination, Nomination.number),
        "category": (Category, Category.name),
        "period": (Period, Period.name),
        "instrument_version": (InstrumentVersion, version),
    }
    found: dict[str, dict[int, str]] = {}
    for kind, ids in wanted.items():
        model, name = sources[kind]
        query = model.select(model.id, name).where(model.id.in_(ids))
        found[kind] = dict((query.join(Instrument) if model is InstrumentVersion else query).tuples()) if ids else {}
    return found


def _collect(document: Any, wanted: dict[str, set[int]], kind: str | None = None) -> None:
    if isinstance(document, Mapping):
        for key, value in document.items():
            _collect(value, wanted, _POINTS_AT.get(key))
    elif isinstance(document, list):
        for value in document:
            _collect(value, wanted, kind)
    elif kind and isinstance(document, int) and not isinstance(document, bool) and 0 < document < 2**31:
        wanted[kind].add(document)


def _nomination_of(row: Any) -> str | None:
    """The nomination that an entry is about, whose instrument says what its fields and its evidence are called."""
    if row.thing == "nomination":
        return str(row.thing_id)
    for document in (row.after, row.before):
        if row.thing in {"evidence", "sheet"} and isinstance(document, Mapping) and isinstance(document.get("nomination"), int):
            return str(document["nomination"])
    return None


def _forms(rows: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """By nomination: what its instrument calls fields, criteria and evidence, and their options (1 statement)."""
    ids = {int(each) for each in map(_nomination_of, rows) if each and each.isdecimal() and len(each) < 10}  # fits an integer column
    if not ids:
        return {}
    query = (
        Nomination.select(Nomination.id, Category.id, InstrumentVersion)
        .join(Category)
        .join(InstrumentVersion)
        .where(Nomination.id.in_(ids))
    )
    return {str(row.id): _form(definition_of(row.category.instrument_version)) for row in query}


def _form(definition: instruments.Definition) -> dict[str, Any]:
    asked = {
        each.code: {"label": each.label, "options": {option.code: option.label for option in each.options}}
        for each in (*form.fields(definition), *form.head_fields(definition))
    }
    plain = [(each.code, each.label) for part in definition.components for each in part.criteria]
    plain += [(each.code, each.label) for each in definition.requirements]
    return asked | {code: {"label": label, "options": {}} for code, label in plain if code not in asked}
