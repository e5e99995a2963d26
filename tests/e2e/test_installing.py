# SPDX-License-Identifier: MIT
"""`cmake --install`, the target `uninstall`, and a build folder under which GDAL changes."""

import json
import os
import re
import shutil
import subprocess

import pytest

from .support import COMPOSITE, GDAL_MINOR, ROOT, SECONDS

BUILD = os.path.join(ROOT, "build")
LIST = os.path.join(BUILD, "installed_files.txt")


def command(*arguments, **variables):
    done = subprocess.run([str(part) for part in arguments], env={**os.environ, **variables},
                          capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files_below(folder):
    return [path for path in folder.rglob("*") if not path.is_dir()]


@pytest.fixture
def destination(tmp_path):
    """Where it is installed below; what is installed on this machine keeps its list."""
    kept = tmp_path / "kept"
    if os.path.exists(LIST):
        shutil.move(LIST, kept)
    # GLOB of CMake takes brackets for a choice.
    root = tmp_path / "root [here]"
    command("cmake", "--install", BUILD, DESTDIR=str(root))
    yield root
    if os.path.exists(LIST):
        os.remove(LIST)
    if kept.exists():
        shutil.move(kept, LIST)


def plugin_folder(destination):
    (loader,) = destination.rglob("gdal_S2C.so")
    return loader.parent


def uninstall():
    return command("cmake", "--build", BUILD, "--target", "uninstall")


def test_the_plugin_is_found_where_it_is_installed(destination, machine):
    plugins = plugin_folder(destination)
    assert sorted(path.name for path in plugins.iterdir()) == ["gdal_S2C.so", "s2c"]
    assert [path.name for path in (plugins / "s2c").iterdir()] == [f"gdal_S2C-{GDAL_MINOR}.so"]
    found = machine.gdalinfo(COMPOSITE, GDAL_DRIVER_PATH=plugins)
    assert found["driverShortName"] == "S2C"


def test_uninstalling_removes_every_file_and_the_folders_of_its_own(destination):
    plugins, pages = plugin_folder(destination), next(destination.rglob("gdal-s2c"))
    uninstall()
    assert files_below(destination) == []
    assert plugins.exists() and not (plugins / "s2c").exists() and not pages.exists()


def test_uninstalling_leaves_what_others_have_put_there(destination):
    theirs = [plugin_folder(destination) / name for name in ("gdal_X.so", "s2c/gdal_S2C-3.99.so")]
    for path in theirs:
        path.write_bytes(b"")
    uninstall()
    assert sorted(files_below(destination)) == sorted(theirs)


def test_uninstalling_twice_says_that_nothing_is_there(destination):
    uninstall()
    done = subprocess.run(["cmake", "--build", BUILD, "--target", "uninstall"], text=True,
                          capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode != 0 and "Nothing to uninstall" in done.stdout + done.stderr


def test_the_changes_begin_with_this_version():
    with open(os.path.join(ROOT, "CHANGELOG.md"), encoding="utf-8") as file:
        newest = re.search(r"^## (\S+)$", file.read(), re.MULTILINE)[1]
    assert command(os.path.join(BUILD, "s2c"), "--version").startswith(f"s2c {newest}, ")


def test_another_gdal_under_a_build_folder_is_noticed(tmp_path):
    """As a package manager puts it there: a file of last year takes the name of the one before."""
    headers = tmp_path / "gdal"
    headers.mkdir()
    header = headers / "gdal_version.h"
    text = "".join(f"#  define GDAL_VERSION_{part}    {number}\n"
                   for part, number in (("MAJOR", 3), ("MINOR", 10), ("REV", 3)))
    header.write_text(text)
    build = tmp_path / "build"
    command("cmake", "-S", ROOT, "-B", build, "-G", "Ninja", f"-DS2C_GDAL_HEADERS={headers}",
            "-DCMAKE_BUILD_TYPE=Debug")
    assert versions(build) == {"3.10.3"}
    new = tmp_path / "new"
    new.write_text(text.replace("    10", "    11"))
    os.utime(new, (1e9, 1e9))
    shutil.move(new, header)
    command("ninja", "-C", build, "build.ninja")
    assert versions(build) == {"3.11.3"}


def versions(build):
    """Of GDAL, with which what includes its headers is compiled."""
    commands = json.loads((build / "compile_commands.json").read_text())
    known = [re.search(r'S2C_GDAL_RELEASE=\\?"?([\d.]+)', entry["command"]) for entry in commands
             if re.search(r"/(vsi|driver)/(?!loader|gdal_caller)", entry["file"])]
    return {found and found[1] for found in known}
