"""The administrative check: the queue of nominations, one nomination with its evidence, and the three decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import wtforms
from flask import request
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from sipetruk.api import ids
from sipetruk.errors import NotFound
from sipetruk.models.nominations import DECISIONS, VERDICTS
from sipetruk.panel.kit import Answer, Page, PlainText, Required, VersionedForm, expose
from sipetruk.panel.kit.fields import whole
from sipetruk.queries import nominations, paging, people, periods
from sipetruk.queries.assessment import answers_in_words
from sipetruk.queries.checks import RequirementView, place_in_queue, requirements
from sipetruk.queries.nominations import NominationView
from sipetruk.rules.nip import format_nip
from sipetruk.rules.permissions import Action, Subject, require
from sipetruk.rules.workflow import NOMINATION_LABELS, NominationState
from sipetruk.services import checks, clock
from sipetruk.services import nominations as nomination_services

GET_POST = ("GET", "POST")
PAGE_SIZE = 25
LONGEST = 2_000
WAITING = str(NominationState.SUBMITTED)
ALL = "semua"
STATES = [(WAITING, "Menunggu diperiksa"), *((str(s), label) for s, label in NOMINATION_LABELS.items() if str(s) != WAITING)]
OUTCOMES = {
    "passed": ("Terpenuhi", "good", "✓"),
    "failed": ("Tidak terpenuhi", "bad", "✗"),
    "unknown": ("Belum diketahui", "plain", "?"),
}
"""Status of a rule -> word, tone and sign; the three differ without any colour."""


class ItemsForm(VersionedForm):
    """Verdict and note for each requirement, made by `items_form`."""

    def refuse(self, path: Iterable[str], message: str) -> bool:
        """A problem of a requirement goes beside its verdict or its note."""
        match tuple(path):
            case ("items", code, *rest):
                return bool(super().refuse([f"note-{code}" if rest == ["note"] else f"verdict-{code}"], message))
        return bool(super().refuse(path, message))

    def items(self, codes: Iterable[str]) -> dict[str, tuple[str, str]]:
        """What was given for each requirement on which something was said."""
        given = {code: (self[f"verdict-{code}"].data or "", self[f"note-{code}"].data or "") for code in codes}
        return {code: (verdict, note) for code, (verdict, note) in given.items() if verdict or note.strip()}


class AcceptForm(VersionedForm):
    """A note; what stands in the way of acceptance is collected in `lacking`, by the code of the requirement."""

    lacking: dict[str, str]

    def refuse(self, path: Iterable[str], message: str) -> bool:
        """A requirement that has not been found is told in one summary, with a link to it."""
        match tuple(path):
            case ("checkItems", code):
                self.lacking = {**getattr(self, "lacking", {}), code: message}
                return True
        return bool(super().refuse(path, message))

    note = wtforms.TextAreaField("Catatan", [PlainText(), Length(max=LONGEST)], description="Boleh kosong. Terbaca oleh unit pengusul.")


class ReturnForm(VersionedForm):
    reason = wtforms.TextAreaField(
        "Yang harus diperbaiki", [Required(), PlainText(), Length(max=LONGEST)], description="Terbaca oleh unit pengusul."
    )
    due_on = wtforms.DateField("Batas perbaikan", [InputRequired()], description="Berlaku sampai pukul 23.59 WITA hari itu.")


class RejectForm(VersionedForm):
    reason = wtforms.TextAreaField("Alasan", [Required(), PlainText(), Length(max=LONGEST)], description="Terbaca oleh unit pengusul.")


class WithdrawForm(VersionedForm):
    reason = wtforms.TextAreaField(
        "Alasan penarikan", [Required(), PlainText(), Length(max=LONGEST)], description="Tercatat dalam jejak audit."
    )


@dataclass(frozen=True)
class Decision:
    """One way on for a nomination: its words, its form and the service that carries it out."""

    title: str
    button: str
    done: str
    grave: bool
    effects: tuple[str, ...]
    form: type[VersionedForm]
    act: Callable[..., object]


DECIDING = {
    "terima": Decision(
        title="Terima (memenuhi syarat)",
        button="Terima, MS",
        done="Usulan diterima (memenuhi syarat).",
        grave=False,
        effects=(
            "Usulan dinyatakan memenuhi syarat (MS) dan diteruskan ke tim penilai.",
            "Isian dan bukti tidak dapat diubah lagi.",
        ),
        form=AcceptForm,
        act=checks.accept,
    ),
    "kembalikan": Decision(
        title="Kembalikan untuk diperbaiki",
        button="Kembalikan",
        done="Usulan dikembalikan kepada unit pengusul.",
        grave=False,
        effects=(
            "Hanya usulan ini yang terbuka lagi bagi unit pengusul, sampai batas yang Anda tetapkan.",
            "Setelah diperbaiki, kepala unit mengesahkan dan unit mengajukannya kembali.",
        ),
        form=ReturnForm,
        act=checks.return_,
    ),
    "tolak": Decision(
        title="Tolak (tidak memenuhi syarat)",
        button="Tolak, TMS",
        done="Usulan ditolak (tidak memenuhi syarat).",
        grave=True,
        effects=("Usulan dinyatakan tidak memenuhi syarat (TMS) dan tidak dinilai.", "Keputusan ini tidak dapat dibatalkan."),
        form=RejectForm,
        act=checks.reject,
    ),
}


WITHDRAWAL = Decision(
    title="Tarik usulan",
    button="Tarik usulan",
    done="Usulan ditarik.",
    grave=True,
    effects=(
        "Usulan keluar dari putaran ini: tidak diperiksa, dinilai, atau diperingkat lagi.",
        "Penarikan ini tidak dapat dibatalkan.",
    ),
    form=WithdrawForm,
    act=nomination_services.withdraw,
)


class VerificationPages(Page):
    """Everything under /admin/verifikasi/."""

    needs = (Action.NOMINATION_CHECK, Action.PROGRESS_READ)  # verifiers, and those who follow the round without deciding
    intro = "Memeriksa kelengkapan dan syarat setiap usulan sebelum dinilai."

    @expose("/")
    def index(self) -> Answer:
        state, search = request.args.get("status", WAITING), request.args.get("cari", "")[:100]
        category_id, unit_id = request.args.get("kategori", type=whole), request.args.get("unit", type=whole)
        found = nominations.nominations(
            self.actor,
            now=clock.now(),
            page=_page_asked(),
            category_id=category_id,
            unit_id=unit_id,
            states=[NominationState(state)] if state in NOMINATION_LABELS else (),
            search=search,
            longest_waiting_first=state == WAITING,
        )
        categories = [(c.id, f"{p.name} · {c.name}") for p in periods.periods(self.actor) for c in p.categories]
        units = [(unit.id, unit.name) for unit in people.units(self.actor)]
        kept = {name: value for name, value in request.args.items() if name in {"status", "kategori", "unit", "cari"}}
        return self.render(
            "panel/verification/list.html",
            found=found,
            chosen={"state": state, "category": category_id, "unit": unit_id, "search": search},
            states=[*STATES, (ALL, "Semua status")],
            categories=categories,
            units=units,
            kept=kept,
            is_filtered=any(kept.values()),
        )

    @expose("/<int:nomination_id>/", GET_POST)
    def show_nomination(self, nomination_id: int) -> Answer:
        view = self._view(nomination_id)
        wanted = requirements(view)
        if request.method == "POST":
            require(self.actor, Action.NOMINATION_CHECK)
        form = items_form(wanted, view.row.row_version, request.form or None)
        answer = self.submit(
            form,
            lambda: checks.record_items(
                self.actor,
                nomination_id=nomination_id,
                items=form.items(item.code for item in wanted),
                expected_version=form.expected,
            ),
            to=str(self.get_url(".show_nomination", nomination_id=nomination_id, _anchor="bukti")),
            done="Hasil pemeriksaan disimpan.",
            stored=lambda: self._stored_items(nomination_id),
        )
        return answer or self.show(
            "panel/verification/show.html",
            form,
            view=view,
            wanted=wanted,
            place=place_in_queue(self.actor, nomination_id),
            answers=grouped(answers_in_words(view.fields, view.answers)),
            head_answers=answers_in_words(view.head_fields, view.endorsement.values) if view.endorsement else (),
            outcomes=OUTCOMES,
            decisions=DECISIONS,
            deciding=DECIDING,
            is_complete=all(item.verdict == "present" for item in wanted if item.is_required),
            evidence_url=evidence_url,
            nip=format_nip,
        )

    @expose("/<int:nomination_id>/<decision>/", GET_POST)
    def decide(self, nomination_id: int, decision: str) -> Answer:
        if decision not in DECIDING:
            raise NotFound("Keputusan ini tidak ada.")
        view = self._view(nomination_id)
        require(self.actor, Action.NOMINATION_CHECK)
        upcoming = place_in_queue(self.actor, nomination_id).next_id
        to = self.get_url(".show_nomination", nomination_id=upcoming) if upcoming else self.get_url(".index")
        return self._carry_out(view, DECIDING[decision], to=str(to))

    @expose("/<int:nomination_id>/tarik/", GET_POST)
    def withdraw(self, nomination_id: int) -> Answer:
        """Take a nomination out of the round for its unit."""
        view = self._view(nomination_id)
        require(self.actor, Action.NOMINATION_WITHDRAW, Subject(unit_id=view.row.unit_id))
        return self._carry_out(view, WITHDRAWAL, to=str(self.get_url(".show_nomination", nomination_id=nomination_id)))

    def _carry_out(self, view: NominationView, chosen: Decision, *, to: str) -> Answer:
        """The page of a decision: what it does, its form, and what has been found so far."""
        nomination_id = view.row.id
        form = chosen.form(request.form or None, data={"row_version": view.row.row_version})
        answer = self.submit(
            form,
            lambda: chosen.act(
                self.actor,
                nomination_id=nomination_id,
                expected_version=form.expected,
                **{name: value for name, value in form.data.items() if name != "row_version"},
            ),
            to=to,
            done=f"{view.row.employee_name}: {chosen.done}",
            stored=lambda: chosen.form(data={"row_version": self._view(nomination_id).row.row_version}),
            paths={"dueOn": "due_on"},
        )
        back = self.get_url(".show_nomination", nomination_id=nomination_id)
        return answer or self.show(
            "panel/verification/decide.html", form, view=view, decision=chosen, wanted=requirements(view), outcomes=OUTCOMES, back=back
        )

    def _view(self, nomination_id: int) -> NominationView:
        return nominations.nomination(self.actor, nomination_id, now=clock.now(), today=clock.today())

    def _stored_items(self, nomination_id: int) -> ItemsForm:
        view = self._view(nomination_id)
        return items_form(requirements(view), view.row.row_version, None)


def items_form(wanted: Iterable[RequirementView], row_version: int, sent: Any) -> ItemsForm:
    """A form with a pair of radio buttons and a note for each requirement."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {"row_version": row_version}
    for item in wanted:
        fields[f"verdict-{item.code}"] = wtforms.RadioField(
            item.label, choices=[SelectChoice(*pair) for pair in VERDICTS.items()], validate_choice=False, default=""
        )
        fields[f"note-{item.code}"] = wtforms.TextAreaField(f"Catatan {item.label}", [PlainText(), Length(max=LONGEST)])
        data |= {f"verdict-{item.code}": item.verdict, f"note-{item.code}": item.note}
    made: ItemsForm = type("ItemsForm", (ItemsForm,), fields)(sent, data=data)
    return made


def grouped(answers: Iterable[Any]) -> Mapping[str, list[Any]]:
    """Answers under the heading of their group, in the order of the form."""
    groups: dict[str, list[Any]] = {}
    for answer in answers:
        groups.setdefault(answer.group, []).append(answer)
    return groups


def evidence_url(evidence_id: int) -> str:
    """Where the browser shows an evidence file."""
    return f"/bukti/{ids.encode('Evidence', evidence_id)}?tampil=1"


def _page_asked() -> paging.PageRequest:
    after, before = request.args.get("sesudah"), request.args.get("sebelum")
    return paging.asked(last=PAGE_SIZE, before=before) if before else paging.asked(first=PAGE_SIZE, after=after)
