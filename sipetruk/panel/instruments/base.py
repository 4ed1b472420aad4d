"""What the pages of an instrument share: the version at hand, and one way to change a part of its draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, request

from sipetruk.errors import IllegalMove, Invalid
from sipetruk.panel.instruments.autosave import conflict_message
from sipetruk.panel.kit import Answer, Page, PanelForm, VersionedForm, autosave
from sipetruk.queries import instruments as queries
from sipetruk.queries.instrument_changes import last_change
from sipetruk.rules import instrument as rules
from sipetruk.rules.permissions import Action, require
from sipetruk.services import instruments as services

Change = Callable[[rules.Definition], rules.Definition]
SAVED = "Perubahan disimpan."
TABS = (
    ("show_version", "Susun"),
    ("preview", "Pratinjau"),
    ("tryout", "Uji coba"),
    ("compare", "Bandingkan"),
    ("history", "Riwayat"),
    ("backtest", "Uji ulang"),
    ("weights", "Bobot AHP"),
    ("files", "Berkas"),
)
"""The faces of a version in the order of its tabs: the name of the view, and its label."""
NEEDED = {"history": (Action.AUDIT_READ,), "backtest": (Action.RANKING_READ, Action.INSTRUMENT_EDIT)}
"""What a face needs beyond reading the instrument."""


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    is_current: bool


class InstrumentBase(Page):
    """Base of every page of an instrument."""

    needs = Action.INSTRUMENT_READ

    def view(self, version_id: int) -> queries.VersionView:
        return queries.version(self.actor, version_id)

    def draft(self, version_id: int) -> queries.VersionView:
        """A version that may be edited by this person; a locked one says what to do instead."""
        require(self.actor, Action.INSTRUMENT_EDIT)
        view = self.view(version_id)
        if not view.row.is_draft:
            raise IllegalMove(services.LOCKED, number=view.row.number)
        return view

    def tabs(self, view: queries.VersionView) -> list[Tab]:
        """The faces of a version; every editor of a part belongs to the first."""
        names = [name for name, _ in TABS if f"{self.endpoint}.{name}" in current_app.view_functions and self._may_open(name)]
        asked = (request.endpoint or "").rpartition(".")[2]
        current = asked if asked in names else "show_version"
        labels = dict(TABS)
        return [Tab(labels[name], self.get_url(f".{name}", version_id=view.row.id), name == current) for name in names]

    def _may_open(self, face: str) -> bool:
        return all(self.can(action) for action in NEEDED.get(face, ()))

    def address(self, version_id: int, anchor: str = "") -> str:
        """The page of a version, at one of its parts."""
        return str(self.get_url(".show_version", version_id=version_id, _anchor=anchor or None))

    def change(
        self,
        version_id: int,
        form: VersionedForm,
        change: Change,
        *,
        to: str | Callable[[int], str],
        stored: Callable[[queries.VersionView], PanelForm] | None = None,
        done: str = SAVED,
        here: Callable[[], str] | None = None,
        keeps_rest: bool = False,
    ) -> Answer | None:
        """Apply what a form asks for to a draft; `stored` makes the same form from what is stored now.

        A form that a script saves while it is filled in is answered with data; `here` is then the address of the same
        form afterwards, where a new code changes it. With `keeps_rest`, `change` leaves out the fields that have errors.
        """

        def act() -> int:
            return services.edit(self.actor, version_id=version_id, change=change, expected_version=form.expected)

        if autosave.is_wanted():
            told = lambda refusal: conflict_message(refusal, last_change(self.actor, version_id))  # noqa: E731  # one line of words
            return autosave.answer(form, act, here=here, told=told, keeps_rest=keeps_rest)
        return self.submit(form, act, to=to, done=done, stored=(lambda: stored(self.view(version_id))) if stored else None)

    def press(self, version_id: int, change: Change, *, anchor: str, done: str = SAVED) -> Answer:
        """Apply what a button asks for; the button carries the version that was on the screen."""
        self.draft(version_id)
        expected = sent_version()
        return self.act(
            lambda: services.edit(self.actor, version_id=version_id, change=change, expected_version=expected),
            to=self.address(version_id, anchor),
            done=done,
        )

    def form_page(self, view: queries.VersionView, form: PanelForm, heading: str, anchor: str, *, save: str = "") -> Answer:
        """A plain form for one part of a version; one that makes something new names its button and is not saved by itself."""
        back = self.address(view.row.id, anchor)
        values = {"view": view, "title": heading, "back": back, "save": save or "Simpan", "saves_itself": not save}
        return self.show("panel/instrument/part.html", form, **values)


def sent_version() -> int:
    """The version that a button carried; a request without one counts as stale."""
    return request.form.get("row_version", 0, type=int)


def wanted_index(at: int) -> int:
    """Where a thing that stands at `at` is to go: one step up or down by a button, or to the place where it was dropped."""
    step, to = (request.form.get(name, type=int) for name in ("step", "to"))
    if step in {-1, 1}:
        return max(0, at + step)
    if to is not None and to >= 0:
        return to
    raise Invalid("Arah pemindahan tidak dikenal.")
