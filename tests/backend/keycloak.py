# SPDX-License-Identifier: MIT
"""Keycloak's endpoints of a realm (OpenID Connect Core 5.3, RFC 6749 4.3 and 6) and its logout by a
refresh token, with the answers and refusals of its versions 24 and 26."""

import threading
import time
import urllib.parse

from . import realm
from .exchange import Answer, html_answer, json_answer
from .realm import CLIENTS, Accounts, Session, Token, access_claims, client_of, jwt, refresh_claims

BASE = realm.PATH + "/protocol/openid-connect"
DISCOVERY = realm.PATH + "/.well-known/openid-configuration"
KNOWN_SCOPES = ("openid", "email", "profile", "offline_access")


def refusal(status, error, description=None, headers=None):
    document = {"error": error}
    if description is not None:
        document["error_description"] = description
    return json_answer(status, document, headers={"Cache-Control": "no-store", **(headers or {})})


class Keycloak:
    # What tests may change by LocalSen2Cube.settings().
    SETTINGS = {"token_lifetime": float, "refresh_lifetime": float, "realm_enabled": bool,
                "https_required": bool, "offline_allowed": bool}

    def __init__(self, token_lifetime, refresh_lifetime, users=(), clock=time.time):
        self.clock = clock
        self.token_lifetime, self.refresh_lifetime = token_lifetime, refresh_lifetime
        self.realm_enabled, self.https_required = True, False
        self.offline_allowed = True
        self.issuer = "http://127.0.0.1" + realm.PATH
        self.lock = threading.Lock()
        self.access, self.refresh = {}, {}
        self.count = 0
        self.accounts = Accounts(users, clock)

    def find_user(self, login):
        return self.accounts.find(login)

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
        if not (request.path + "/").startswith(realm.PATH + "/"):
            return refusal(404, "Realm does not exist",
                           "For more on this error consult the server log at the debug level.")
        if request.path in (BASE + "/token", BASE + "/logout"):
            if request.method != "POST":
                return html_answer(405, "This endpoint takes POST.")
            return self.take_form(request)
        if request.path == BASE + "/userinfo" and request.method in ("GET", "HEAD", "POST"):
            return self.userinfo(bearer, token)
        if request.path == DISCOVERY and request.method in ("GET", "HEAD"):
            base = self.issuer + "/protocol/openid-connect"
            return json_answer(200, {"issuer": self.issuer, "token_endpoint": base + "/token",
                                     "userinfo_endpoint": base + "/userinfo"})
        return html_answer(404, "No such resource in this realm.")

    def take_form(self, request):
        kind = (request.header("Content-Type") or "").split(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            return html_answer(415, "This endpoint takes a form.")
        pairs = urllib.parse.parse_qsl(request.body.decode("utf-8", "replace"), True)
        form = dict(pairs)
        request.entry["grant"] = form.get("grant_type")
        if self.https_required:
            return refusal(403, "invalid_request", "HTTPS required")
        if not self.realm_enabled:
            return refusal(403, "access_denied", "Realm not enabled")
        if len(form) != len(pairs):
            return refusal(400, "invalid_request", "duplicated parameter")
        if request.path == BASE + "/logout":
            if "refresh_token" not in form:
                return html_answer(200, "Do you want to log out?")
        elif not form.get("grant_type"):
            return refusal(400, "invalid_request", "Missing form parameter: grant_type")
        name, secret = client_of(request, form)
        client = CLIENTS.get(name)
        if client is None or (client.secret and secret != client.secret):
            return refusal(401, "unauthorized_client" if client else "invalid_client",
                           "Invalid client or Invalid client credentials")
        with self.lock:
            if request.path == BASE + "/logout":
                return self.log_out(client, form["refresh_token"])
            if form["grant_type"] == "password":
                return self.password_grant(client, form)
            if form["grant_type"] == "refresh_token":
                return self.refresh_grant(client, form)
        return refusal(400, "unsupported_grant_type", "Unsupported grant_type")

    def password_grant(self, client, form):
        if not client.takes_passwords:
            return refusal(400, "unauthorized_client",
                           "Client not allowed for direct access grants")
        scope = form.get("scope", "").split()
        if any(name not in KNOWN_SCOPES for name in scope):
            return refusal(400, "invalid_scope", f"Invalid scopes: {' '.join(scope)}")
        user = self.accounts.find(form.get("username", ""))
        refused = self.accounts.refusal(user, form.get("password"))
        if refused:
            return refusal(refused[0], "invalid_grant", refused[1])
        if "offline_access" in scope and not self.offline_allowed:
            return refusal(400, "not_allowed", "Offline tokens not allowed for the user or client")
        default = ("email", "profile")
        asked = [name for name in ("openid", "offline_access") if name in scope]
        return self.issue(Session(user, client.name, (*asked, *default)))

    def refresh_grant(self, client, form):
        token = self.refresh.get(form.get("refresh_token", ""))
        if token is None:
            return refusal(400, "invalid_grant", "Invalid refresh token")
        session = token.session
        if session.client != client.name:
            return refusal(400, "invalid_grant", "Invalid refresh token. Token client and "
                                                 "authorized client don't match")
        if session.reused:
            return refusal(400, "invalid_grant", "Session doesn't have required client")
        if token.used:
            # Reuse means that somebody else holds a copy: Keycloak ends the whole session.
            session.reused, session.alive = True, False
            return refusal(400, "invalid_grant", "Maximum allowed refresh token reuse exceeded")
        if self.clock() >= token.expires:
            return refusal(400, "invalid_grant", "Token is not active")
        if not session.alive:
            return refusal(400, "invalid_grant", "Session not active")
        if session.user.state == "disabled":
            return refusal(400, "invalid_grant", "User disabled")
        token.used = True
        return self.issue(session)

    def log_out(self, client, refresh_token):
        """A session that is over, and a token that is, are as good: only whose it is counts."""
        token = self.refresh.get(refresh_token)
        if token is None:
            return refusal(400, "invalid_grant", "Invalid refresh token")
        if token.session.client != client.name:
            return refusal(400, "invalid_grant", "Invalid refresh token. Token client and "
                                                 "authorized client don't match")
        token.session.alive = False
        return Answer(204)

    def issue(self, session):
        self.count += 1
        moment = self.clock()
        refresh_lifetime = float("inf") if session.is_offline else self.refresh_lifetime
        access = jwt("RS256", access_claims(self.issuer, session, moment, self.token_lifetime), 256)
        refresh = jwt("HS512", refresh_claims(self.issuer, session, moment, self.refresh_lifetime),
                      64)
        self.access[access] = Token(self.count, session, moment + self.token_lifetime)
        self.refresh[refresh] = Token(self.count, session, moment + refresh_lifetime)
        answer = {
            "access_token": access, "expires_in": int(self.token_lifetime),
            # An offline session has no end of its own.
            "refresh_expires_in": 0 if session.is_offline else int(self.refresh_lifetime),
            "refresh_token": refresh, "token_type": "Bearer", "not-before-policy": 0,
            "session_state": session.id, "scope": " ".join(session.scope)}
        if "openid" in session.scope:
            answer["id_token"] = jwt("RS256", {"iss": self.issuer, "typ": "ID"}, 256)
        return json_answer(200, answer, headers={"Cache-Control": "no-store"})

    def userinfo(self, bearer, token):
        if bearer != "good":
            return refusal(401, "invalid_token", "Token verification failed",
                           {"WWW-Authenticate": f'Bearer realm="{realm.NAME}"'})
        if "openid" not in token.session.scope:
            return refusal(403, "insufficient_scope", "Missing openid scope",
                           {"WWW-Authenticate": f'Bearer realm="{realm.NAME}", '
                                                'error="insufficient_scope"'})
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
                # As time does, which does not end an offline session.
                for token in self.refresh.values():
                    if not token.session.is_offline:
                        token.expires = min(token.expires, moment)
            elif action == "revoke_all":
                for token in [*self.access.values(), *self.refresh.values()]:
                    token.session.alive = False
            else:
                raise ValueError(f"unknown action {action!r}")
