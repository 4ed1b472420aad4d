"""Categories of a period: what is awarded, by which instrument, to whom, and who assesses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request

from sipetruk.errors import Invalid, NotFound
from sipetruk.panel.kit import Answer, expose
from sipetruk.panel.periods.forms import CATEGORY_PATHS, CategoryForm, InterviewForm, NewCategoryForm, TeamForm
from sipetruk.panel.periods.rule_forms import rule_form
from sipetruk.panel.periods.trials import TRY, TrialPages, Unsaved, typed
from sipetruk.queries import instruments, periods, users
from sipetruk.queries.periods import CategoryView, PeriodView
from sipetruk.rules import eligibility
from sipetruk.rules.permissions import Action, require
from sipetruk.services import interviews
from sipetruk.services import periods as services

GET_POST = ("GET", "POST")
TOLD = "Anggota tim penilai diberi tahu."


class CategoryPages(TrialPages):
    """The pages of a category; part of the pages of its period."""

    needs = Action.PERIOD_READ

    def address(self, period_id: int, anchor: str = "") -> str:
        """The page of a period, at one of its parts."""
        return str(self.get_url(".show_period", period_id=period_id, _anchor=anchor or None))

    @expose("/<int:period_id>/kategori/baru/", GET_POST)
    def add_category(self, period_id: int) -> Answer:
        require(self.actor, Action.PERIOD_EDIT)
        period = periods.period(self.actor, period_id)
        form = NewCategoryForm(request.form or None, data={"winners": 3}).offer(self._versions())
        answer = self.submit(
            form,
            lambda: services.add_category(
                self.actor,
                period_id=period_id,
                name=form.name.data,
                slug=form.slug.data,
                instrument_version_id=form.version.data,
                winners=form.winners.data,
                quota_per_unit=form.quota.data,
                winners_per_unit=form.winners_per_unit.data,
                idempotency_key=form.once,
            ),
            to=lambda category_id: str(self.get_url(".show_category", category_id=category_id)),
            done="Kategori ditambahkan. Tentukan syarat dan tim penilainya.",
            paths=CATEGORY_PATHS,
        )
        return answer or self._part(period, form, "Tambah kategori", self.address(period_id, "kategori"), "Tambah kategori")

    @expose("/kategori/<int:category_id>/")
    def show_category(self, category_id: int) -> Answer:
        period, category = periods.category(self.actor, category_id)
        rules = [_in_words(at, document) for at, document in enumerate(category.eligibility)]
        catalogue = [(kind.fact, kind.label) for kind in eligibility.RULES.values()]
        return self.render("panel/period/category.html", period=period, category=category, rules=rules, catalogue=catalogue)

    @expose("/kategori/<int:category_id>/ubah/", GET_POST)
    def edit_category(self, category_id: int) -> Answer:
        require(self.actor, Action.PERIOD_EDIT)
        period, category = periods.category(self.actor, category_id)
        form = self._category_form(category, request.form or None)
        answer = self.submit(
            form,
            lambda: self._save(
                category,
                form.expected,
                category.eligibility,
                name=form.name.data,
                instrument_version_id=form.version.data,
                winners=form.winners.data,
                quota_per_unit=form.quota.data,
                winners_per_unit=form.winners_per_unit.data,
            ),
            to=self._category_address(category_id),
            done="Kategori disimpan.",
            stored=lambda: self._category_form(periods.category(self.actor, category_id)[1], None),
            paths=CATEGORY_PATHS,
        )
        return answer or self._part(period, form, f"Ubah {category.name}", self._category_address(category_id))

    @expose("/kategori/<int:category_id>/hapus/", ("POST",))
    def remove_category(self, category_id: int) -> Answer:
        require(self.actor, Action.PERIOD_EDIT)
        period, category = periods.category(self.actor, category_id)
        if not self.confirmed():
            back, details = self._category_address(category_id), (TOLD,) if category.panel else ()
            return self.ask(f"Hapus kategori “{category.name}”?", button="Hapus kategori", back=back, details=details)
        expected = request.form.get("row_version", 0, type=int)
        return self.act(
            lambda: services.remove_category(self.actor, category_id=category_id, expected_version=expected),
            to=self.address(period.id, "kategori"),
            done="Kategori dihapus.",
        )

    @expose("/kategori/<int:category_id>/tim/", GET_POST)
    def edit_team(self, category_id: int) -> Answer:
        require(self.actor, Action.PERIOD_EDIT)
        period, category = periods.category(self.actor, category_id)
        form = self._team_form(category, request.form or None)
        answer = self.submit(
            form,
            lambda: services.set_panel(
                self.actor, category_id=category_id, user_ids=form.members.data or [], expected_version=form.expected
            ),
            to=self._category_address(category_id),
            done="Tim penilai disimpan.",
            stored=lambda: self._team_form(periods.category(self.actor, category_id)[1], None),
            paths=CATEGORY_PATHS,
        )
        return answer or self._part(period, form, f"Tim penilai {category.name}", self._category_address(category_id))

    @expose("/kategori/<int:category_id>/wawancara/", GET_POST)
    def edit_interview(self, category_id: int) -> Answer:
        require(self.actor, Action.PERIOD_EDIT)
        period, category = periods.category(self.actor, category_id)
        form = self._interview_form(period, category, request.form or None)
        answer = self.submit(
            form,
            lambda: interviews.set_stage(
                self.actor,
                category_id=category_id,
                first_stage_id=form.first_stage.data,
                finalists=form.finalists.data,
                expected_version=form.expected,
            ),
            to=self._category_address(category_id),
            done="Tahap wawancara disimpan.",
            stored=lambda: self._interview_form(*periods.category(self.actor, category_id), None),
            paths=CATEGORY_PATHS,
        )
        return answer or self._part(period, form, f"Tahap wawancara: {category.name}", self._category_address(category_id))

    @expose("/kategori/<int:category_id>/syarat/baru/", GET_POST)
    def add_rule(self, category_id: int) -> Answer:
        fact = request.args.get("fakta", "")
        if fact not in eligibility.RULES:
            raise NotFound("Syarat ini tidak ada dalam daftar.")
        return self._rule_page(category_id, None, fact)

    @expose("/kategori/<int:category_id>/syarat/<int:at>/", GET_POST)
    def edit_rule(self, category_id: int, at: int) -> Answer:
        return self._rule_page(category_id, at, "")

    @expose("/kategori/<int:category_id>/syarat/<int:at>/hapus/", ("POST",))
    def remove_rule(self, category_id: int, at: int) -> Answer:
        require(self.actor, Action.PERIOD_EDIT)
        _, category = periods.category(self.actor, category_id)
        words, _, _ = _in_words(at, _rule(category, at))
        if not self.confirmed():
            return self.ask(f"Hapus syarat “{words}”?", button="Hapus syarat", back=self._category_address(category_id))
        kept = [document for place, document in enumerate(category.eligibility) if place != at]
        expected = request.form.get("row_version", 0, type=int)
        return self.act(lambda: self._save(category, expected, kept), to=self._category_address(category_id), done="Syarat dihapus.")

    def _rule_page(self, category_id: int, at: int | None, fact: str) -> Answer:
        """The editor of one rule, at its place in the list or new at the end."""
        require(self.actor, Action.PERIOD_EDIT)
        period, category = periods.category(self.actor, category_id)
        rule = None if at is None else _rule(category, at)
        fact = fact or str(rule and rule.get("fact"))
        if fact not in eligibility.RULES:
            raise NotFound("Fakta syarat ini tidak dikenal; hapus syaratnya dan buat yang baru.")
        form = rule_form(fact, rule, category.row_version, request.form or None)

        def edited() -> list[dict[str, Any]]:
            rules = list(category.eligibility)
            document = eligibility.parse_rule(form.document(fact)).to_dict()
            if at is None:
                return [*rules, document]
            rules[at] = document
            return rules

        def save() -> object:
            return self._save(category, form.expected, edited())

        if TRY in request.form and form.validate():
            try:
                return self.trial_page(category_id, Unsaved(edited(), fact, at, typed()))
            except Invalid as refusal:
                self.put(refusal, form)
        answer = (
            None
            if TRY in request.form or self.reconsidered()
            else self.submit(
                form,
                save,
                to=self._category_address(category_id),
                done="Syarat disimpan.",
                stored=lambda: rule_form(fact, rule, periods.category(self.actor, category_id)[1].row_version, None),
            )
        )
        title, back = f"Syarat: {eligibility.RULES[fact].label}", self._category_address(category_id)
        return answer or self.show(
            "panel/period/rule.html", form, period=period, category=category, title=title, back=back, may_try=self.can(Action.EMPLOYEE_READ)
        )

    def _save(self, category: CategoryView, expected: int, rules: Sequence[Any], **changes: Any) -> int:
        """Save a category with some values changed; the others stay as they were read."""
        values: dict[str, Any] = {
            "name": category.name,
            "instrument_version_id": category.instrument_version_id,
            "winners": category.winners,
            "quota_per_unit": category.quota_per_unit,
            "winners_per_unit": category.winners_per_unit,
        }
        return services.update_category(
            self.actor, category_id=category.id, eligibility_rules=rules, expected_version=expected, **(values | changes)
        )

    def _category_form(self, category: CategoryView, sent: Any) -> CategoryForm:
        values = {
            "row_version": category.row_version,
            "name": category.name,
            "version": category.instrument_version_id,
            "winners": category.winners,
            "quota": category.quota_per_unit,
            "winners_per_unit": category.winners_per_unit,
        }
        form: CategoryForm = CategoryForm(sent, data=values).offer(self._versions())
        del form.slug
        return form

    def _interview_form(self, period: PeriodView, category: CategoryView, sent: Any) -> InterviewForm:
        others = [(other.id, other.name) for other in period.categories if other.id != category.id]
        values = {"row_version": category.row_version, "first_stage": category.first_stage_id, "finalists": category.finalists}
        return InterviewForm(sent, data=values).offer(others)

    def _team_form(self, category: CategoryView, sent: Any) -> TeamForm:
        able = [(row.id, row.name) for row in users.assessors(self.actor)]
        members = [user_id for user_id, _ in category.panel]
        return TeamForm(sent, data={"row_version": category.row_version, "members": members}).offer(able)

    def _versions(self) -> list[tuple[int, str]]:
        rows = [row for row in instruments.list_versions(self.actor) if row.state != "retired"]
        return [(row.id, f"{row.name} versi {row.number} ({row.state_label.lower()})") for row in rows]

    def _category_address(self, category_id: int) -> str:
        return str(self.get_url(".show_category", category_id=category_id))

    def _part(self, period: PeriodView, form: Any, title: str, back: str, save: str = "Simpan") -> Answer:
        return self.show("panel/period/part.html", form, period=period, title=title, back=back, save=save)


def _in_words(at: int, document: dict[str, Any]) -> tuple[str, str, eligibility.Rule | None]:
    """A stored rule in one line, what is wrong with it, and the rule itself where it can be read."""
    try:
        rule = eligibility.parse_rule(document)
    except Invalid as refusal:
        unknown = next(iter(eligibility.unknown_facts([document])), None)
        wrong = eligibility.UNKNOWN_FACT % {"number": at + 1, "fact": unknown[1]} if unknown else refusal.message
        return f"Syarat nomor {at + 1}", wrong, None
    return rule.describe(), "", rule


def _rule(category: CategoryView, at: int) -> dict[str, Any]:
    if not 0 <= at < len(category.eligibility):
        raise NotFound("Syarat ini tidak ada.")
    return category.eligibility[at]
