"""Changing a setting of the panel: checked against its declaration, with its trace."""

from __future__ import annotations

from sipetruk.errors import Conflict, NotFound
from sipetruk.models import Setting
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.settings import DECLARED, clean
from sipetruk.services import audit, clock
from sipetruk.services.transaction import STALE, held, transaction


def change(actor: Actor, *, key: str, value: str, expected_version: int) -> None:
    """Give a setting another value; an empty one is the default. Version 0 is that of one that nobody has changed."""
    require(actor, Action.SETTING_EDIT)
    if key not in DECLARED:
        raise NotFound("%(what)s tidak ditemukan.", what="Pengaturan")
    kept = clean(DECLARED[key], value)
    with transaction():
        new = {"key": key, "value": DECLARED[key].default, "updated_at": clock.now(), "updated_by": actor.user_id, "row_version": 0}
        Setting.insert(**new).on_conflict_ignore().execute()
        row = held(Setting.select().where(Setting.key == key)).get()
        if row.row_version != expected_version:
            raise Conflict(STALE, "expectedVersion")
        before = row.value
        row.value, row.updated_at, row.updated_by = kept, clock.now(), actor.user_id
        row.row_version += 1
        row.save()
        audit.record(actor, Action.SETTING_EDIT, "setting", key, before={"value": before}, after={"value": kept})
