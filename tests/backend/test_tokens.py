# SPDX-License-Identifier: MIT
"""Keycloak: grants, rotation, expiry."""

import re
import time

from .user_agent import UserAgent, exchange

OPTIONS = ("--user", "extra:e:x")


def userinfo(sen2cube, authorization=None):
    headers = {"Authorization": authorization} if authorization else {}
    return exchange(sen2cube.auth_url + "/userinfo", headers=headers)


def test_password_grant_answers_like_keycloak(agent):
    grant = agent.log_in()
    keys = {"access_token", "expires_in", "refresh_expires_in", "refresh_token", "token_type",
            "not-before-policy", "session_state", "scope"}
    assert set(grant) == keys
    assert (grant["expires_in"], grant["refresh_expires_in"]) == (300, 1800)
    assert (grant["token_type"], grant["scope"]) == ("Bearer", "email profile")
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", grant["access_token"])
    assert 1100 < len(grant["access_token"]) < 1700
    with_openid = agent.log_in(scope="openid")
    assert set(with_openid) == {*keys, "id_token"}
    assert with_openid["scope"] == "openid email profile"


def test_wrong_password_is_401_invalid_grant(agent):
    reply = agent.grant(grant_type="password", username="demo", password="wrong")
    assert reply.status == 401
    assert reply.json == {"error": "invalid_grant",
                          "error_description": "Invalid user credentials"}


def test_unknown_client_and_grant_and_missing_grant_are_refused(agent):
    unknown = agent.grant(grant_type="password", client_id="nobody", username="demo")
    assert (unknown.status, unknown.json["error"]) == (401, "invalid_client")
    assert agent.grant(grant_type="magic").json["error"] == "unsupported_grant_type"
    assert agent.grant().json["error"] == "invalid_request"


def test_password_of_signs_that_need_encoding_works(sen2cube):
    other = UserAgent(sen2cube, sen2cube.OTHER_USERNAME, sen2cube.OTHER_PASSWORD)
    other.log_in(scope="openid")
    assert userinfo(sen2cube, f"Bearer {other.token}").json["preferred_username"] != "other"


def test_user_option_adds_a_user_whose_password_may_hold_a_colon(sen2cube):
    UserAgent(sen2cube, "extra", "e:x").log_in()


def test_userinfo_tells_the_preferred_username_also_after_login_by_email(sen2cube):
    agent = UserAgent(sen2cube, "demo@example.org")
    agent.log_in(scope="openid")
    info = userinfo(sen2cube, f"bearer {agent.token}").json
    assert info["preferred_username"] == "demo"
    assert {"sub", "email", "name"} < set(info)


def test_userinfo_without_a_good_bearer_is_401(sen2cube):
    assert userinfo(sen2cube).status == 401
    assert userinfo(sen2cube, "Bearer x").status == 401


def test_refresh_gives_a_new_pair_and_the_old_access_token_lives_on(agent, sen2cube):
    first = agent.log_in(scope="openid")
    second = agent.refresh(first["refresh_token"]).json
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    assert userinfo(sen2cube, f"Bearer {first['access_token']}").status == 200
    assert agent.refresh(second["refresh_token"]).status == 200


def test_refresh_token_used_twice_ends_the_session(agent, sen2cube):
    first = agent.log_in()
    second = agent.refresh(first["refresh_token"]).json
    reply = agent.refresh(first["refresh_token"])
    assert (reply.status, reply.json["error"]) == (400, "invalid_grant")
    assert reply.json["error_description"] == "Maximum allowed refresh token reuse exceeded"
    assert agent.refresh(second["refresh_token"]).json["error_description"] == \
        "Session doesn't have required client"
    assert userinfo(sen2cube, f"Bearer {second['access_token']}").status == 401


def test_access_token_ends_with_its_lifetime(agent, sen2cube):
    sen2cube.settings(token_lifetime=1, refresh_lifetime=1)
    try:
        grant = agent.log_in()
        assert (grant["expires_in"], grant["refresh_expires_in"]) == (1, 1)
        assert agent.get("/factbase/99").status == 200
        time.sleep(1.05)
        assert agent.get("/factbase/99").status == 401
        assert sen2cube.requests()[-1]["bearer"] == "expired"
        assert agent.refresh(grant["refresh_token"]).status == 400
    finally:
        sen2cube.settings(token_lifetime=300, refresh_lifetime=1800)


def test_control_expires_access_tokens_but_not_refresh_tokens(agent, sen2cube):
    grant = agent.log_in()
    sen2cube.expire_access()
    assert agent.get("/factbase/99").status == 401
    assert agent.refresh(grant["refresh_token"]).status == 200


def test_control_revokes_refresh_tokens_but_not_access_tokens(agent, sen2cube):
    grant = agent.log_in()
    sen2cube.revoke_refresh()
    assert agent.get("/factbase/99").status == 200
    assert agent.refresh(grant["refresh_token"]).json["error"] == "invalid_grant"


def test_control_revokes_everything(agent, sen2cube):
    grant = agent.log_in()
    sen2cube.revoke_all()
    assert agent.get("/factbase/99").status == 401
    assert agent.refresh(grant["refresh_token"]).status == 400


def test_grants_and_token_numbers_are_recorded_but_no_token(agent, sen2cube):
    grant = agent.log_in()
    agent.get("/factbase/99")
    agent.refresh(grant["refresh_token"])
    entries = sen2cube.requests()
    assert [entry["grant"] for entry in entries] == ["password", None, "refresh_token"]
    assert isinstance(entries[1]["token"], int) and entries[1]["bearer"] == "good"
    assert grant["access_token"] not in repr(entries)
