"""A page with its own template: one query fills it, one service changes it, refusals come back to the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import wtforms
from flask import flash, redirect, request

from sipetruk.errors import Conflict, Forbidden, NotFound, Refusal, Unauthenticated
from sipetruk.panel.kit.access import Answer, Guarded
from sipetruk.panel.kit.faults import constraints_refuse
from sipetruk.panel.kit.fields import PanelForm, WholeNumber

SEE_OTHER = HTTPStatus.SEE_OTHER
CONFIRMED = "confirmed"


class Version(WholeNumber):
    """The version that was on the screen; one that is missing in what was sent is not taken from the stored thing."""

    widget = wtforms.widgets.HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        super().process_formdata(valuelist)


class VersionedForm(PanelForm):
    """A form that remembers in which version the thing was read; a service compares it inside its transaction."""

    row_version = Version()

    @property
    def expected(self) -> int:
        """The version that was on the screen; none at all counts as one that never existed."""
        version = self.row_version.data
        return version if isinstance(version, int) else 0


@dataclass(frozen=True)
class Clash:
    """One field whose text here differs from the text stored meanwhile."""

    label: str
    yours: str
    stored: str


class Page(Guarded):
    """Base of pages that are no plain list."""

    def submit(
        self,
        form: PanelForm,
        act: Callable[[], object],
        *,
        to: str | Callable[[Any], str],
        done: str,
        stored: Callable[[], PanelForm] | None = None,
        paths: Mapping[str, str] | None = None,
        may_save: bool = True,
    ) -> Answer | None:
        """Validate and act: the answer of a POST that is finished, or None when the page is to be (re)shown.

        `to` is the next address, or makes it from what `act` gave back. `stored` makes the same form from what is
        stored now; with it, a stale `row_version` leads to the page with both texts, which offers to save the own text
        unless `may_save` says that the thing has been closed meanwhile. `paths` renames places of a refusal to fields
        of this form. A refused form keeps what was typed; render it with `self.show(form, ...)`.
        """
        if request.method != "POST" or not form.validate():
            return None
        try:
            with constraints_refuse():
                outcome = act()
        except (NotFound, Forbidden, Unauthenticated):
            raise
        except Refusal as refusal:
            if isinstance(refusal, Conflict) and stored is not None and (answer := self.conflict(form, stored(), may_save=may_save)):
                return answer
            self.put(refusal, form, paths)
            return None
        flash(done, "success")
        return redirect(to(outcome) if callable(to) else to, SEE_OTHER)

    def show(self, template: str, form: PanelForm | None = None, **values: Any) -> Answer:
        """Render a page with a form: 422 when the form was refused."""
        refused = request.method == "POST" and form is not None and not self.reconsidered()
        status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
        return self.render(template, form=form, **values), int(status)

    def act(self, act: Callable[[], object], *, to: str, done: str) -> Answer:
        """Do what a button without fields asks for, and say on the next page how it went."""
        try:
            with constraints_refuse():
                act()
        except (NotFound, Forbidden, Unauthenticated):
            raise
        except Refusal as refusal:
            self.warn(refusal)
        else:
            flash(done, "success")
        return redirect(to, SEE_OTHER)

    def confirmed(self) -> bool:
        """Whether the person has answered the question that `ask` puts."""
        return request.method == "POST" and request.form.get(CONFIRMED) == "1"

    def reconsidered(self) -> bool:
        """Whether the person went back from the question that `ask` puts, to change what was typed."""
        return request.method == "POST" and request.form.get(CONFIRMED) == "0"

    def ask(
        self, question: str, *, button: str, back: str = "", details: tuple[str, ...] = (), grave: bool = True, keep: bool = False
    ) -> Answer:
        """The page that asks before something happens; it sends the same request again, now confirmed.

        With `keep`, going back sends what was typed as well, and the view shows its form again (`reconsidered`).
        """
        sent = [(key, value) for key, value in request.form.items(multi=True) if key not in {CONFIRMED, "csrf_token"}]
        words = {"question": question, "button": button, "details": details}
        return self.render("panel/confirm.html", **words, back=back, grave=grave, keep=keep, sent=sent)

    def conflict(self, form: PanelForm, stored: PanelForm, *, may_save: bool = True) -> Answer | None:
        """Both texts, when somebody else saved a newer version; None when the version is still the one that was read."""
        if "row_version" not in form or "row_version" not in stored or form.row_version.data == stored.row_version.data:
            return None
        clashes = [
            Clash(field.label.text, text_of(field), text_of(stored[field.name]))
            for field in form
            if field.name != "row_version" and field.name in stored and text_of(field) != text_of(stored[field.name])
        ]
        sent = [(key, value) for key, value in request.form.items(multi=True) if key not in {"row_version", "csrf_token", CONFIRMED}]
        sent.append(("row_version", str(stored.row_version.data)))
        page = self.render("panel/conflict.html", clashes=clashes, sent=sent, may_save=may_save, back=request.full_path.rstrip("?"))
        return page, int(HTTPStatus.CONFLICT)

    def put(self, refusal: Refusal, form: PanelForm, paths: Mapping[str, str] | None = None) -> None:
        """Put each problem beside its field; what belongs to no field of this form goes on top of the page."""
        names = paths or {}
        for problem in refusal.problems:
            path = tuple(names.get(name, name) for name in problem.path)
            if not form.refuse(path, problem.message):
                flash(problem.message, "error")


def text_of(field: Any) -> str:
    """What a field says, as a person would read it; rows of fields one a line."""
    data = field.data
    if isinstance(field, wtforms.FieldList):
        return "\n".join(filter(None, map(text_of, field)))
    if isinstance(field, wtforms.FormField):
        return " | ".join(filter(None, map(text_of, field)))
    if isinstance(field, wtforms.BooleanField):
        return "ya" if data else "tidak"
    if isinstance(field, wtforms.SelectFieldBase):
        return ", ".join(str(choice.label) for choice in field.iter_choices() if choice.selected and choice.value != "")
    if hasattr(field, "_value"):
        return str(field._value()).replace("\r\n", "\n")  # noqa: SLF001  # the text in the input, in WTForms' own name
    return "" if data is None else str(data)
