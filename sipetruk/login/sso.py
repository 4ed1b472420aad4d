"""Single sign-on by OpenID Connect: code flow with PKCE, state and nonce; what comes back is proven before it counts."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, abort, current_app, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from sipetruk.errors import Refusal, Unauthenticated
from sipetruk.login.pages import refused, sign_in_page
from sipetruk.login.sessions import address, current_actor, device, face_of, go_on, onward, safe_next
from sipetruk.rules.permissions import Actor
from sipetruk.services import clock, identities

if TYPE_CHECKING:
    from config import SingleSignOn

LOG = logging.getLogger("sipetruk")
blueprint = Blueprint("sso", __name__)
PROVIDER = "sipetruk.sso"
PURPOSE = "sso_purpose"
SECONDS = 5
PAUSE = timedelta(seconds=15)
"""How long a provider that did not answer is left alone: meanwhile nobody waits for it."""
QUIET_UNTIL = "sipetruk.sso.quiet_until"
LEEWAY = 60
PURPOSE_SECONDS = 600
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"})
"""Signatures that only the provider can make; `none` and those with a shared secret are not among them."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def init_provider(app: Flask) -> None:
    found: SingleSignOn | None = app.config["SETTINGS"].single_sign_on
    if found is None:
        return
    from authlib.integrations.flask_client import OAuth  # noqa: PLC0415  # half a second, only where the settings name a provider

    app.extensions[PROVIDER] = OAuth(app).register(
        "sso",
        client_id=found.client_id,
        client_secret=found.client_secret,
        server_metadata_url=f"{found.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256", "default_timeout": SECONDS},
    )


@blueprint.get("/masuk/sso")
def start() -> Response:
    """Off to the provider. It is a link: the policy forbids forms whose answer leads to another site."""
    target = safe_next(request.args.get("next", ""))
    actor = current_actor()
    if actor is not None:
        return redirect(onward(actor, target))
    return leave({"next": target})


@blueprint.get("/masuk/sso/kembali")
def back() -> Response:
    """Back from the provider: the session begins, or the account that asked for it is linked."""
    purpose = session.pop(PURPOSE, None) or {}
    actor = current_actor()
    try:
        claims = _claims()
        if "link" in purpose:
            return _link(actor, purpose, claims)
        setting = _setting()
        signed_in = identities.sign_in(
            issuer=setting.issuer,
            subject=_text(claims, "sub"),
            username=_text(claims, "preferred_username"),
            email=_text(claims, "email") if claims.get("email_verified") is True else "",
            link_by=identities.LinkBy(setting.link),
            label=setting.label,
            address=address(),
            device=device(),
            face=face_of(request.path),
        )
    except Refusal as refusal:
        return _told(refusal, actor)
    return go_on(signed_in, safe_next(purpose.get("next", "")))


def leave(purpose: dict[str, Any]) -> Response:
    """To the provider; what for is kept in the session until it answers."""
    provider = _provider()
    for key in [key for key in session if key.startswith("_state_")]:
        session.pop(key)  # only the latest start counts, and a cookie has little room
    session[PURPOSE] = purpose
    try:
        with _foreign():
            _metadata()
            answer: Response = provider.authorize_redirect(url_for("sso.back", _external=True))
    except Refusal as refusal:
        return _told(refusal, current_actor())
    return answer


def link_purpose(actor: Actor) -> dict[str, Any]:
    """What the session remembers while somebody who has given the password fetches the identity to be linked."""
    return {"link": actor.user_id, "until": int(clock.now().timestamp()) + PURPOSE_SECONDS}


def _link(actor: Actor | None, purpose: dict[str, Any], claims: dict[str, Any]) -> Response:
    if actor is None or actor.user_id != purpose["link"] or purpose["until"] < clock.now().timestamp():
        raise Unauthenticated("Langkah ini sudah tidak berlaku. Mulailah lagi dari halaman Akun saya.")
    identities.link(actor, issuer=_setting().issuer, subject=_text(claims, "sub"))
    whose = _text(claims, "preferred_username") or _text(claims, "email") or _text(claims, "sub")
    flash(f"Akun {_setting().label} “{whose}” terhubung. Mulai sekarang Anda dapat masuk dengannya.", "good")
    return redirect(url_for("account.index"))


def _claims() -> dict[str, Any]:
    """What the provider says of the person, with signature, issuer, audience, time and nonce checked."""
    setting, provider = _setting(), _provider()
    with _foreign():
        _metadata()
        options = {
            "iss": {"essential": True, "value": setting.issuer},
            "aud": {"essential": True, "value": setting.client_id},
            "sub": {"essential": True},
        }
        token = provider.authorize_access_token(claims_options=options, leeway=LEEWAY)
        return dict(token["userinfo"])


def _metadata() -> None:
    """Read once what the provider says of itself; it must be who the setting names, and speak over HTTPS if that one does."""
    provider, issuer = _provider(), _setting().issuer
    found = _asked(provider)
    start = "https://" if issuer.startswith("https://") else "http"
    if found.get("issuer") != issuer or not all(str(found.get(name, "")).startswith(start) for name in ENDPOINTS):
        provider.server_metadata.clear()
        raise ValueError("the provider's document does not fit SIPETRUK_OIDC_ISSUER")
    offered = found.get("id_token_signing_alg_values_supported") or ["RS256"]
    found["id_token_signing_alg_values_supported"] = [name for name in offered if name in ALGORITHMS]


def _asked(provider: Any) -> Any:
    """What the provider says of itself; one that did not answer is not waited for again and again."""
    if current_app.extensions.get(QUIET_UNTIL, clock.now()) > clock.now():
        raise ConnectionError
    try:
        return provider.load_server_metadata()
    except OSError:
        current_app.extensions[QUIET_UNTIL] = clock.now() + PAUSE
        raise


class _foreign:  # noqa: N801  # reads as a word of the language
    """Whatever goes wrong with another server's answers is a refusal in words, logged without what it sent."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if error is None or isinstance(error, Refusal) or not isinstance(error, Exception):
            return
        LOG.warning("single sign-on failed: %s", type(error).__name__)
        label = _setting().label
        if type(error).__name__ == "MismatchingStateError":
            raise Unauthenticated("Langkah masuk ini sudah tidak berlaku atau dimulai di peramban lain. Coba lagi.") from None
        if getattr(error, "error", "") == "access_denied":
            raise Unauthenticated("Masuk lewat %(label)s dibatalkan.", label=label) from None
        if isinstance(error, OSError):  # every fault of `requests`
            raise Unauthenticated(
                "%(label)s tidak dapat dihubungi. Coba lagi nanti, atau masuklah dengan kata sandi.", label=label
            ) from None
        raise Unauthenticated("Jawaban %(label)s tidak dapat dipercaya, jadi Anda belum masuk. Coba lagi.", label=label) from None


def _told(refusal: Refusal, actor: Actor | None) -> Response:
    if actor is not None:
        flash(refusal.message, "bad")
        return redirect(url_for("account.index"))
    answer = refused(refusal, sign_in_page("", "", refusal.message))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) and "\x00" not in value else ""


def _provider() -> Any:
    return current_app.extensions.get(PROVIDER) or abort(404)


def _setting() -> SingleSignOn:
    found: SingleSignOn | None = current_app.config["SETTINGS"].single_sign_on
    return found if found is not None else abort(404)
