"""A small OpenID Connect provider on this machine: real keys, real codes, real signed tokens, and a few ways to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT_ID, CLIENT_SECRET = "sipetruk", "rahasia-klien"


class Provider:
    """What it says of the person who comes is in `person`; `change` makes the next tokens wrong."""

    def __init__(self):
        self.key = ECKey.generate_key("P-256", parameters={"kid": "kunci-1", "use": "sig", "alg": "ES256"})
        self.stranger = ECKey.generate_key("P-256", parameters={"kid": "kunci-1", "use": "sig", "alg": "ES256"})
        self.person = {"sub": "s-1", "preferred_username": "penilai1"}
        self.change = {}
        self.lie = ""
        self.codes = {}
        self.asked = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                provider.get(self)

            def do_POST(self):
                provider.token(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def get(self, handler):
        path = urlsplit(handler.path)
        if self.lie == "down":
            send(handler, {}, 503)
        elif path.path == "/.well-known/openid-configuration":
            send(handler, self.document())
        elif path.path == "/jwks":
            send(handler, {"keys": [self.key.as_dict(private=False)]})
        elif path.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(path.query).items()}
            self.asked.append(asked)
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            handler.send_response(302)
            answer = (
                {"error": "access_denied", "state": asked["state"]} if self.lie == "denied" else {"code": code, "state": asked["state"]}
            )
            handler.send_header("Location", f"{asked['redirect_uri']}?{urlencode(answer)}")
            handler.end_headers()
        else:
            send(handler, {}, 404)

    def document(self):
        return {
            "issuer": "http://lain.example" if self.lie == "issuer" else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["ES256", "none", "HS256"],
        }

    def token(self, handler):
        given = parse_qs(handler.rfile.read(int(handler.headers["Content-Length"])).decode())
        asked = self.codes.pop(given["code"][0], None)
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(given["code_verifier"][0].encode()).digest()).decode().rstrip("=")
        if (
            asked is None
            or handler.headers["Authorization"] != f"Basic {expected}"
            or challenge != asked["code_challenge"]
            or given["redirect_uri"][0] != asked["redirect_uri"]
        ):
            send(handler, {"error": "invalid_grant"}, 400)
            return
        if self.lie == "garbage":
            send(handler, ["bukan", "objek"])
            return
        answer = {"access_token": "a", "token_type": "Bearer", "id_token": self.signed(asked["nonce"])}
        if self.lie == "no token":
            del answer["id_token"]
        send(handler, answer)

    def signed(self, nonce):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "nonce": nonce, **self.person, **self.change}
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.lie == "unsigned":
            return ".".join([*(part(each) for each in ({"alg": "none"}, claims)), ""])
        key = self.stranger if self.lie == "stranger" else self.key
        return jwt.encode({"alg": "ES256", "kid": "kunci-1"}, claims, key)


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def send(handler, value, status=200):
    body = json.dumps(value).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
