# SPDX-License-Identifier: MIT
"""The loader for Windows opens the plugin of the GDAL that called, or says why it does not.

The GDALs and plugins are none, but have what the loader looks at: so they can be of any name.
"""

import pathlib
import shutil
import struct

import pytest

from .support import BUILD, compile_c, run, succeed, windows_path

HERE = pathlib.Path(__file__).parent
LOADER = BUILD / "gdalplugins" / "gdal_S2C.dll"
GDAL = "libgdal-99.dll"
HAS_DRIVER = "GDAL 3060200 has S2C"


def make_gdal(folder, name=GDAL, version="3060200"):
    return compile_c(folder / name, "-shared", f'-DVERSION_NUM="{version}"', HERE / "fake_gdal.c")


def make_plugin(target, gdal, *arguments):
    return compile_c(target, "-shared", *arguments, HERE / "fake_plugin.c", gdal)


def make_library(folder, name):
    source = folder / "needed.c"
    folder.mkdir(parents=True, exist_ok=True)
    source.write_text("__declspec(dllexport) int Needed(void) { return 1; }\n")
    return compile_c(folder / name, "-shared", source)


@pytest.fixture(scope="session", name="parts")
def parts_fixture(tmp_path_factory):
    """What nearly every test needs, compiled once."""
    folder = tmp_path_factory.mktemp("parts")
    make_plugin(folder / "plugin.dll", make_gdal(folder), "-s")
    compile_c(folder / "program.exe", "-municode", HERE / "fake_program.c")
    return folder


class Machine:
    """A GDAL, a program that uses it, and a folder of plugins with the loader and no plugin yet."""

    def __init__(self, folder, parts):
        self.folder = folder
        self.program = parts / "program.exe"
        self.whole = parts / "plugin.dll"
        (folder / "gdal").mkdir()
        self.gdal = shutil.copy(parts / GDAL, folder / "gdal" / GDAL)
        self.plugins = folder / "plugins"
        self.plugin = self.plugins / "s2c" / "gdal_S2C-3.6.dll"
        self.plugin.parent.mkdir(parents=True)
        shutil.copy(LOADER, self.plugins)

    def put_plugin(self):
        shutil.copy(self.whole, self.plugin)

    def ask(self, *gdals, **environment):
        """What the loader and the plugin say to a program that asks twice by each GDAL."""
        return succeed(self.program, self.plugins / LOADER.name, *(gdals or [self.gdal]),
                       **environment).splitlines()

    def warning(self, *gdals, **environment):
        """The only thing that is said, although the program has asked twice."""
        lines = self.ask(*gdals, **environment)
        assert len(lines) == 1, lines
        assert lines[0].startswith("Warning 1: No name that begins with S2C: or /vsis2c/ opens")
        assert lines[0].endswith("; install gdal_S2C for GDAL 3.6 or build it against that.")
        return lines[0]


@pytest.fixture
def machine(tmp_path, parts):
    return Machine(tmp_path, parts)


def test_a_plugin_is_asked_whenever_its_gdal_asks(machine):
    machine.put_plugin()
    assert machine.ask() == [HAS_DRIVER] * 2


def test_folders_may_have_any_name(machine):
    machine.put_plugin()
    machine.plugins = machine.plugins.rename(machine.folder / "Zusätze – 插件 (x)")
    assert machine.ask() == [HAS_DRIVER] * 2


def test_without_a_plugin_one_warning_names_the_file(machine):
    warning = machine.warning()
    folder = windows_path(machine.plugins)
    assert f"{folder}/s2c/gdal_S2C-3.6.dll, the plugin for its GDAL 3.6, is not there;" in warning


def test_a_plugin_in_another_folder_of_the_path_is_no_reason_to_warn(machine, tmp_path):
    other = tmp_path / "other"
    (other / "s2c").mkdir(parents=True)
    shutil.copy(machine.whole, other / "s2c" / machine.plugin.name)
    path = f"Z:\\nowhere;{windows_path(other)};"
    assert machine.ask(GDAL_DRIVER_PATH=path) == []
    assert "is not there" in machine.warning(GDAL_DRIVER_PATH="Z:\\nowhere;")


def test_a_plugin_for_a_gdal_of_another_name_is_not_loaded(machine, tmp_path):
    make_plugin(machine.plugin, make_gdal(tmp_path / "elsewhere", "gdal306.dll"))
    assert f"is not made for its library {GDAL};" in machine.warning()


def test_a_name_is_one_in_any_case(machine, tmp_path):
    machine.put_plugin()
    assert machine.ask(machine.gdal.rename(tmp_path / "LibGDAL-99.DLL")) == [HAS_DRIVER] * 2


def test_two_gdals_of_one_name_are_not_taken_for_one(machine, tmp_path):
    machine.put_plugin()
    twin = make_gdal(tmp_path / "twin")
    lines = machine.ask(machine.gdal, twin)
    assert lines[:2] == [HAS_DRIVER] * 2
    assert len(lines) == 3 and f"is not made for its library {GDAL};" in lines[2]


def test_each_gdal_of_a_process_gets_its_plugin(machine, tmp_path):
    other = make_gdal(tmp_path / "other", "gdal313.dll", "3130300")
    machine.put_plugin()
    make_plugin(machine.plugin.with_name("gdal_S2C-3.13.dll"), other)
    assert machine.ask(other, machine.gdal) == ["GDAL 3130300 has S2C"] * 2 + [HAS_DRIVER] * 2


def test_a_plugin_may_need_what_lies_beside_its_gdal(machine):
    make_plugin(machine.plugin, machine.gdal, "-DNEEDED",
                make_library(machine.gdal.parent, "libneeded.dll"))
    assert machine.ask() == [HAS_DRIVER] * 2


def test_a_library_that_a_plugin_needs_is_not_taken_from_the_current_folder(machine, tmp_path):
    current = tmp_path / "current"
    make_plugin(machine.plugin, machine.gdal, "-DNEEDED", make_library(current, "libneeded.dll"))
    assert "does not load: libneeded.dll, which it needs, is not found or lacks" in machine.warning(
        cwd=current)


def test_a_library_without_the_door_is_no_plugin(machine):
    make_plugin(machine.plugin, machine.gdal, "-DDOORLESS")
    assert "does not load: it has no GDALRegister_S2C;" in machine.warning()


@pytest.mark.parametrize("size", (0, 63, 300, 600, 5000))
def test_a_file_that_was_cut_off_is_not_loaded(machine, size):
    content = machine.whole.read_bytes()
    assert len(content) > 5000
    machine.plugin.write_bytes(content[:size])
    assert "does not load: the file is cut off or no library for this kind of program;" in (
        machine.warning())


@pytest.mark.parametrize("content", (b"<html>The page was not found.</html>" * 100, b"MZ" * 3000))
def test_what_is_no_library_is_not_loaded(machine, content):
    machine.plugin.write_bytes(content)
    assert "does not load: the file is cut off or no library" in machine.warning()


# Offsets from "PE\0\0" (Microsoft's "PE Format"): what a head says of the rest is not believed.
@pytest.mark.parametrize("place, value, why", [
    (6, struct.pack("<H", 0xFFFF), "the file is cut off or no library"),
    (20, struct.pack("<H", 0xFFFF), "the file is cut off or no library"),
    (24, struct.pack("<H", 0x10B), "the file is cut off or no library"),
    (24 + 120, struct.pack("<I", 0), "is not made for its library"),
    (24 + 120, struct.pack("<I", 0xFFFFFFF0), "is not made for its library"),
    (24 + 120, struct.pack("<I", 0x1000), "is not made for its library")])
def test_a_head_that_leads_elsewhere_leads_nowhere(machine, place, value, why):
    content = bytearray(machine.whole.read_bytes())
    head = struct.unpack_from("<I", content, 60)[0]
    content[head + place:head + place + len(value)] = value
    machine.plugin.write_bytes(content)
    assert why in machine.warning()


def test_a_program_without_a_gdal_is_told_nothing(machine):
    machine.put_plugin()
    program = machine.folder / "stranger.exe"
    source = machine.folder / "stranger.c"
    source.write_text('#include <windows.h>\nint wmain(int n, wchar_t** w) {\n'
                      'void (*f)(void) = (void (*)(void))(void*)GetProcAddress('
                      'LoadLibraryW(w[1]), "GDALRegister_S2C"); f(); return 3; }\n')
    compile_c(program, "-municode", source)
    done = run(program, machine.plugins / LOADER.name)
    assert (done.returncode, done.stdout) == (3, "")
