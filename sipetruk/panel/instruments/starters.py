"""The starter instruments, and a first instrument step by step: what to begin with, its name and year, what is left to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import wtforms
from flask import request
from wtforms.validators import Length, NumberRange, Optional

from sipetruk.panel.instruments.base import InstrumentBase
from sipetruk.panel.instruments.forms import text_field
from sipetruk.panel.kit import Answer, CreateForm, PlainText, Required, WholeNumber, expose
from sipetruk.queries.instruments import VersionView
from sipetruk.rules import adaptation, naming
from sipetruk.rules import instrument as rules
from sipetruk.rules.exact import format_number
from sipetruk.rules.permissions import Action, require
from sipetruk.services import clock
from sipetruk.services import instruments as services
from sipetruk.starters import starter, starter_examples, starters

GET_POST = ("GET", "POST")
EMPTY = "kosong"
"""Stands in the address for beginning with nothing."""


class FirstForm(CreateForm):
    """Name and year of an instrument that is begun; everything else comes from what it begins with."""

    name = text_field("Nama instrumen", 150, "Nama yang tampil pada daftar, misalnya ASN Berprestasi Balangan.", required=True)
    code = wtforms.StringField(
        "Kode",
        [Optional(), PlainText(), Length(max=60)],
        description="Huruf kecil, angka, dan tanda hubung; bagian dari alamat halaman. Kosongkan agar dibuat dari nama.",
    )
    title = text_field("Judul", 200, "Judul yang dicetak pada lembar penilaian dan dibaca umum.", required=True)
    year = WholeNumber("Tahun putaran", [Required(), NumberRange(2000, 2099)])


@dataclass(frozen=True)
class Starter:
    name: str
    definition: rules.Definition

    @property
    def parts(self) -> list[tuple[rules.Component, str]]:
        """Each component with what it can reach or weighs."""
        weighted = self.definition.policy.combine == "weighted_sum"
        return [(part, self._share(part, weighted=weighted)) for part in self.definition.components]

    def _share(self, part: rules.Component, *, weighted: bool) -> str:
        if not part.scored:
            return "tanpa poin"
        return f"bobot {format_number(Fraction(part.weight or 0, 100))} %" if weighted else f"{format_number(part.maximum)} poin"


@dataclass(frozen=True)
class Task:
    """One thing to look after before the lock, and where; `is_done` is None where only a person can tell."""

    label: str
    url: str
    is_done: bool | None
    remarks: tuple[str, ...] = ()


class StarterPages(InstrumentBase):
    """Beginning an instrument."""

    @expose("/awal/")
    def starters(self) -> Answer:
        found = [Starter(name, rules.parse(starter(name))) for name, _ in starters()]
        return self.render("panel/instrument/starters.html", starters=found, words=rules)

    @expose("/mulai/")
    def begin(self) -> Answer:
        """The first step: what to begin with."""
        require(self.actor, Action.INSTRUMENT_EDIT)
        found = [Starter(name, rules.parse(starter(name))) for name, _ in starters()]
        return self.render("panel/instrument/begin.html", starters=found, empty=EMPTY)

    @expose("/mulai/<base_name>/", GET_POST)
    def begin_with(self, base_name: str) -> Answer:
        """The second step: name, code, and the year for which its data is adapted."""
        require(self.actor, Action.INSTRUMENT_EDIT)
        base = rules.Definition(title="") if base_name == EMPTY else rules.parse(starter(base_name))
        tried = [] if base_name == EMPTY else starter_examples(base_name)
        year = clock.today().year
        form = FirstForm(request.form or None, data={"year": year, "title": adaptation.title_for(base, year)})

        def make() -> int:
            tree = adaptation.for_year(base, form.year.data, form.title.data)
            code = (form.code.data or "").strip() or naming.suggest_code(form.name.data)
            return services.create(
                self.actor, code=code, name=form.name.data, definition=tree.to_dict(), examples=tried, idempotency_key=form.once
            )

        answer = self.submit(form, make, to=self._checklist, done="Instrumen dibuat sebagai draf versi 1.")
        shown = None if base_name == EMPTY else Starter(base_name, base)
        return answer or self.show("panel/instrument/begin_with.html", form, starter=shown, data_year=adaptation.data_year(base))

    @expose("/<int:version_id>/langkah/")
    def checklist(self, version_id: int) -> Answer:
        """The third step: what is left to do, each with its place."""
        view = self.draft(version_id)
        return self.render("panel/instrument/checklist.html", view=view, tasks=list(self._tasks(view)))

    def _checklist(self, version_id: int) -> str:
        return str(self.get_url(".checklist", version_id=version_id))

    def _tasks(self, view: VersionView) -> Iterator[Task]:
        version_id, tree = view.row.id, view.definition
        errors = [finding for finding in view.findings if finding.severity == "error"]

        def of(*parts: str) -> tuple[str, ...]:
            return tuple(finding.message for finding in errors if finding.path[:1] and finding.path[0] in parts)

        structure, policy, asked = of("components", "criteria"), of("policy"), of("evidence", "fields")
        sums = all(level.is_whole for level in view.sums)
        page = self.address
        about = str(self.get_url(".edit_about", version_id=version_id))
        yield Task("Judul, keterangan, dan dasar hukumnya", about, bool(tree.title and tree.description and tree.source))
        yield Task(
            "Komponen, kriteria, dan jumlah tiap tingkat", page(version_id), sums and bool(tree.components) and not structure, structure
        )
        yield Task(
            "Cara menghitung dan penentu nilai sama",
            str(self.get_url(".edit_policy", version_id=version_id)),
            bool(tree.policy.tie_chain) and not policy,
            policy,
        )
        yield Task(
            "Bukti dukung dan pertanyaan formulir", page(version_id, "bukti"), bool(tree.evidence or tree.fields) and not asked, asked
        )
        yield Task("Bulan dan tahun data yang diambil", page(version_id), None if adaptation.data_year(tree) else True)
        for tab in self.tabs(view):
            if tab.label in _LOOKS:
                yield Task(_LOOKS[tab.label], tab.url, None)
        yield Task("Kunci versi ini", str(self.get_url(".lock", version_id=version_id)), is_done=False)


_LOOKS = {
    "Pratinjau": "Lihat pratinjau sebagai perangkat daerah, penilai, dan umum",
    "Uji coba": "Coba hitung dengan calon rekaan dan simpan sebagai contoh",
}
"""Faces of a version that a person should have looked at before locking it."""
