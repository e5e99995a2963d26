# SPDX-License-Identifier: MIT
"""Who and what a Keycloak realm knows: clients, users, their sessions and tokens."""

import base64
import json
import secrets
import time
import urllib.parse
import uuid

NAME = "sen2cube-at"
PATH = f"/realms/{NAME}"


class Client:
    def __init__(self, name, secret=None, takes_passwords=True):
        self.name, self.secret, self.takes_passwords = name, secret, takes_passwords


CLIENTS = {client.name: client for client in (
    Client("iq-web-client"), Client("iq-other-client"), Client("iq-server", secret="iq-secret"),
    Client("iq-browser", takes_passwords=False))}


class User:
    """`state` is None, "unfinished" (the account is not set up) or "disabled"."""

    def __init__(self, login, password, preferred=None, name=None):
        self.login, self.password = login, password
        self.preferred = preferred or login
        self.email = login if "@" in login else f"{login}@example.org"
        self.name = name or login.title()
        self.sub = str(uuid.uuid5(uuid.NAMESPACE_DNS, self.email))
        self.state = None
        self.failures, self.locked_until = 0, 0


class Session:
    def __init__(self, user, client="iq-web-client", scope=("email", "profile")):
        self.user, self.client, self.scope = user, client, tuple(scope)
        self.id = str(uuid.uuid4())
        self.alive = True
        # Whether a refresh token was used twice: Keycloak then takes the client out of the session.
        self.reused = False

    @property
    def is_offline(self):
        return "offline_access" in self.scope


class Token:
    def __init__(self, number, session, expires):
        self.number, self.session, self.expires = number, session, expires
        self.used = False


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwt(algorithm, claims, signature_size):
    """RFC 7519; the signature is not one."""
    head = {"alg": algorithm, "typ": "JWT", "kid": secrets.token_urlsafe(32)}
    return ".".join([*(encoded(json.dumps(part).encode()) for part in (head, claims)),
                     encoded(secrets.token_bytes(signature_size))])


def access_claims(issuer, session, moment, lifetime):
    user = session.user
    return {"exp": int(moment + lifetime), "iat": int(moment), "jti": str(uuid.uuid4()),
            "iss": issuer, "aud": "account", "sub": user.sub, "typ": "Bearer",
            "azp": session.client, "session_state": session.id, "acr": "1",
            "realm_access": {"roles": ["default-roles-" + NAME, "offline_access",
                                       "uma_authorization"]},
            "resource_access": {"account": {"roles": ["manage-account", "manage-account-links",
                                                      "view-profile"]}},
            "scope": " ".join(session.scope), "sid": session.id, "email_verified": True,
            "name": user.name, "preferred_username": user.preferred, "email": user.email}


def refresh_claims(issuer, session, moment, lifetime):
    claims = {"iat": int(moment), "jti": str(uuid.uuid4()), "iss": issuer, "aud": issuer,
              "sub": session.user.sub, "typ": "Offline" if session.is_offline else "Refresh",
              "azp": session.client, "session_state": session.id, "sid": session.id,
              "scope": " ".join(session.scope)}
    return claims if session.is_offline else {"exp": int(moment + lifetime), **claims}


def client_of(request, form):
    """(name, secret) as a client names itself: by the form, or in a Basic header as sen2cli does
    (RFC 6749, section 2.3.1: both encoded as in a form)."""
    scheme, _, value = (request.header("Authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id"), form.get("client_secret", "")
    try:
        name, _, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except ValueError:
        return None, ""
    return urllib.parse.unquote_plus(name), urllib.parse.unquote_plus(secret)


class Accounts:
    """The realm's users; one who fails too often is locked for some time."""

    LOCK_SECONDS = 60

    def __init__(self, users, clock=time.time):
        self.clock = clock
        self.most_failures = 30
        self.users = {}
        for known in (User("demo", "demo-password", "demo", "Demo User"),
                      User("other", "p+w&d=%40 ü\"'\\", "other.analyst", "Other Analyst")):
            self.users[known.login] = known
        for login, password in users:
            old = self.users.get(login)
            self.users[login] = User(login, password, old and old.preferred, old and old.name)

    def find(self, login):
        """Keycloak takes the e-mail address as well; preferred_username is what counts then."""
        return self.users.get(login) or next(
            (user for user in self.users.values() if user.email == login), None)

    def refusal(self, user, password):
        """(status, description) of why this login fails; None where it does not."""
        if user is not None and user.state == "disabled":
            return 400, "Account disabled"
        # A locked account is not told from a wrong password.
        wrong = user is None or user.password != password
        if wrong or self.clock() < user.locked_until:
            if user is not None:
                self.count_failure(user)
            return 401, "Invalid user credentials"
        user.failures = 0
        return (400, "Account is not fully set up") if user.state == "unfinished" else None

    def count_failure(self, user):
        user.failures += 1
        if user.failures >= self.most_failures:
            user.locked_until = self.clock() + self.LOCK_SECONDS

    def change(self, login, state):
        user = self.users[login]
        user.state, user.failures, user.locked_until = state, 0, 0
