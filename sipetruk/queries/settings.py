"""Settings of the panel as they are now: what was changed, and for the rest the default of the declaration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sipetruk.errors import NotFound
from sipetruk.models import Setting
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.settings import DECLARED, Declared


@dataclass(frozen=True)
class SettingView:
    """A setting with its value; version 0 means that nobody has changed it."""

    declared: Declared
    value: str
    row_version: int
    updated_at: datetime | None

    @property
    def is_default(self) -> bool:
        return self.value == self.declared.default


def settings(actor: Actor) -> list[SettingView]:
    """All of them in the order of their declaration (1 statement)."""
    require(actor, Action.SETTING_READ)
    stored = {row.key: row for row in Setting.select()}
    return [_view(declared, stored.get(key)) for key, declared in DECLARED.items()]


def setting(actor: Actor, key: str) -> SettingView:
    """One setting; `NotFound` for a key that is not declared."""
    require(actor, Action.SETTING_READ)
    if key not in DECLARED:
        raise NotFound("%(what)s tidak ditemukan.", what="Pengaturan")
    return _view(DECLARED[key], Setting.get_or_none(Setting.key == key))


def text(key: str) -> str:
    """The value that holds now, for whoever works by it (1 statement)."""
    found = Setting.select(Setting.value).where(Setting.key == key).scalar()
    return DECLARED[key].default if found is None else str(found)


def number(key: str) -> int:
    return int(text(key))


def texts(*keys: str) -> dict[str, str]:
    """Several values (1 statement)."""
    found = dict(Setting.select(Setting.key, Setting.value).where(Setting.key.in_(keys)).tuples())
    return {key: found.get(key, DECLARED[key].default) for key in keys}


def _view(declared: Declared, row: Setting | None) -> SettingView:
    if row is None:
        return SettingView(declared, declared.default, 0, None)
    return SettingView(declared, row.value, row.row_version, row.updated_at)
