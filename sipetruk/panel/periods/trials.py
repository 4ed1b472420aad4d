"""Trying the rules of a category: on one employee, and counted over all; saved rules, or those being edited."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from sipetruk.errors import Invalid
from sipetruk.panel.kit import Answer, Page, expose
from sipetruk.queries import eligibility as queries
from sipetruk.queries import periods
from sipetruk.rules import eligibility
from sipetruk.rules.nip import format_nip
from sipetruk.rules.permissions import Action, require
from sipetruk.services import clock

GET_POST = ("GET", "POST")
TRY = "coba"
"""The button of a rule's editor that tries what is typed there without saving it."""
VERDICTS = {
    eligibility.PASSED: ("Memenuhi semua syarat yang menghalangi", "good"),
    eligibility.FAILED: ("Tidak dapat diusulkan", "bad"),
    eligibility.UNKNOWN: ("Belum dapat dipastikan", "warn"),
}
STATUSES = {
    eligibility.PASSED: ("memenuhi", "good"),
    eligibility.FAILED: ("tidak memenuhi", "bad"),
    eligibility.UNKNOWN: ("belum diketahui", "plain"),
}


@dataclass(frozen=True)
class Unsaved:
    """Rules as they would be with the one being edited: its fact, its place (None for a new one), what was typed."""

    rules: Sequence[dict[str, Any]]
    fact: str
    at: int | None
    fields: Sequence[tuple[str, str]]

    def text(self) -> str:
        return json.dumps({"rules": list(self.rules), "fact": self.fact, "at": self.at, "fields": list(self.fields)}, ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> Unsaved:
        """What a form of the trial page carried; Invalid when it is not what this page wrote."""
        try:
            found = json.loads(text)
            rules, fact, at = found["rules"], str(found["fact"]), found["at"]
            fields = [(str(key), str(value)) for key, value in found["fields"]]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise Invalid("Syarat yang dicoba tidak terbaca. Buka kembali penyunting syarat.") from None
        return cls(rules, fact, at if isinstance(at, int) and at >= 0 else None, fields)


class TrialPages(Page):
    """“Coba syarat”; nothing on it saves anything."""

    needs = Action.PERIOD_READ

    @expose("/kategori/<int:category_id>/coba/", GET_POST)
    def try_rules(self, category_id: int) -> Answer:
        text = request.form.get("konsep", "")
        return self.trial_page(category_id, Unsaved.read(text) if text else None)

    def trial_page(self, category_id: int, unsaved: Unsaved | None) -> Answer:
        """The page; what is searched for comes by POST alone, since it may be a personal number."""
        require(self.actor, Action.EMPLOYEE_READ)
        period, category = periods.category(self.actor, category_id)
        rules = eligibility.parse_rules(unsaved.rules if unsaved else list(category.eligibility))
        today = clock.today()
        words = request.form.get("cari", "")[:100]
        chosen = request.values.get("pegawai", type=int)
        trial = queries.trial(self.actor, category_id, chosen, today=today, rules=rules) if chosen else None
        return self.render(
            "panel/period/trial.html",
            period=period,
            category=category,
            rules=rules,
            unsaved=unsaved,
            editor=self._editor(category_id, unsaved) if unsaved else "",
            words=words,
            found=queries.search(self.actor, words) if words and not chosen else None,
            trial=trial,
            count=queries.count(self.actor, category_id, today=today, rules=rules) if request.values.get("hitung") else None,
            today=today,
            verdicts=VERDICTS,
            statuses=STATUSES,
            format_nip=format_nip,
        )

    def _editor(self, category_id: int, unsaved: Unsaved) -> str:
        if unsaved.at is None:
            return str(self.get_url(".add_rule", category_id=category_id, fakta=unsaved.fact))
        return str(self.get_url(".edit_rule", category_id=category_id, at=unsaved.at))


def typed(unwanted: frozenset[str] = frozenset({"csrf_token", TRY})) -> list[tuple[str, str]]:
    """What was typed into the editor, to be carried along."""
    return [(key, value) for key, value in request.form.items(multi=True) if key not in unwanted]
