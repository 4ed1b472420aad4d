"""The guide of the panel: the pages in `admin/help`, each a piece of HTML with a heading."""

from __future__ import annotations

import re

from markupsafe import Markup

from sipetruk.errors import NotFound
from sipetruk.panel.kit import Answer, Page, expose
from sipetruk.rules.permissions import Action
from sipetruk.windows import window

HEADING = re.compile(r"<h1>(.*?)</h1>")
LINK = re.compile(r'<a href="(/admin/[^"]*)">(.*?)</a>')


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
        body = Markup(self._with_open_links(HEADING.sub("", text, count=1)))  # noqa: S704  # our own file, no word of a user is in it
        return self.render("panel/help/show.html", title=found[topic], body=body, guides=guides())

    def _with_open_links(self, text: str) -> str:
        """The text with its links to pages that open for this person; to others the name of the page stays."""
        views = self.admin._views  # noqa: SLF001  # Flask-Admin offers no other list of its pages
        opening = {f"{view.url.rstrip('/')}/" for view in views if view.is_accessible()}
        return LINK.sub(lambda found: found[0] if found[1] in opening else f"<b>{found[2]}</b>", text)


def guides() -> list[tuple[str, str]]:
    """Name and heading of every guide, in the order of their file names."""
    found = []
    for path in sorted((window("admin") / "help").glob("*.html")):
        heading = HEADING.search(path.read_text(encoding="utf-8"))
        found.append((path.stem, heading.group(1) if heading else path.stem))
    return found
