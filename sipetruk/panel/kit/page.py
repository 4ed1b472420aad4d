"""A page with its own template: one query fills it, one service changes it, refusals come back to the form."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import wtforms
from flask import flash, redirect, request
from wtforms.validators import Length

from sipetruk.errors import Conflict, Forbidden, NotFound, Refusal, Unauthenticated
from sipetruk.panel.kit import conflict
from sipetruk.panel.kit.access import Answer, Guarded
from sipetruk.panel.kit.fields import PanelForm, WholeNumber
from sipetruk.services.constraints import constraints_refuse
from sipetruk.services.transaction import STALE

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


class CreateForm(PanelForm):
    """A form that makes something new. A second press, a resend or a reload makes nothing more."""

    key = wtforms.HiddenField("Kunci", [Length(max=100)], default=lambda: secrets.token_hex(16))

    @property
    def once(self) -> str | None:
        """The idempotency key for the service: of this page and of what was typed, so that other content is another thing."""
        if not self.key.data:
            return None
        said = [pair for field in self if field.name != "key" for pair in conflict.pairs_of(field)]
        return hashlib.sha256(json.dumps([self.key.data, said]).encode()).hexdigest()


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

        `to` is the next address, or makes it from what `act` gave back. A stale `row_version` leads to the
        page with both texts, which offers to choose between them field by field, unless `may_save` says that the thing has
        been closed meanwhile; `stored` makes the same form from what is stored now, without it the stored texts are those
        with which the form was made. `paths` renames places of a refusal to fields
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
            if isinstance(refusal, Conflict):
                answer = self.conflict(form, stored() if stored else None, may_save=may_save)
                if answer is not None:
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
        self,
        question: str,
        *,
        button: str,
        back: str = "",
        details: tuple[str, ...] = (),
        grave: bool = True,
        keep: bool = False,
        also: Mapping[str, str] | None = None,
    ) -> Answer:
        """The page that asks before something happens; it sends the same request again, now confirmed.

        With `keep`, going back sends what was typed as well, and the view shows its form again (`reconsidered`). `also` is sent
        along, so that a view with two questions knows which of them was answered.
        """
        more = dict(also or {})
        sent = [(key, value) for key, value in request.form.items(multi=True) if key not in {CONFIRMED, "csrf_token", *more}]
        sent += more.items()
        words = {"question": question, "button": button, "details": details}
        return self.render("panel/confirm.html", **words, back=back, grave=grave, keep=keep, sent=sent)

    def conflict(self, form: PanelForm, stored: PanelForm | None, *, may_save: bool = True) -> Answer | None:
        """Both texts, when somebody else saved a newer version; None when the version is still the one that was read.

        Without `stored`, the plain fields of the form are compared with what they held when the request began.
        """
        if conflict.VERSION not in form:
            return None
        typed = form[conflict.VERSION].data
        if stored is None:
            version = form[conflict.VERSION].object_data
            clashes = conflict.clashes_with_read(form)
        else:
            version = stored[conflict.VERSION].data if conflict.VERSION in stored else typed
            clashes = conflict.clashes(form, stored)
        if version is None or typed == version:
            return None
        unsent = {conflict.VERSION, "csrf_token", CONFIRMED}
        sent = [(key, value) for key, value in request.form.items(multi=True) if key not in unsent]
        sent.append((conflict.VERSION, str(version)))
        back = request.full_path.rstrip("?")
        must_look = stored is None and not clashes  # nothing was typed: what one agrees to is read anew
        shown = {"clashes": clashes, "sent": sent, "may_save": may_save, "must_look": must_look, "back": back}
        page = self.render("panel/conflict.html", refusal=STALE, **shown)
        return page, int(HTTPStatus.CONFLICT)

    def put(self, refusal: Refusal, form: PanelForm, paths: Mapping[str, str] | None = None) -> None:
        """Put each problem beside its field; what belongs to no field of this form goes on top of the page."""
        names = paths or {}
        for problem in refusal.problems:
            path = tuple(names.get(name, name) for name in problem.path)
            if not form.refuse(path, problem.message):
                flash(problem.message, "error")
