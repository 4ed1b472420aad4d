"""Who may open a page of the panel, and what a refusal looks like when no form can show it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import BaseView
from flask_admin import expose as _expose

from sipetruk.errors import Conflict, Forbidden, IllegalMove, NotFound, Problem, Refusal, Unauthenticated
from sipetruk.panel.kit import conflict, records, show
from sipetruk.queries.notifications import unread
from sipetruk.rules.permissions import ANYTHING, Action, Actor, Subject, can, may_somewhere

Answer = ResponseReturnValue
"""What a page gives back."""

WHO = "sipetruk.panel.who"
"""Key of the application's extensions under which `init_panel` keeps the function that names the actor."""
BELL = "notifications.index"
"""The page that the bell on every page leads to."""

View = TypeVar("View", bound=Callable[..., Answer])


def expose(url: str = "/", methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Flask-Admin's decorator of the same name, which does not lose the type of the view."""
    decorator: Callable[[View], View] = _expose(url, methods)
    return decorator


def current_actor() -> Actor | None:
    """Who is signed in, or None."""
    who: Callable[[], Actor | None] = current_app.extensions[WHO]
    return who()


class Guarded(BaseView):  # type: ignore[misc]  # flask_admin is untyped
    """What every page has in common: it opens only for those who hold `needs`, and refusals become answers."""

    needs: ClassVar[Action | tuple[Action, ...] | None] = None
    """The action that opens this page, or several of which one is enough; None opens it to nobody."""
    intro: ClassVar[str] = ""
    """One sentence under the title."""

    @property
    def actor(self) -> Actor:
        actor = current_actor()
        if actor is None:
            raise Unauthenticated("Silakan masuk terlebih dahulu.")
        return actor

    def can(self, action: Action, subject: Subject = ANYTHING) -> bool:
        return can(current_actor(), action, subject)

    def is_accessible(self) -> bool:
        """Whether the page opens; Flask-Admin also asks this for the menu."""
        needs = self.needs if isinstance(self.needs, tuple) else (self.needs,)
        actor = current_actor()
        return any(need is not None and may_somewhere(actor, need) for need in needs)

    def inaccessible_callback(self, name: str, **kwargs: object) -> Answer:  # noqa: ARG002  # Flask-Admin's signature
        if current_actor() is None:
            return self._sign_in()
        return self.refused(Forbidden("Halaman ini tidak termasuk hak akses Anda."))

    def _run_view(self, fn: Callable[..., Answer], *args: object, **kwargs: object) -> Answer:
        """Run the page once; Flask-Admin's own runs it a second time after a TypeError."""
        if request.method == "POST" and conflict.is_settling(request.form):
            request.form = conflict.settled(request.form)
        try:
            return fn(self, *args, **kwargs)
        except Unauthenticated:
            return self._sign_in()
        except Refusal as refusal:
            return self.refused(refusal)

    def refused(self, refusal: Refusal) -> Answer:
        """A page that says no, in the words of the refusal; not yours and not there are one refusal already."""
        status = _status(refusal)
        messages = [problem.message for problem in refusal.problems]
        return self.render("panel/refused.html", status=int(status), messages=messages), int(status)

    def render(self, template: str, **values: Any) -> str:
        """Render with what every template of the panel may use."""
        values.setdefault("actor", current_actor())
        values.setdefault("can", self.can)
        if BELL in current_app.view_functions:
            values.update(bell_url=url_for(BELL), unread=unread(values["actor"]))
        if may_somewhere(values["actor"], Action.AUDIT_READ):
            values.setdefault("record_tabs", records.tabs(self))
        values.update(show.HELPERS)
        return str(super().render(template, **values))

    def warn(self, refusal: Refusal) -> None:
        """Put the words of a refusal on top of the next page."""
        for problem in refusal.problems:
            flash(problem.message, "error")

    def _sign_in(self) -> Answer:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("login.sign_in", next=wanted))


def not_found() -> NotFound:
    """The one refusal for what is not there and what is not yours."""
    return NotFound(Problem("Data tidak ditemukan.", code=NotFound.code))


def _status(refusal: Refusal) -> HTTPStatus:
    match refusal:
        case NotFound():
            return HTTPStatus.NOT_FOUND
        case Forbidden():
            return HTTPStatus.FORBIDDEN
        case Conflict() | IllegalMove():
            return HTTPStatus.CONFLICT
        case _:
            return HTTPStatus.UNPROCESSABLE_ENTITY
