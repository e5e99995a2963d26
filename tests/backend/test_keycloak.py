# SPDX-License-Identifier: MIT
"""Keycloak as strict as the real one: what its tokens say, and whom it refuses with which words."""

import base64
import json

import pytest

from .test_tokens import userinfo
from .user_agent import UserAgent, exchange


def claims(token):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def refusal(reply):
    return reply.status, reply.json["error"], reply.json.get("error_description")


@pytest.fixture(autouse=True)
def sound_realm(sen2cube):
    yield
    sen2cube.settings(realm_enabled=True, https_required=False, offline_allowed=True,
                      most_failures=30)
    for login in ("demo", "other"):
        sen2cube.set_account(login, None)


def log_in(agent, **more):
    return agent.grant(grant_type="password", **{"username": "demo", "password": "demo-password",
                                                 **more})


def test_a_token_says_who_has_issued_it_and_to_whom(sen2cube):
    agent = UserAgent(sen2cube, sen2cube.OTHER_USERNAME, sen2cube.OTHER_PASSWORD)
    said = claims(agent.log_in()["access_token"])
    assert said["iss"] == sen2cube.auth_url.removesuffix("/protocol/openid-connect")
    assert (said["preferred_username"], said["azp"]) == ("other.analyst", "iq-web-client")
    assert said["exp"] - said["iat"] == 300 and said["scope"] == "email profile"


def test_userinfo_is_refused_to_a_token_without_openid(agent, sen2cube):
    reply = userinfo(sen2cube, f"Bearer {agent.log_in()['access_token']}")
    assert refusal(reply) == (403, "insufficient_scope", "Missing openid scope")
    assert userinfo(sen2cube, f"Bearer {agent.log_in(scope='openid')['access_token']}").status == 200


def test_a_scope_that_nobody_knows_is_refused(agent):
    assert refusal(log_in(agent, scope="openid magic")) \
        == (400, "invalid_scope", "Invalid scopes: openid magic")


def test_the_client_is_named_in_a_basic_header_as_by_sen2cli(agent, sen2cube):
    reply = agent.grant_as_sen2cli(grant_type="password", username="demo",
                                   password="demo-password")
    assert reply.status == 200
    assert agent.refresh(reply.json["refresh_token"]).status == 200
    nobody = exchange(sen2cube.auth_url + "/token", "POST", "grant_type=password",
                      {"Content-Type": "application/x-www-form-urlencoded",
                       "Authorization": "Basic " + base64.b64encode(b"nobody:").decode()})
    assert refusal(nobody)[:2] == (401, "invalid_client")


CLIENT_REFUSALS = {
    "nobody": (401, "invalid_client", "Invalid client or Invalid client credentials"),
    "iq-server": (401, "unauthorized_client", "Invalid client or Invalid client credentials"),
    "iq-browser": (400, "unauthorized_client", "Client not allowed for direct access grants")}


@pytest.mark.parametrize("client", CLIENT_REFUSALS)
def test_a_client_that_may_not_is_refused(client, agent):
    assert refusal(log_in(agent, client_id=client)) == CLIENT_REFUSALS[client]


def test_a_client_with_a_secret_is_let_in_by_it(agent):
    assert log_in(agent, client_id="iq-server", client_secret="iq-secret").status == 200


@pytest.mark.parametrize("state,expected", [
    ("unfinished", (400, "invalid_grant", "Account is not fully set up")),
    ("disabled", (400, "invalid_grant", "Account disabled"))])
def test_an_account_that_may_not_log_in_says_why(state, expected, agent, sen2cube):
    sen2cube.set_account("demo", state)
    assert refusal(log_in(agent)) == expected


def test_a_wrong_password_of_an_unfinished_account_is_a_wrong_password(agent, sen2cube):
    sen2cube.set_account("demo", "unfinished")
    assert refusal(log_in(agent, password="x")) == (401, "invalid_grant",
                                                    "Invalid user credentials")


def test_an_account_locked_by_failures_is_refused_as_by_a_wrong_password(agent, sen2cube):
    sen2cube.settings(most_failures=3)
    for _ in range(3):
        log_in(agent, password="x")
    assert refusal(log_in(agent)) == (401, "invalid_grant", "Invalid user credentials")
    sen2cube.set_account("demo", None)
    assert log_in(agent).status == 200


def test_a_login_that_succeeds_makes_failures_forgotten(agent, sen2cube):
    sen2cube.settings(most_failures=3)
    for _ in range(3):
        log_in(agent, password="x")
        log_in(agent, password="x")
        assert log_in(agent).status == 200


def test_a_realm_that_is_off_or_not_there_or_wants_tls_says_so(agent, sen2cube):
    sen2cube.settings(realm_enabled=False)
    assert refusal(log_in(agent)) == (403, "access_denied", "Realm not enabled")
    sen2cube.settings(realm_enabled=True, https_required=True)
    assert refusal(log_in(agent)) == (403, "invalid_request", "HTTPS required")
    other = sen2cube.auth_url.replace("/realms/sen2cube-at/", "/realms/sen2cube/")
    reply = exchange(other + "/token", "POST", "grant_type=password",
                     {"Content-Type": "application/x-www-form-urlencoded"})
    assert refusal(reply)[:2] == (404, "Realm does not exist")


def test_a_refresh_token_of_another_client_is_refused(agent):
    grant = log_in(agent, client_id="iq-other-client").json
    assert refusal(agent.refresh(grant["refresh_token"])) == (
        400, "invalid_grant",
        "Invalid refresh token. Token client and authorized client don't match")


def test_a_refresh_token_used_twice_ends_the_session_for_all(agent, sen2cube):
    first = agent.log_in()
    second = agent.refresh(first["refresh_token"]).json
    agent.refresh(first["refresh_token"])
    for token in (first, second):
        assert refusal(agent.refresh(token["refresh_token"])) \
            == (400, "invalid_grant", "Session doesn't have required client")
    assert agent.get("/factbase/99").status == 401


def test_a_session_that_was_ended_says_so(agent, sen2cube):
    grant = agent.log_in()
    sen2cube.revoke_all()
    assert refusal(agent.refresh(grant["refresh_token"])) \
        == (400, "invalid_grant", "Session not active")


def test_an_offline_session_has_no_end_and_its_refresh_tokens_work_once_too(agent, sen2cube):
    sen2cube.settings(refresh_lifetime=0)
    try:
        assert agent.refresh(agent.log_in()["refresh_token"]).json["error_description"] \
            == "Token is not active"
        first = agent.log_in(scope="openid offline_access")
        assert first["refresh_expires_in"] == 0
        assert claims(first["refresh_token"])["typ"] == "Offline"
        second = agent.refresh(first["refresh_token"]).json
        assert second["refresh_expires_in"] == 0 and "offline_access" in second["scope"]
        assert agent.refresh(first["refresh_token"]).status == 400
    finally:
        sen2cube.settings(refresh_lifetime=1800)


def test_an_offline_session_outlives_others(agent, sen2cube):
    offline = agent.log_in(scope="openid offline_access")["refresh_token"]
    ordinary = agent.log_in()["refresh_token"]
    sen2cube.revoke_refresh()
    assert refusal(agent.refresh(ordinary)) == (400, "invalid_grant", "Token is not active")
    assert agent.refresh(offline).status == 200
    sen2cube.revoke_all()
    assert agent.refresh(offline).status == 400


def test_who_may_have_no_offline_session_is_refused(agent, sen2cube):
    sen2cube.settings(offline_allowed=False)
    assert refusal(log_in(agent, scope="openid offline_access")) \
        == (400, "not_allowed", "Offline tokens not allowed for the user or client")
    assert log_in(agent, scope="openid").status == 200


@pytest.mark.parametrize("scope", ["openid", "openid offline_access"])
def test_a_logout_ends_the_session_at_once(scope, agent):
    first = agent.log_in(scope=scope)
    second = agent.refresh(first["refresh_token"]).json
    reply = agent.log_out(second["refresh_token"])
    assert (reply.status, reply.body) == (204, b"")
    assert refusal(agent.refresh(second["refresh_token"])) \
        == (400, "invalid_grant", "Session not active")
    assert agent.get("/factbase/99").status == 401


def test_a_logout_takes_a_token_that_is_over(agent, sen2cube):
    first = agent.log_in()["refresh_token"]
    second = agent.refresh(first).json["refresh_token"]
    sen2cube.revoke_refresh()
    # A used one, one whose time is over, and one whose session is.
    for token in (first, second, second):
        assert agent.log_out(token).status == 204
    assert agent.get("/factbase/99").status == 401


def test_a_logout_refuses_what_is_no_token_of_this_client(agent):
    token = agent.log_in()["refresh_token"]
    assert refusal(agent.log_out("x")) == (400, "invalid_grant", "Invalid refresh token")
    assert refusal(agent.log_out(token, client_id="iq-other-client")) == (
        400, "invalid_grant",
        "Invalid refresh token. Token client and authorized client don't match")
    assert refusal(agent.log_out(token, client_id="nobody"))[:2] == (401, "invalid_client")
    assert agent.refresh(token).status == 200


def test_a_logout_without_a_refresh_token_is_a_page_that_asks(agent):
    reply = agent.post("/logout")
    assert reply.status == 200 and b"log out?" in reply.body


def test_the_discovery_document_names_the_endpoints(sen2cube):
    issuer = sen2cube.auth_url.removesuffix("/protocol/openid-connect")
    found = exchange(issuer + "/.well-known/openid-configuration").json
    assert found == {"issuer": issuer, "token_endpoint": sen2cube.auth_url + "/token",
                     "userinfo_endpoint": sen2cube.auth_url + "/userinfo"}
