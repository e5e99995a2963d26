# SPDX-License-Identifier: MIT
"""One login for all programs of a user of Windows, and none for others."""

import json
import time

from .machine import COMPOSITE

PROCESSES = 8


def let_access_token_end(folder):
    """As a long break would leave it: the access token over, the refresh token good."""
    (file,) = folder.glob("*.json")
    file.write_text(json.dumps({**json.loads(file.read_text()), "expires_at": time.time() - 1}))


def test_programs_that_start_together_log_in_once_and_refresh_once(windows, sen2cube):
    assert all(done.returncode == 0
               for done in windows.run_together(PROCESSES, "gdalinfo", COMPOSITE))
    assert windows.grants() == [("password", 200)]
    let_access_token_end(windows.folder / "tokens")
    sen2cube.forget()
    assert all(done.returncode == 0
               for done in windows.run_together(PROCESSES, "gdalinfo", COMPOSITE))
    assert windows.grants() == [("refresh_token", 200)]


def test_a_home_with_umlauts_and_blanks_keeps_the_tokens(windows, sen2cube):
    home = windows.folder / "Jörg Müller"
    home.mkdir(mode=0o700)
    for grants in ([("password", 200)], []):
        sen2cube.forget()
        done = windows.run_at_home(home, "gdalinfo", COMPOSITE)
        assert (done.returncode, done.stderr) == (0, "")
        assert windows.grants() == grants
    folder = home / "AppData" / "Local" / "gdal_S2C"
    tokens = [file for file in folder.rglob("*.json") if "access_token" in file.read_text()]
    assert len(tokens) == 1
    # wine takes the group for the administrators, who may see it on Windows.
    for path in (folder, *tokens):
        assert path.stat().st_mode & 0o007 == 0, path


def test_sen2clis_own_file_at_home_is_a_way_in(windows, sen2cube):
    home = windows.folder / "Jörg Müller"
    (home / ".sen2cli").mkdir(parents=True, mode=0o700)
    windows.succeed("gdalinfo", COMPOSITE)
    (stored,) = (windows.folder / "tokens").glob("*.json")
    kept = {name: value for name, value in json.loads(stored.read_text()).items()
            if not name.startswith("s2c_")}
    (home / ".sen2cli" / "token.json").write_text(json.dumps(kept))
    sen2cube.forget()
    done = windows.run_at_home(home, "gdalinfo", COMPOSITE, S2C_USERNAME=None, S2C_PASSWORD=None)
    assert (done.returncode, done.stderr) == (0, "")
    assert windows.grants() == []


def test_a_wrong_password_is_refused_and_named_by_no_message(windows):
    said = windows.refusal("gdalinfo", COMPOSITE, S2C_PASSWORD="hidden wrong one")
    assert "the login of 'demo' was refused" in said
    assert "hidden" not in said
    assert windows.grants() == [("password", 401)]


def test_nobodys_tokens_are_in_what_debugging_shows(windows):
    done = windows.run("gdalinfo", "--debug", "on", COMPOSITE)
    assert done.returncode == 0, done
    (file,) = (windows.folder / "tokens").glob("*.json")
    kept = json.loads(file.read_text())
    for secret in (kept["access_token"], kept["refresh_token"], windows.sen2cube.PASSWORD):
        assert secret not in done.output + done.errors
