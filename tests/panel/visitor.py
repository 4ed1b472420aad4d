"""A person in a browser without scripting: opens pages, sends their forms back with changes."""

from __future__ import annotations

import html
import re

from itsdangerous import URLSafeTimedSerializer


class Visitor:
    """Somebody of the cast, signed in, with the token that the forms of this session carry."""

    def __init__(self, client, actor):
        self.client = client
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"], session["csrf_token"] = f"{actor.user_id}:0", True, "of this session"
        self.token = URLSafeTimedSerializer(client.application.secret_key, salt="wtf-csrf-token").dumps("of this session")

    def get(self, path):
        return self.client.get(path)

    def post(self, path, **data):
        return self.client.post(path, data={"csrf_token": self.token, **data})

    def form(self, path, **changes):
        """The fields of the form on a page as a browser would send them, with changes."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return fields_of(answer.text) | changes

    def send(self, path, **changes):
        """Open the form on a page, change something, send it."""
        return self.post(path, **self.form(path, **changes))


def fields_of(text):
    form = re.search(r'<form method="post" class="sheet".*?</form>', text, re.DOTALL).group(0)
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if found.get("type") in {"checkbox", "radio"}:
            if re.search(r"\bchecked\b", tag):
                sent.setdefault(found["name"], []).append(html.unescape(found.get("value", "y")))
        else:
            sent[found["name"]] = html.unescape(found.get("value", ""))
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = html.unescape(body).lstrip("\r\n")
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        sent[name] = html.unescape(chosen.group(1)) if chosen else ""
    return sent
