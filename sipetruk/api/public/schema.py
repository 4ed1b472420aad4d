"""The public schema, built once."""

from __future__ import annotations

import strawberry

from sipetruk.api.engine import Engine
from sipetruk.api.inputs import make_quickly
from sipetruk.api.public.announcements import Announcement
from sipetruk.api.public.query import Query
from sipetruk.api.public.types import Category, Instrument, Period, Publication, Winner
from sipetruk.api.scalars import config

SCHEMA = strawberry.Schema(Query, types=[Announcement, Category, Instrument, Period, Publication, Winner], config=config())
make_quickly(SCHEMA)
ENGINE = Engine(SCHEMA, hide_suggestions=False, compiles=True)
