"""The permission table as everybody in the panel may read it."""

from __future__ import annotations

from sipetruk.panel.kit import Answer, Page, expose
from sipetruk.rules.permissions import ACTION_LABELS, ROLE_LABELS, TABLE, Action, Role


class AccessPage(Page):
    needs = Action.PERMISSION_READ
    intro = "Siapa boleh melakukan apa. Tabel ini adalah aturan yang benar-benar diterapkan, bukan salinannya."

    @expose("/")
    def index(self) -> Answer:
        rows = [(action, ACTION_LABELS[action], [TABLE[action, role] for role in Role]) for action in Action]
        return self.render("panel/access.html", rows=rows, roles=[ROLE_LABELS[role] for role in Role])
