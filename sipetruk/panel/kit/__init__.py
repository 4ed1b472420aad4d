"""The kit from which every page of the panel is made.

Two kinds of page, both on Flask-Admin, both closed until `needs` says which action opens them:

`Page`   a page with its own template, fed by one query and changed by one service:

    class PeriodPage(Page):
        needs = Action.PERIOD_READ

        @expose("/<int:period_id>/pindah/", methods=("GET", "POST"))
        def move(self, period_id: int) -> Answer:
            period = queries.periods.period(self.actor, period_id)      # NotFound becomes the 404 page
            form = MoveForm(request.form, data={"row_version": period.row_version})
            answer = self.submit(form, lambda: services.periods.move(self.actor, ...), to=self.get_url(".show", ...),
                                 done="Periode dipindahkan.")
            return answer or self.render("panel/period/move.html", period=period, form=form)

    `submit` validates, acts, and redirects; on a refusal the same form comes back (422) with the words beside the field
    and everything that was typed. `act` is the same for a button without fields. `confirmed` asks first, with a page of
    its own when scripting is off. A stale `row_version` shows both texts (`stored=`).

`TableView`   a list over one Peewee model with search, filters, sorting, paging, export, and a plain form per row. It
    never writes: `create`, `change` and `remove` call a service.

Forms are WTForms classes on `PanelForm`; fields for our own formats are in `fields`. Templates extend
`panel/base.html` and use the macros in `panel/macros.html` (`field`, `fields`, `buttons`, `confirm_button`, `badge`,
`sum_bar`, `crumbs`); the functions `can(action, subject)`, `num`, `date`, `moment` are there without an import.
"""

from sipetruk.panel.kit.access import Answer, Guarded, current_actor, expose
from sipetruk.panel.kit.fields import (
    Choice,
    Choices,
    DecimalComma,
    JSONText,
    LineList,
    LocalDateTime,
    PanelForm,
    PlainText,
    Required,
    WholeNumber,
)
from sipetruk.panel.kit.page import CreateForm, Page, VersionedForm
from sipetruk.panel.kit.table import TableView

__all__ = [
    "Answer",
    "Choice",
    "Choices",
    "CreateForm",
    "DecimalComma",
    "Guarded",
    "JSONText",
    "LineList",
    "LocalDateTime",
    "Page",
    "PanelForm",
    "PlainText",
    "Required",
    "TableView",
    "VersionedForm",
    "WholeNumber",
    "current_actor",
    "expose",
]
