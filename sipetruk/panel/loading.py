"""Files of the personnel system in the panel: tried first, every bad row named, then loaded as a whole."""

from __future__ import annotations

import wtforms
from flask import flash, redirect, request

from sipetruk import imports
from sipetruk.errors import Forbidden, Invalid, NotFound, Problem, Refusal
from sipetruk.panel.kit import Answer, Choice, Page, PanelForm, Required, expose
from sipetruk.panel.kit.page import SEE_OTHER
from sipetruk.rules.permissions import Action
from sipetruk.services.constraints import constraints_refuse

GET_POST = ("GET", "POST")
MOST_SHOWN = 200
KINDS = {
    "units": "Unit kerja",
    "employees": "Pegawai",
    "attendance": "Kehadiran bulanan",
    "ratings": "Predikat kinerja tahunan",
    "series": "Nilai bulanan atau tahunan",
    "sanctions": "Hukuman disiplin",
    "awards": "Penghargaan yang pernah diterima",
}


class LoadForm(PanelForm):
    kind = Choice("Isi berkas", [Required()], choices=KINDS.items())
    file = wtforms.FileField(
        "Berkas CSV",
        description="CSV UTF-8 dari SILKa atau SIASN, dengan judul kolom. Semua baris dimuat, atau tidak satu pun.",
        render_kw={"accept": ".csv,text/csv"},
    )
    is_trial = wtforms.BooleanField("Periksa dahulu, jangan simpan apa pun", default=True)


class LoadingPages(Page):
    """Everything under /admin/muat-data/."""

    needs = Action.EMPLOYEE_IMPORT
    intro = "Data unit kerja dan pegawai berasal dari sistem kepegawaian. Setiap baris yang salah disebut beserta kolomnya."

    @expose("/", GET_POST)
    def index(self) -> Answer:
        form = LoadForm(request.form or None)
        problems: tuple[Problem, ...] = ()
        saved = None
        if request.method == "POST" and form.validate():
            try:
                with constraints_refuse():
                    saved = imports.load(self.actor, form.kind.data, _content(), dry_run=form.is_trial.data)
            except (NotFound, Forbidden):
                raise
            except Refusal as refusal:
                problems = tuple(problem for problem in refusal.problems if not form.refuse(problem.path[:1], problem.message))
            else:
                if not form.is_trial.data:
                    flash(f"{KINDS[form.kind.data]} dimuat: {_counts(saved)}.", "success")
                    return redirect(self.get_url(".index"), SEE_OTHER)
        page = self.render(
            "panel/loading.html",
            form=form,
            problems=problems[:MOST_SHOWN],
            more=max(0, len(problems) - MOST_SHOWN),
            trial=None if saved is None else _counts(saved),
            kinds=[
                (label, [(column.name, column.may_be_left_out) for column in imports.KINDS[key].columns]) for key, label in KINDS.items()
            ],
        )
        refused = request.method == "POST" and saved is None
        return page, 422 if refused else 200


def _content() -> bytes:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid("Pilih berkas yang akan dimuat.", "file")
    return sent.stream.read()


def _counts(saved: imports.Saved) -> str:
    return f"{saved.added} ditambahkan, {saved.changed} diganti, {saved.unchanged} sudah sama"
