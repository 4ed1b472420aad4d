"""The words of WTForms in our languages: Indonesian is ours, the others come with the library."""

from __future__ import annotations

from pathlib import Path

from flask_babel import Domain
from wtforms.i18n import messages_path

TRANSLATIONS = Path(__file__).parents[2] / "translations"

_domain = Domain([str(TRANSLATIONS), messages_path()], domain="wtforms")


class WTFormsWords:
    """What WTForms asks for its messages."""

    def gettext(self, string: str) -> str:
        return str(_domain.get_translations().ugettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(_domain.get_translations().ungettext(singular, plural, n))
