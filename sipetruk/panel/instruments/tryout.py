"""Trying an instrument on made-up nominees, which stay with the version as its examples."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from flask import flash, redirect, request

from sipetruk.errors import Conflict, Forbidden, NotFound, Refusal
from sipetruk.panel.instruments.base import InstrumentBase, sent_version
from sipetruk.panel.instruments.tryout_form import TryoutForm, sent_form, stored_form
from sipetruk.panel.kit import Answer, expose
from sipetruk.panel.kit.page import SEE_OTHER
from sipetruk.queries.instruments import VersionView
from sipetruk.rules import tryout as rules
from sipetruk.rules.definition import ATTRIBUTES
from sipetruk.rules.examples import Example, to_document
from sipetruk.services import instruments as services

STALE = "Versi ini diubah orang lain setelah Anda membukanya; isian Anda belum disimpan. Contoh yang tersimpan sekarang: %s. \
Menekan “Simpan sebagai contoh” sekali lagi menggantinya dengan isian di bawah."


class TryoutPages(InstrumentBase):
    """Made-up nominees, every step of their scores, and what is expected of them."""

    @expose("/<int:version_id>/uji-coba/", ("GET", "POST"))
    def tryout(self, version_id: int) -> Answer:
        view = self.view(version_id)
        if request.method == "GET":
            form = stored_form(view.definition, view.examples)
            return self._page(view, form, self._try(view, form, view.examples) if view.examples else None)
        form = sent_form(view.definition, request.form)
        match request.form.get("lalu", "hitung").partition("-"):
            case ("tambah", _, _):
                form.add()
                return self._page(view, form, None)
            case ("hapus", _, at):
                form.remove(int(at) if at.isdecimal() else -1)
                return self._page(view, form, None)
            case ("simpan", _, _):
                return self._keep(view, form)
            case ("ambil", _, at):
                return self._take_over(view, form, int(at) if at.isdecimal() else -1)
        return self._answer(view, form, self._read(view, form))

    def _read(self, view: VersionView, form: TryoutForm) -> tuple[Example, ...] | None:
        """What was typed as examples whose values their scales can read; None, with the problems noted, where one cannot."""
        if form.problems:
            return None
        try:
            return rules.read(view.definition, form.examples())
        except Refusal as refusal:
            form.refuse(refusal)
            return None

    def _try(self, view: VersionView, form: TryoutForm, examples: tuple[Example, ...]) -> rules.Tryout | None:
        try:
            return rules.try_out(view.definition, examples)
        except Refusal as refusal:
            form.refuse(refusal)
            return None

    def _keep(self, view: VersionView, form: TryoutForm) -> Answer:
        """Keep the nominees as the examples of the draft."""
        examples = self._read(view, form)
        if examples is None:
            return self._answer(view, form, None)
        try:
            services.save_examples(self.actor, version_id=view.row.id, examples=to_document(examples), expected_version=sent_version())
        except (NotFound, Forbidden):
            raise
        except Conflict:
            flash(STALE % (", ".join(f"“{example.name}”" for example in view.examples) or "tidak ada"), "error")
            return self._page(view, form, self._try(view, form, examples), HTTPStatus.CONFLICT)
        except Refusal as refusal:
            form.refuse(refusal)
            return self._answer(view, form, None)
        flash("Contoh disimpan dan diperiksa lagi saat versi dikunci.", "success")
        return redirect(self.get_url(".tryout", version_id=view.row.id), SEE_OTHER)

    def _take_over(self, view: VersionView, form: TryoutForm, at: int) -> Answer:
        """Make what came out what is expected, of one nominee or of all; nothing is stored yet."""
        examples = self._read(view, form)
        found = self._try(view, form, examples) if examples is not None else None
        if found is None:
            return self._answer(view, form, None)
        for place, trial in enumerate(found.trials):
            if at in {-1, place}:
                form.expect(place, replace(trial.example, expected=trial.outcome))
        return self._answer(view, form, form.examples())

    def _answer(self, view: VersionView, form: TryoutForm, examples: tuple[Example, ...] | None) -> Answer:
        found = self._try(view, form, rules.read(view.definition, examples)) if examples is not None else None
        return self._page(view, form, found, HTTPStatus.UNPROCESSABLE_ENTITY if form.problems else HTTPStatus.OK)

    def _page(self, view: VersionView, form: TryoutForm, found: rules.Tryout | None, status: HTTPStatus = HTTPStatus.OK) -> Answer:
        page = self.render(
            "panel/instrument/tryout.html",
            view=view,
            form=form,
            found=found,
            statuses=rules.STATUS,
            attributes=ATTRIBUTES,
            may_keep=view.may_edit,
        )
        return page, int(status)
