# SPDX-License-Identifier: MIT
"""Keycloak's token and userinfo endpoints (OpenID Connect Core 5.3, RFC 6749 4.3 and 6)."""

import base64
import secrets
import threading
import time
import urllib.parse
import uuid

from .exchange import html_answer, json_answer

BASE = "/realms/sen2cube-at/protocol/openid-connect"
CLIENTS = {"iq-web-client"}


class User:
    def __init__(self, login, password, preferred=None, name=None):
        self.login, self.password = login, password
        self.preferred = preferred or login
        self.email = login if "@" in login else f"{login}@example.org"
        self.name = name or login.title()
        self.sub = str(uuid.uuid5(uuid.NAMESPACE_DNS, self.email))


class Session:
    def __init__(self, user):
        self.user = user
        self.id = str(uuid.uuid4())
        self.alive = True


class Token:
    def __init__(self, number, session, expires):
        self.number, self.session, self.expires = number, session, expires
        self.used = False


def random_jwt(payload, signature):
    """As long as a JWT and in its alphabet; clients must not look inside."""
    return ".".join(base64.urlsafe_b64encode(secrets.token_bytes(size)).rstrip(b"=").decode()
                    for size in (75, payload, signature))


def refusal(status, error, description):
    return json_answer(status, {"error": error, "error_description": description},
                       headers={"Cache-Control": "no-store"})


class Keycloak:
    def __init__(self, token_lifetime, refresh_lifetime, users=(), clock=time.time):
        self.clock = clock
        self.token_lifetime, self.refresh_lifetime = token_lifetime, refresh_lifetime
        self.lock = threading.Lock()
        self.access, self.refresh = {}, {}
        self.count = 0
        self.users = {}
        for known in (User("demo", "demo-password", "demo", "Demo User"),
                      User("other", "p+w&d=%40 ü\"'\\", "other.analyst", "Other Analyst")):
            self.users[known.login] = known
        for login, password in users:
            old = self.users.get(login)
            self.users[login] = User(login, password, old and old.preferred, old and old.name)

    def find_user(self, login):
        """Keycloak takes the e-mail address as well; preferred_username is what counts then."""
        return self.users.get(login) or next(
            (user for user in self.users.values() if user.email == login), None)

    def classify(self, authorization):
        """('none'|'good'|'bad'|'expired', Token or None) of an Authorization header."""
        if not authorization:
            return "none", None
        scheme, _, value = authorization.partition(" ")
        token = self.access.get(value.strip())
        # RFC 7235 2.1: the scheme is case-insensitive.
        if scheme.lower() != "bearer" or token is None:
            return "bad", None
        if not token.session.alive:
            return "bad", token
        return ("expired" if self.clock() >= token.expires else "good"), token

    def answer(self, request, bearer, token):
        if request.path == BASE + "/token":
            if request.method != "POST":
                return html_answer(405, "The token endpoint takes POST.")
            return self.grant(request)
        if request.path == BASE + "/userinfo" and request.method in ("GET", "HEAD", "POST"):
            return self.userinfo(bearer, token)
        return html_answer(404, "No such resource in this realm.")

    def grant(self, request):
        kind = (request.header("Content-Type") or "").split(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            return html_answer(415, "The token endpoint takes a form.")
        pairs = urllib.parse.parse_qsl(request.body.decode("utf-8", "replace"), True)
        form = dict(pairs)
        request.entry["grant"] = form.get("grant_type")
        if len(form) != len(pairs):
            return refusal(400, "invalid_request", "duplicated parameter")
        if not form.get("grant_type"):
            return refusal(400, "invalid_request", "Missing form parameter: grant_type")
        if form.get("client_id") not in CLIENTS:
            return refusal(401, "invalid_client", "Invalid client or Invalid client credentials")
        with self.lock:
            if form["grant_type"] == "password":
                return self.password_grant(form)
            if form["grant_type"] == "refresh_token":
                return self.refresh_grant(form)
        return refusal(400, "unsupported_grant_type", "Unsupported grant_type")

    def password_grant(self, form):
        user = self.find_user(form.get("username", ""))
        if user is None or user.password != form.get("password"):
            return refusal(401, "invalid_grant", "Invalid user credentials")
        return self.issue(Session(user))

    def refresh_grant(self, form):
        token = self.refresh.get(form.get("refresh_token", ""))
        if token is None:
            return refusal(400, "invalid_grant", "Invalid refresh token")
        if token.used:
            # Reuse means that somebody else holds a copy: Keycloak ends the whole session.
            token.session.alive = False
            return refusal(400, "invalid_grant", "Maximum allowed refresh token reuse exceeded")
        if not token.session.alive or self.clock() >= token.expires:
            return refusal(400, "invalid_grant", "Token is not active")
        token.used = True
        return self.issue(token.session)

    def issue(self, session):
        self.count += 1
        moment = self.clock()
        access, refresh = random_jwt(560, 256), random_jwt(330, 32)
        self.access[access] = Token(self.count, session, moment + self.token_lifetime)
        self.refresh[refresh] = Token(self.count, session, moment + self.refresh_lifetime)
        return json_answer(200, {
            "access_token": access, "expires_in": int(self.token_lifetime),
            "refresh_expires_in": int(self.refresh_lifetime), "refresh_token": refresh,
            "token_type": "Bearer", "not-before-policy": 0, "session_state": session.id,
            "scope": "email profile"}, headers={"Cache-Control": "no-store"})

    def userinfo(self, bearer, token):
        if bearer != "good":
            return json_answer(401, {"error": "invalid_token",
                                     "error_description": "Token verification failed"},
                               headers={"WWW-Authenticate": 'Bearer realm="sen2cube-at"'})
        user = token.session.user
        return json_answer(200, {"sub": user.sub, "email_verified": True, "name": user.name,
                                 "preferred_username": user.preferred, "email": user.email})

    def act(self, action):
        """The control interface's ways to make tokens die."""
        with self.lock:
            moment = self.clock()
            if action == "expire_access":
                for token in self.access.values():
                    token.expires = min(token.expires, moment)
            elif action == "revoke_refresh":
                for token in self.refresh.values():
                    token.expires = min(token.expires, moment)
            elif action == "revoke_all":
                for token in [*self.access.values(), *self.refresh.values()]:
                    token.session.alive = False
            else:
                raise ValueError(f"unknown action {action!r}")
