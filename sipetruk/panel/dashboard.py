"""The first page of the panel: what waits for this person, and where the round stands."""

from __future__ import annotations

from flask_admin import AdminIndexView

from sipetruk.panel.kit import Answer, Page, expose
from sipetruk.rules.permissions import Action


class Dashboard(Page, AdminIndexView):  # type: ignore[misc]  # flask_admin is untyped
    needs = Action.PERMISSION_READ

    @expose("/")
    def index(self) -> Answer:
        return self.render("panel/dashboard.html")
