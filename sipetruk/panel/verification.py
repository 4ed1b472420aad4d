"""The administrative check: the queue of nominations, one nomination with its evidence, and the three decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import wtforms
from flask import flash, redirect, request
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from sipetruk.api import ids
from sipetruk.errors import NotFound
from sipetruk.models.nominations import DECISIONS, VERDICTS
from sipetruk.panel.history import page_asked
from sipetruk.panel.kit import Answer, Page, PanelForm, PlainText, Required, VersionedForm, autosave, expose
from sipetruk.panel.kit.fields import whole
from sipetruk.panel.kit.page import SEE_OTHER
from sipetruk.queries import checks as checks_queue
from sipetruk.queries import nominations, people, periods
from sipetruk.queries.answers import answers_in_words
from sipetruk.queries.checks import QueueFilters, RequirementView, requirements
from sipetruk.queries.nominations import NominationView
from sipetruk.queries.provenance import last_loaded
from sipetruk.rules.moments import clock_text
from sipetruk.rules.nip import format_nip
from sipetruk.rules.permissions import Action, Subject, require
from sipetruk.rules.workflow import EDITABLE, NOMINATION_LABELS, NominationMove, NominationState
from sipetruk.services import checks, clock
from sipetruk.services import nominations as nomination_services

GET_POST = ("GET", "POST")
PAGE_SIZE = 25
LONGEST = 2_000
WAITING = str(NominationState.SUBMITTED)
ALL = "semua"
ASKED = ("status", "periode", "kategori", "unit", "cari", "tenggat", "pemeriksa", "syarat")
"""Names of the filters in the address."""
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
        """What was given for each requirement on which something was said, but for those with something wrong."""
        sound = [code for code in codes if not (self[f"verdict-{code}"].errors or self[f"note-{code}"].errors)]
        given = {code: (self[f"verdict-{code}"].data or "", self[f"note-{code}"].data or "") for code in sound}
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


class AcceptManyForm(PanelForm):
    note = wtforms.TextAreaField("Catatan", [PlainText(), Length(max=LONGEST)], description="Boleh kosong. Sama bagi semua yang diterima.")


class ReturnForm(VersionedForm):
    reason = wtforms.TextAreaField(
        "Yang harus diperbaiki", [Required(), PlainText(), Length(max=LONGEST)], description="Terbaca oleh unit pengusul."
    )
    due_on = wtforms.DateField(
        "Batas perbaikan",
        [InputRequired()],
        description="Berlaku sampai pukul 23.59 WITA hari itu; paling lambat hari terakhir verifikasi administrasi.",
    )


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
    move: NominationMove
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
        move=NominationMove.ACCEPT,
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
        move=NominationMove.RETURN,
        act=checks.return_,
    ),
    "tolak": Decision(
        title="Tolak (tidak memenuhi syarat)",
        button="Tolak, TMS",
        done="Usulan ditolak (tidak memenuhi syarat).",
        grave=True,
        effects=("Usulan dinyatakan tidak memenuhi syarat (TMS) dan tidak dinilai.", "Keputusan ini tidak dapat dibatalkan."),
        form=RejectForm,
        move=NominationMove.REJECT,
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
    move=NominationMove.WITHDRAW,
    act=nomination_services.withdraw,
)


class VerificationPages(Page):
    """Everything under /admin/verifikasi/."""

    needs = (Action.NOMINATION_CHECK, Action.PROGRESS_READ)  # verifiers, and those who follow the round without deciding
    intro = "Memeriksa kelengkapan dan syarat setiap usulan sebelum dinilai."

    @expose("/")
    def index(self) -> Answer:
        found = checks_queue.queue(self.actor, filters_asked(), now=clock.now(), today=clock.today(), page=page_asked(PAGE_SIZE))
        seen = periods.periods(self.actor)
        return self.render(
            "panel/verification/list.html",
            found=found,
            filters=filters_asked(),
            chosen=kept(),
            options={
                "status": [*STATES, (ALL, "Semua status")],
                "periode": [(str(period.id), period.name) for period in seen],
                "kategori": [(str(c.id), f"{p.name} · {c.name}") for p in seen for c in p.categories],
                "unit": [(str(unit.id), unit.name) for unit in people.units(self.actor)],
                "tenggat": list(checks_queue.DUE.items()),
                "pemeriksa": list(checks_queue.TAKEN.items()),
                "syarat": list(checks_queue.ELIGIBILITY.items()),
            },
            is_filtered=any(value for name, value in kept().items() if (name, value) != ("status", WAITING)),
            may_accept=self.can(Action.NOMINATION_CHECK),
        )

    @expose("/<int:nomination_id>/", GET_POST)
    def show_nomination(self, nomination_id: int) -> Answer:
        view = self._view(nomination_id)
        wanted = requirements(view)
        if request.method == "POST":
            require(self.actor, Action.NOMINATION_CHECK)
        form = items_form(wanted, view.row.row_version, request.form or None)

        def save() -> int:
            items = form.items(item.code for item in wanted)
            return checks.record_items(self.actor, nomination_id=nomination_id, items=items, expected_version=form.expected)

        if autosave.is_wanted():
            told = lambda refusal: f"{_last_checked(self._view(nomination_id))} {refusal.message}".strip()  # noqa: E731  # one line of words
            return autosave.answer(form, save, told=told, keeps_rest=True)
        answer = self.submit(
            form,
            save,
            to=self.address(nomination_id, "bukti"),
            done="Hasil pemeriksaan disimpan.",
            stored=lambda: self._stored_items(nomination_id),
        )
        return answer or self.show(
            "panel/verification/show.html",
            form,
            view=view,
            is_with_unit=view.row.state in EDITABLE,
            wanted=wanted,
            place=checks_queue.place_in_queue(self.actor, nomination_id, filters_asked(), today=clock.today()),
            chosen=kept(),
            answers=grouped(answers_in_words(view.fields, view.answers)),
            head_answers=answers_in_words(view.head_fields, view.endorsement.values) if view.endorsement else (),
            outcomes=OUTCOMES,
            loads=last_loaded(outcome.rule.fact for outcome in view.eligibility),
            decisions=DECISIONS,
            verdicts=VERDICTS,
            labels={item.code: item.label for item in wanted},
            deciding=DECIDING,
            opened=next((item.code for item in wanted if item.files and not item.verdict), ""),
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
        upcoming = checks_queue.place_in_queue(self.actor, nomination_id, filters_asked(), today=clock.today()).next_id
        to = self.address(upcoming) if upcoming else self.get_url(".index", **kept())
        return self._carry_out(view, DECIDING[decision], to=str(to))

    @expose("/terima/", ("POST",))
    def accept_chosen(self) -> Answer:
        """Several at once: first the page that lists each with its open points, then each in a transaction of its own."""
        require(self.actor, Action.NOMINATION_CHECK)
        ids = list(dict.fromkeys(request.form.getlist("pilih", type=whole)))[: checks.MOST_AT_ONCE]
        back = self.get_url(".index", **kept())
        form = AcceptManyForm(request.form)
        told = checks_queue.readiness(self.actor, ids, now=clock.now(), today=clock.today()) if ids else ()
        if not told:
            flash("Pilih dahulu usulan yang akan diterima.", "error")
            return redirect(back, SEE_OTHER)
        if not self.confirmed() or not form.validate():
            return self.render("panel/verification/accept.html", told=told, form=form, back=back, outcomes=OUTCOMES)
        return self._accept(told, form.note.data or "", back)

    def _accept(self, told: Sequence[checks_queue.Readiness], note: str, back: str) -> Answer:
        """Accept those that are acceptable, in the versions that were on the check page, and say what became of each."""
        names = {each.row.id: f"{each.row.employee_name} ({each.row.number})" for each in told}
        versions = {id_: request.form.get(f"versi-{id_}", 0, type=whole) for id_ in names if f"versi-{id_}" in request.form}
        outcome = checks.accept_many(self.actor, versions=versions, note=note) if versions else ()
        done = [names[each.nomination_id] for each in outcome if not each.problems]
        if done:
            flash(f"{len(done)} usulan diterima (memenuhi syarat): {', '.join(done)}.", "success")
        for each in outcome:
            if each.problems:
                flash(f"{names[each.nomination_id]} tidak diterima: {' '.join(problem.message for problem in each.problems)}", "error")
        return redirect(back, SEE_OTHER)

    def address(self, nomination_id: int, anchor: str = "") -> str:
        """The page of a nomination, within the queue as it is filtered now."""
        return str(self.get_url(".show_nomination", nomination_id=nomination_id, _anchor=anchor or None, **kept()))

    @expose("/<int:nomination_id>/tarik/", GET_POST)
    def withdraw(self, nomination_id: int) -> Answer:
        """Take a nomination out of the round for its unit."""
        view = self._view(nomination_id)
        require(self.actor, Action.NOMINATION_WITHDRAW, Subject(unit_id=view.row.unit_id))
        return self._carry_out(view, WITHDRAWAL, to=self.address(nomination_id))

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
        return answer or self.show(
            "panel/verification/decide.html",
            form,
            view=view,
            decision=chosen,
            obstacles=() if request.method == "POST" else checks_queue.obstacles(view, chosen.move),
            wanted=requirements(view),
            outcomes=OUTCOMES,
            loads=last_loaded(outcome.rule.fact for outcome in view.eligibility),
            back=self.address(nomination_id),
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


def kept() -> dict[str, str]:
    """The filters in the address, so that every link keeps them."""
    given = {name: request.args.get(name, "").replace("\x00", "")[:100] for name in ASKED}
    return {name: text for name, text in given.items() if text}


def filters_asked() -> QueueFilters:
    """What the address asks for; what makes no sense there is no filter."""
    state, numbers = request.args.get("status", WAITING), {}
    for name in ("periode", "kategori", "unit"):
        numbers[name] = request.args.get(name, type=whole)
    return QueueFilters(
        state=NominationState(state) if state in NOMINATION_LABELS else None,
        period_id=numbers["periode"],
        category_id=numbers["kategori"],
        unit_id=numbers["unit"],
        search=request.args.get("cari", "")[:100],
        due=request.args.get("tenggat", ""),
        taken=request.args.get("pemeriksa", ""),
        eligible=request.args.get("syarat", "") if request.args.get("syarat") in checks_queue.ELIGIBILITY else "",
    )


def _last_checked(view: NominationView) -> str:
    """Who has said something of the evidence last, for whoever was slower."""
    last = max(view.check_items, key=lambda item: item.at, default=None)
    return f"{last.by_name} menyimpan hasil pemeriksaan pukul {clock_text(last.at)}." if last else ""
