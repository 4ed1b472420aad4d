"""What anybody may read: rounds and their schedule, instruments in use, open forms, and what has been published."""

from sipetruk.queries.public.begun import (
    FINISHED,
    OpenForm,
    PublicCategory,
    PublicPeriod,
    PublicStage,
    Requirement,
    Rounds,
    current_period,
    open_categories,
    open_forms,
    period,
    periods,
    rounds,
)
from sipetruk.queries.public.instruments import (
    PublicInstrument,
    instrument_version,
)
from sipetruk.queries.public.refs import (
    InstrumentRef,
    PeriodRef,
)
from sipetruk.queries.public.revision import (
    publication_revision,
)
from sipetruk.queries.public.standing import (
    ComponentScore,
    PublicPublication,
    PublicWinner,
    UnitCount,
    Withdrawal,
    latest_publication,
    previewed,
    publication_file,
    publication_of,
    publications,
    sealed,
    winner,
    winners,
    withdrawals,
)

__all__ = [
    "FINISHED",
    "ComponentScore",
    "InstrumentRef",
    "OpenForm",
    "PeriodRef",
    "PublicCategory",
    "PublicInstrument",
    "PublicPeriod",
    "PublicPublication",
    "PublicStage",
    "PublicWinner",
    "Requirement",
    "Rounds",
    "UnitCount",
    "Withdrawal",
    "current_period",
    "instrument_version",
    "latest_publication",
    "open_categories",
    "open_forms",
    "period",
    "periods",
    "previewed",
    "publication_file",
    "publication_of",
    "publication_revision",
    "publications",
    "rounds",
    "sealed",
    "winner",
    "winners",
    "withdrawals",
]
