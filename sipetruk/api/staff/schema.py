"""The staff schema, built once."""

from __future__ import annotations

import strawberry

from sipetruk.api.engine import Engine
from sipetruk.api.inputs import make_quickly
from sipetruk.api.scalars import config
from sipetruk.api.staff.account_acts import AccountActs
from sipetruk.api.staff.administration import AdministrationActs
from sipetruk.api.staff.assessment_acts import AssessmentActs
from sipetruk.api.staff.checks import CheckActs
from sipetruk.api.staff.cockpit import CockpitActs
from sipetruk.api.staff.instrument_acts import InstrumentActs
from sipetruk.api.staff.instrument_edits import InstrumentEdits
from sipetruk.api.staff.instrument_file_acts import InstrumentFileActs
from sipetruk.api.staff.instruments import InstrumentVersion
from sipetruk.api.staff.nomination_acts import NominationActs
from sipetruk.api.staff.nominations import Nomination
from sipetruk.api.staff.notifications import NotificationActs
from sipetruk.api.staff.objection_acts import ObjectionActs
from sipetruk.api.staff.panel_acts import PanelActs
from sipetruk.api.staff.period_acts import PeriodActs
from sipetruk.api.staff.periods import Category, Period
from sipetruk.api.staff.proposal_acts import ProposalActs
from sipetruk.api.staff.query import Query
from sipetruk.api.staff.result_acts import ResultActs
from sipetruk.api.staff.trail import TrailActs
from sipetruk.api.staff.user_acts import UserActs


@strawberry.type(description="Yang dapat dilakukan orang yang masuk, sejauh perannya; satu mutasi untuk setiap tindakan.")
class Mutation(
    NominationActs,
    AssessmentActs,
    PanelActs,
    ObjectionActs,
    InstrumentActs,
    InstrumentEdits,
    InstrumentFileActs,
    PeriodActs,
    ResultActs,
    ProposalActs,
    NotificationActs,
    CockpitActs,
    AdministrationActs,
    UserActs,
    AccountActs,
    TrailActs,
    CheckActs,
):
    """All acts together."""


SCHEMA = strawberry.Schema(Query, Mutation, types=[Nomination, Period, Category, InstrumentVersion], config=config())
make_quickly(SCHEMA)
ENGINE = Engine(SCHEMA, hide_suggestions=True, compiles=True)
