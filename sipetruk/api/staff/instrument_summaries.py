"""A version in one row, and what is remarked about it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import strawberry

from sipetruk.api.enums import VersionState, described
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff.common import gid
from sipetruk.models.instruments import VERSION_STATES
from sipetruk.queries import instruments as queries
from sipetruk.rules import instrument as rules


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


described(
    Severity,
    "Bobot sebuah catatan.",
    {"error": "Menghalangi penguncian.", "warning": "Saran; tidak menghalangi penguncian."},
    name="FindingSeverity",
)


@strawberry.type(description="Jumlah satu tingkat dalam instrumen.")
class LevelSum:
    path: list[str] = strawberry.field(description="Letaknya menurut kode.", directives=[ListSize(assumed_size=3)])
    label: str = strawberry.field(description="Nama tingkat.")
    found: str = strawberry.field(description="Jumlah yang ada, dengan satuannya.")
    expected: str = strawberry.field(description="Jumlah yang seharusnya, dengan satuannya.")
    is_whole: bool = strawberry.field(description="Jumlahnya tepat.")

    @classmethod
    def of(cls, level: rules.LevelSum) -> LevelSum:
        return cls(path=list(level.path), label=level.label, found=level.found_text, expected=level.expected_text, is_whole=level.is_whole)


@strawberry.type(description="Catatan tentang instrumen.")
class Finding:
    severity: Severity = strawberry.field(description="Bobot catatan.")
    path: list[str] = strawberry.field(description="Letaknya menurut kode.", directives=[ListSize(assumed_size=4)])
    message: str = strawberry.field(description="Catatan dalam kata-kata.")

    @classmethod
    def of(cls, finding: rules.Finding) -> Finding:
        return cls(severity=Severity(finding.severity), path=list(finding.path), message=finding.message)


@strawberry.type(description="Instrumen: keluarga versi yang bernomor.")
class InstrumentFamily:
    id: strawberry.ID = strawberry.field(description="Pengenal instrumen, untuk memulai draf baru.")
    code: str = strawberry.field(description="Kode instrumen.")
    name: str = strawberry.field(description="Nama instrumen.")


@strawberry.type(description="Satu baris daftar versi instrumen.")
class InstrumentVersionSummary:
    id: strawberry.ID = strawberry.field(description="Pengenal versi.")
    instrument: InstrumentFamily = strawberry.field(description="Instrumen, yaitu keluarga versi ini.")
    number: int = strawberry.field(description="Nomor versi.")
    state: VersionState = strawberry.field(description="Keadaan versi.")
    state_label: str = strawberry.field(description="Nama keadaan.")
    sha256: str | None = strawberry.field(description="Sidik SHA-256; null bagi draf.")
    created_at: datetime = strawberry.field(description="Saat dibuat.")
    locked_at: datetime | None = strawberry.field(description="Saat dikunci; null bagi draf.")
    version: int = strawberry.field(description="Versi data; dikirim kembali sebagai `expectedVersion`.")

    @classmethod
    def of(cls, row: queries.VersionRow) -> InstrumentVersionSummary:
        return cls(
            id=gid("InstrumentVersion", row.id),
            instrument=InstrumentFamily(id=gid("Instrument", row.instrument_id), code=row.code, name=row.name),
            number=row.number,
            state=VersionState(row.state),
            state_label=VERSION_STATES[row.state],
            sha256=row.sha256,
            created_at=row.created_at,
            locked_at=row.locked_at,
            version=row.row_version,
        )
