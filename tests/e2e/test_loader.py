# SPDX-License-Identifier: MIT
"""What GDAL finds is a loader: it opens the plugin of the GDAL that called, or says that it cannot."""

import pathlib
import shutil
import sys

import pytest
from osgeo import gdal

from . import foreign_gdal
from .support import COMPOSITE, END_OF_CHILD, GDAL_MINOR, PLUGIN_DIR, ROOT, same_pixels, sample

PLUGIN = f"s2c/gdal_S2C-{GDAL_MINOR}.so"
# The plugin that belongs to no GDAL in particular, as Python's package has it.
FOR_ANY = pathlib.Path(ROOT, "build", "any", PLUGIN)
# Twice, as a program that takes the drivers down and wants them again.
PYTHON = """
from osgeo import gdal, ogr
gdal.UseExceptions()
ogr.UseExceptions()
gdal.AllRegister()
print(gdal.GetDriverByName("S2C"), gdal.Open("%s").RasterCount)
"""


@pytest.fixture
def folder(tmp_path):
    """A folder of plugins with the loader, and no plugin yet."""
    plugins = tmp_path / "plugins"
    (plugins / "s2c").mkdir(parents=True)
    shutil.copy(pathlib.Path(PLUGIN_DIR) / "gdal_S2C.so", plugins)
    return plugins


def with_another_name(content, name):
    """For a libgdal, or whatever else, that is not on this machine."""
    assert name.encode() in content
    return content.replace(name.encode() + b"\0", name[:-1].encode() + b"~\0")


def put_nothing(_):
    pass


def put_an_empty_file(path):
    path.write_bytes(b"")


def put_a_part(path):
    path.write_bytes((pathlib.Path(PLUGIN_DIR) / PLUGIN).read_bytes()[:500_000])


def put_a_text(path):
    path.write_text("<html>The page was not found.</html>" * 100)


def put_another_program(path):
    shutil.copy("/bin/true", path)


def put_one_for_another_library(path):
    content = (pathlib.Path(PLUGIN_DIR) / PLUGIN).read_bytes()
    path.write_bytes(with_another_name(content, foreign_gdal.library_of_gdal()[1]))


def put_one_that_needs_what_is_gone(path):
    path.write_bytes(with_another_name((pathlib.Path(PLUGIN_DIR) / PLUGIN).read_bytes(),
                                       "libexpat.so.1"))


def put_one_for_any_that_needs_what_is_gone(path):
    path.write_bytes(with_another_name(FOR_ANY.read_bytes(), "libexpat.so.1"))


@pytest.mark.parametrize("put, why", [
    (put_nothing, "is not there"),
    (put_an_empty_file, "does not load: "),
    (put_a_part, "does not load: the file is cut off"),
    (put_a_text, "does not load: the file is cut off or no library"),
    (put_another_program, "is not made for its library libgdal.so"),
    (put_one_for_another_library, "is not made for its library libgdal.so"),
    (put_one_that_needs_what_is_gone, "does not load: libexpat.so.~: "),
    (put_one_for_any_that_needs_what_is_gone, "does not load: libexpat.so.~: ")])
def test_without_a_plugin_that_loads_one_warning_is_all(machine, folder, put, why):
    put(folder / PLUGIN)
    local = sample("Cloud_free_composite")
    for program in (["gdalinfo", local], ["ogrinfo", "--formats"],
                    [sys.executable, "-c", PYTHON % local]):
        without = machine.run(*program, GDAL_DRIVER_PATH="disable")
        done = machine.run(*program, GDAL_DRIVER_PATH=folder)
        assert (done.returncode, done.stdout) == (without.returncode, without.stdout)
        assert without.stderr == "" and done.stderr.count("\n") == 1
        assert done.stderr.startswith("Warning 1: No name that begins with S2C: or /vsis2c/ opens")
        assert f"{folder}/{PLUGIN}, the plugin for its GDAL {GDAL_MINOR}, {why}" in done.stderr
        assert f"install gdal_S2C for GDAL {GDAL_MINOR}" in done.stderr


def test_the_plugin_of_another_version_is_not_looked_at(machine, folder):
    (folder / "s2c" / "gdal_S2C-2.4.so").write_bytes(b"nothing")
    done = machine.run("ogrinfo", "--formats", GDAL_DRIVER_PATH=folder)
    assert done.returncode == 0 and "2.4" not in done.stderr


@pytest.mark.parametrize("order", ["{0}:{1}", "{1}:{0}", "/nowhere:{1}::{0}:"])
def test_another_folder_without_a_plugin_says_nothing(machine, folder, order):
    assert "S2C" in machine.succeed("gdalinfo", "--format", "S2C",
                                    GDAL_DRIVER_PATH=order.format(PLUGIN_DIR, folder))


def test_a_plugin_for_any_gdal_serves_the_one_that_called(machine, folder, tmp_path):
    shutil.copy(FOR_ANY, folder / PLUGIN)
    copy = tmp_path / "copy.tif"
    machine.succeed("gdal_translate", "-q", COMPOSITE, copy, GDAL_DRIVER_PATH=folder)
    copied, local = gdal.Open(str(copy)), gdal.Open(sample("Cloud_free_composite"))
    assert same_pixels(copied.ReadAsArray(), local.ReadAsArray())


def test_drivers_that_are_taken_down_come_again_from_one_plugin(machine, folder):
    shutil.copy(FOR_ANY, folder / PLUGIN)
    program = ("import json\nfrom osgeo import gdal\nfor _ in range(3):\n"
               "    gdal.GetDriverByName('S2C').Deregister()\n    gdal.AllRegister()\n"
               "print(json.dumps([line.split()[-2] for line in open('/proc/self/maps')\n"
               "                  if 'memfd' in line and ' r-xp ' in line]))")
    assert machine.python(program, GDAL_DRIVER_PATH=folder) == ["/memfd:gdal_S2C"]


@pytest.mark.parametrize("first", (0, 1))
def test_each_gdal_of_a_process_gets_a_plugin_of_its_own(machine, folder, tmp_path, first):
    shutil.copy(FOR_ANY, folder / PLUGIN)
    gdals = [foreign_gdal.library_of_gdal()[0], foreign_gdal.copy_of_gdal(tmp_path)]
    local = gdal.Open(sample("Cloud_free_composite"))
    expected = local.GetRasterBand(1).ReadAsArray(0, 0, foreign_gdal.WIDTH, foreign_gdal.HEIGHT)
    found = machine.python(
        f"import runpy, sys; sys.argv[0] = {foreign_gdal.__file__!r}; "
        "runpy.run_path(sys.argv[0], run_name='__main__')",
        COMPOSITE, gdals[first], gdals[1 - first], GDAL_DRIVER_PATH=folder)
    assert found == [expected.flatten().tolist()] * 2


def test_a_plugin_bound_to_one_gdal_is_refused_to_another(machine, tmp_path):
    ours, copy = foreign_gdal.library_of_gdal()[0], foreign_gdal.copy_of_gdal(tmp_path)
    done = machine.run(sys.executable, foreign_gdal.__file__, COMPOSITE, copy, ours)
    assert done.returncode == 0 and done.stdout.startswith("[null, [")
    warnings = [line for line in done.stderr.splitlines() if line.startswith("Warning ")]
    assert len(warnings) == 1 and "is not made for its library libgdal.so" in warnings[0]


def test_a_library_by_the_name_of_another_is_told_so(machine, folder, tmp_path):
    shutil.copy(FOR_ANY, folder / PLUGIN)
    ours = foreign_gdal.library_of_gdal()[0]
    twin = tmp_path / "twin.so"
    shutil.copy(ours, twin)
    done = machine.run(sys.executable, foreign_gdal.__file__, COMPOSITE, ours, twin,
                       GDAL_DRIVER_PATH=folder)
    assert done.returncode == 0 and done.stdout.startswith("[[") and done.stdout.endswith("null]\n")
    warnings = [line for line in done.stderr.splitlines() if line.startswith("Warning ")]
    assert len(warnings) == 1 and "is not made for its library libgdal.so" in warnings[0]


# Children that are born while another thread loads the plugin, and register drivers themselves.
FORKING = END_OF_CHILD + """
import ctypes, json, sys, threading, warnings
# Python 3.12 and newer warn of what is tried here.
warnings.simplefilter("ignore", DeprecationWarning)
gdal = ctypes.CDLL(sys.argv[1])
thread = threading.Thread(target=gdal.GDALAllRegister)
thread.start()
children = []
for _ in range(8):
    time.sleep(0.003)
    child = os.fork()
    if child == 0:
        gdal.GDALAllRegister()
        os._exit(0)
    children.append(child)
thread.join()

print(json.dumps([end_of(child, 30) for child in children]))
"""


def test_a_child_that_is_forked_while_the_plugin_is_loaded_goes_on(machine, folder):
    shutil.copy(FOR_ANY, folder / PLUGIN)
    library = foreign_gdal.library_of_gdal()[0]
    assert machine.python(FORKING, library, GDAL_DRIVER_PATH=folder) == [0] * 8
