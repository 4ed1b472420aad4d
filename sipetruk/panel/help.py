"""The guide of the panel: the pages in `admin/help`, each a piece of HTML with a heading."""

from __future__ import annotations

import re

from markupsafe import Markup

from sipetruk.errors import NotFound
from sipetruk.panel.kit import Answer, Page, expose
from sipetruk.rules.permissions import Action
from sipetruk.windows import window

HEADING = re.compile(r"<h1>(.*?)</h1>")


class HelpPages(Page):
    needs = Action.PERMISSION_READ
    intro = "Panduan singkat bagi BKPSDM, verifikator, penilai, dan auditor."

    @expose("/")
    def index(self) -> Answer:
        return self.render("panel/help/list.html", guides=guides())

    @expose("/<topic>/")
    def guide(self, topic: str) -> Answer:
        found = dict(guides())
        if topic not in found:
            raise NotFound("Panduan ini tidak ada.")
        text = (window("admin") / "help" / f"{topic}.html").read_text(encoding="utf-8")
        body = Markup(HEADING.sub("", text, count=1))  # noqa: S704  # our own file, no word of a user is in it
        return self.render("panel/help/show.html", title=found[topic], body=body, guides=guides())


def guides() -> list[tuple[str, str]]:
    """Name and heading of every guide, in the order of their file names."""
    found = []
    for path in sorted((window("admin") / "help").glob("*.html")):
        heading = HEADING.search(path.read_text(encoding="utf-8"))
        found.append((path.stem, heading.group(1) if heading else path.stem))
    return found
