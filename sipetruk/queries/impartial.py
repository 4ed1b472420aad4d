"""Nobody who assesses sees what others gave before the stage has closed, whatever other role the same person holds."""

from __future__ import annotations

from sipetruk.errors import Forbidden
from sipetruk.models import Category, Nomination, PanelMember, Period, Sheet
from sipetruk.rules.permissions import Actor, Role
from sipetruk.rules.workflow import PeriodState


def require_not_assessing(actor: Actor, category_id: int) -> None:
    """Refuse an assessor of the category while it is being assessed, or while a sheet of the own there is open again.

    Asks the database only about people who are assessors as well.
    """
    if Role.ASSESSOR not in actor.roles:
        return
    own = Sheet.select().join(Nomination).where(Nomination.category == category_id, Sheet.assessor == actor.user_id)
    sits = PanelMember.select().where(PanelMember.category == category_id, PanelMember.user == actor.user_id)
    is_running = Category.select().join(Period).where(Category.id == category_id, Period.state == PeriodState.ASSESSMENT).exists()
    if (is_running and (own.exists() or sits.exists())) or own.where(Sheet.state == "open").exists():
        raise Forbidden("Anda menilai pada kategori ini; nilai penilai lain terbuka setelah tahap penilaian selesai.")
