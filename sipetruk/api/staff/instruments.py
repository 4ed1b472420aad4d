"""One instrument version as staff see it, drafts included."""

from __future__ import annotations

import strawberry

from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.cost import Cost
from sipetruk.api.form_types import NominationForm
from sipetruk.api.listsize import ListSize
from sipetruk.api.nodes import Node
from sipetruk.api.scalars import Document
from sipetruk.api.staff.acts import actor_of
from sipetruk.api.staff.audit import AUDIT
from sipetruk.api.staff.common import gid
from sipetruk.api.staff.instrument_comparisons import InstrumentHistoryEntry
from sipetruk.api.staff.instrument_summaries import Finding, InstrumentVersionSummary, LevelSum
from sipetruk.api.staff.tryouts import InstrumentTryout
from sipetruk.api.tree_types import Component, ScoringPolicy, components_of
from sipetruk.queries import instrument_history
from sipetruk.queries import instruments as queries
from sipetruk.queries.paging import PageRequest
from sipetruk.rules.examples import to_document
from sipetruk.rules.tryout import try_out


@strawberry.type(description="Versi instrumen dengan seluruh isinya.")
class InstrumentVersion(Node):
    summary: InstrumentVersionSummary = strawberry.field(description="Nomor, keadaan, dan versi data.")
    title: str = strawberry.field(description="Judul instrumen.")
    description: str = strawberry.field(description="Uraian; kosong bila tidak ada.")
    source: str = strawberry.field(description="Dasar hukum atau sumber; kosong bila tidak disebut.")
    policy: ScoringPolicy = strawberry.field(description="Aturan menghitung nilai.")
    components: list[Component] = strawberry.field(description="Komponen menurut urutannya.", directives=[ListSize(assumed_size=4)])
    form: NominationForm = strawberry.field(description="Formulir usulan yang ditetapkan versi ini.")
    document: Document = strawberry.field(description="Seluruh isi sebagai satu dokumen, untuk disunting dan dikirim kembali.")
    sums: list[LevelSum] = strawberry.field(description="Jumlah setiap tingkat.", directives=[ListSize(assumed_size=5)])
    findings: list[Finding] = strawberry.field(description="Catatan.", directives=[ListSize(assumed_size=10)])
    used_by: list[str] = strawberry.field(description="Nama periode yang memakainya.", directives=[ListSize(assumed_size=5)])
    examples: Document = strawberry.field(description="Calon contoh, untuk disunting dan dikirim kembali; paling banyak 50.")
    view: strawberry.Private[queries.VersionView]

    @strawberry.field(
        description="Calon contoh yang tersimpan, dihitung langkah demi langkah; null bila tidak dapat dihitung.",
        directives=[Cost(weight=500)],
    )
    def tryout(self) -> InstrumentTryout | None:
        return InstrumentTryout.of(try_out(self.view.definition, self.view.examples))

    @AUDIT.connection(
        description="Riwayat versi ini, yang terbaru lebih dahulu; hanya bagi pembaca jejak audit.", directives=[Cost(weight=300)]
    )
    def history(self, info: Info, page: PageRequest) -> Connection[InstrumentHistoryEntry] | None:
        return Connection.of(instrument_history.history(actor_of(info), self.view.row.id, page), InstrumentHistoryEntry.of)

    @classmethod
    def of(cls, view: queries.VersionView) -> InstrumentVersion:
        tree = view.definition
        return cls(
            id=gid("InstrumentVersion", view.row.id),
            summary=InstrumentVersionSummary.of(view.row),
            title=tree.title,
            description=tree.description,
            source=tree.source,
            policy=ScoringPolicy.of(tree),
            components=components_of(tree),
            form=NominationForm.of(tree),
            document=Document(tree.to_dict()),
            sums=[LevelSum.of(each) for each in view.sums],
            findings=[Finding.of(each) for each in view.findings],
            used_by=list(view.used_by),
            examples=Document(to_document(view.examples)),
            view=view,
        )
