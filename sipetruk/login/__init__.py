"""A request becomes an Actor: signing in, the session and its end, and the pages of one's own account."""

from __future__ import annotations

from flask import Flask

from sipetruk.login import account, pages, sso
from sipetruk.login.bearer import actor_of_token
from sipetruk.login.sessions import address as request_address
from sipetruk.login.sessions import current_actor, init_sessions, keep_session, own_page, safe_next, why_nobody


def init_login(app: Flask) -> None:
    """Register sessions and pages; the provider of the single sign-on only where the settings name one."""
    init_sessions(app)
    sso.init_provider(app)
    for each in (pages, sso, account):
        app.register_blueprint(each.blueprint)


__all__ = ["actor_of_token", "current_actor", "init_login", "keep_session", "own_page", "request_address", "safe_next", "why_nobody"]
