"""Whom to ask, in the public schema: the settings that the agency makes known."""

from __future__ import annotations

import strawberry

from sipetruk.queries import settings
from sipetruk.rules.settings import whatsapp_link


@strawberry.type(description="Instansi penyelenggara dan cara menghubunginya; yang kosong belum diisi.")
class Contact:
    name: str = strawberry.field(description="Nama instansi.")
    address: str = strawberry.field(description="Alamat.")
    hours: str = strawberry.field(description="Jam layanan.")
    phone: str = strawberry.field(description="Telepon.")
    email: str = strawberry.field(description="Surel.")
    whatsapp_url: str = strawberry.field(description="Tautan WhatsApp.")


@strawberry.type
class ContactQueries:
    @strawberry.field(description="Instansi penyelenggara dan cara menghubunginya.")
    def contact(self) -> Contact | None:
        found = settings.texts("agency_name", "agency_address", "help_hours", "help_phone", "help_whatsapp", "help_email")
        return Contact(
            name=found["agency_name"],
            address=found["agency_address"],
            hours=found["help_hours"],
            phone=found["help_phone"],
            email=found["help_email"],
            whatsapp_url=whatsapp_link(found["help_whatsapp"]),
        )
