"""Instruments out of and into files: downloads of a version, and an import that shows what it would do before it does it.

Nothing is kept on the server between the two steps of an import: the page that shows the trial carries the document
itself, as text, with its SHA-256. Confirming reads it with the same strictness as a file and refuses anything but what
was shown; it can do no more than a new upload could.
"""

from __future__ import annotations

import json
from typing import Any

import wtforms
from flask import Response, flash, redirect, request
from wtforms.validators import Length, Optional

from sipetruk.documents.instrument_files import KINDS, MOST_BYTES
from sipetruk.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from sipetruk.panel.instruments.base import InstrumentBase
from sipetruk.panel.instruments.forms import text_field
from sipetruk.panel.kit import Answer, PlainText, VersionedForm, expose
from sipetruk.panel.kit.page import SEE_OTHER
from sipetruk.queries.instruments import VersionView
from sipetruk.rules import instrument as rules
from sipetruk.rules import naming
from sipetruk.rules.permissions import Action, require
from sipetruk.services import instrument_files as services
from sipetruk.services.constraints import constraints_refuse
from sipetruk.services.instrument_files import ExportedFile, Target, Trial

GET_POST = ("GET", "POST")
UNPROCESSABLE, STALE = 422, 409


class UploadForm(VersionedForm):
    file = wtforms.FileField(
        "Berkas instrumen",
        description=f"TOML, JSON, atau XLSX, paling besar {MOST_BYTES // 1000} kB. Berkas diperiksa dahulu; belum ada yang disimpan.",
        render_kw={"accept": ".toml,.json,.xlsx"},
    )

    def content(self) -> bytes:
        """What was uploaded, one byte more than allowed at most; Invalid where nothing was chosen."""
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise Invalid("Pilih berkas yang akan diimpor.", "file")
        return sent.stream.read(MOST_BYTES + 1)


class NewUploadForm(UploadForm):
    name = text_field("Nama instrumen", 150, required=True)
    code = wtforms.StringField(
        "Kode",
        [Optional(), PlainText(), Length(max=60)],
        description="Huruf kecil, angka, dan tanda hubung; kosongkan agar dibuat dari nama.",
    )


class FilePages(InstrumentBase):
    """Instruments out of and into files."""

    @expose("/<int:version_id>/berkas/")
    def files(self, version_id: int) -> Answer:
        view = self.view(version_id)
        exports = [(kind, services.export(self.actor, version_id=version_id, kind=kind.name)) for kind in KINDS.values()]
        return self.render("panel/instrument/files.html", view=view, exports=exports)

    @expose("/<int:version_id>/berkas/unduh/")
    def download(self, version_id: int) -> Answer:
        return _attachment(services.export(self.actor, version_id=version_id, kind=request.args.get("jenis", "")))

    @expose("/impor/templat/")
    def empty_template(self) -> Answer:
        require(self.actor, Action.INSTRUMENT_READ)
        return _attachment(services.empty_template())

    @expose("/impor/", GET_POST)
    def import_new(self) -> Answer:
        """A file becomes a new instrument."""
        require(self.actor, Action.INSTRUMENT_EDIT)
        form = NewUploadForm(request.form or None)
        code = (form.code.data or "").strip() or naming.suggest_code(form.name.data or "")
        return self._import(form, Target(code=code, name=form.name.data or ""), None)

    @expose("/<int:version_id>/berkas/impor/", GET_POST)
    def import_into(self, version_id: int) -> Answer:
        """A file becomes the content of a draft, or the next draft of a locked version's instrument."""
        require(self.actor, Action.INSTRUMENT_EDIT)
        view = self.view(version_id)
        form = UploadForm(request.form or None, data={"row_version": view.row.row_version})
        if "document" not in request.form:  # what is shown is the difference from what is stored now
            form.row_version.raw_data, form.row_version.data = None, view.row.row_version
        if view.row.is_draft:
            target = Target(version_id=version_id, expected_version=form.expected)
        else:
            target = Target(instrument_id=view.row.instrument_id)
        return self._import(form, target, view)

    def _import(self, form: UploadForm, target: Target, view: VersionView | None) -> Answer:
        if request.method != "POST" or not form.validate():
            return self._upload_page(form, view, ())
        try:
            with constraints_refuse():
                if "document" in request.form:
                    return self._write(target)
                trial = services.try_file(self.actor, content=form.content(), target=target)
        except (NotFound, Forbidden):
            raise
        except Refusal as refusal:
            problems = [problem for problem in refusal.problems if not form.refuse(problem.path[:1], problem.message)]
            return self._upload_page(form, view, problems, STALE if isinstance(refusal, Conflict) else UNPROCESSABLE)
        return self.render("panel/instrument/import_trial.html", **self._around(view), form=form, target=target, **_shown(trial))

    def _write(self, target: Target) -> Answer:
        try:
            document = json.loads(request.form["document"])
        except (ValueError, RecursionError):
            raise Invalid("Isi yang dikirim tidak dapat dibaca; unggah kembali berkasnya.") from None
        sha256 = request.form.get("sha256", "")
        version_id = services.import_document(self.actor, document=document, target=target, expected_sha256=sha256)
        flash("Berkas diimpor menjadi isi draf ini.", "success")
        return redirect(self.address(version_id), SEE_OTHER)

    def _upload_page(self, form: UploadForm, view: VersionView | None, problems: Any, status: int = UNPROCESSABLE) -> Answer:
        sent = request.method == "POST"
        if view is not None:
            form.row_version.raw_data, form.row_version.data = None, view.row.row_version
        return self.render("panel/instrument/import.html", **self._around(view), form=form, problems=problems), status if sent else 200

    def _around(self, view: VersionView | None) -> dict[str, Any]:
        """Where the import was begun and where its pages lead back to."""
        if view is None:
            return {"view": None, "title": "Impor instrumen baru", "back": self.get_url(".index")}
        title = f"Impor ke draf versi {view.row.number}" if view.row.is_draft else "Impor sebagai draf berikutnya"
        return {"view": view, "title": title, "back": self.get_url(".files", version_id=view.row.id)}


def _shown(trial: Trial) -> dict[str, Any]:
    """A trial as its page shows it, with the text that confirming sends back."""
    tree = trial.definition
    counts = [
        ("Komponen", len(tree.components)),
        ("Kriteria", sum(len(part.criteria) for part in tree.components)),
        ("Bukti dukung", len(tree.evidence)),
        ("Pertanyaan formulir", len(tree.fields)),
        ("Contoh perhitungan", len(trial.examples)),
    ]
    errors = [finding for finding in trial.findings if finding.severity == "error"]
    return {
        "trial": trial,
        "counts": counts,
        "errors": errors,
        "sums": rules.level_sums(tree),
        "document": json.dumps(trial.document, ensure_ascii=False, separators=(",", ":")),
    }


def _attachment(file: ExportedFile) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{file.filename}"', "Cache-Control": "private, no-store"}
    return Response(file.content, mimetype=file.media_type, headers=headers)
