# SPDX-License-Identifier: MIT
"""Run with QGIS' Python: project_program.py read PROJECT, or end PROJECT SECONDS.

`read` reads the project and prints JSON; `end` does the same, and C's exit() is called from another
thread after so many seconds.
"""

import ctypes
import json
import sys
import time

from qgis.core import QgsApplication, QgsProject

SIGEV_THREAD = 2


class SigEvent(ctypes.Structure):
    """struct sigevent: whom timer_create(2) calls in a thread of its own."""

    _fields_ = [("value", ctypes.c_void_p), ("signal", ctypes.c_int), ("notify", ctypes.c_int),
                ("function", ctypes.c_void_p), ("attributes", ctypes.c_void_p),
                ("rest", ctypes.c_char * 64)]


class TimerSpec(ctypes.Structure):
    _fields_ = [("interval", ctypes.c_long * 2), ("first", ctypes.c_long * 2)]


def exit_after(seconds):
    libc = ctypes.CDLL(None)
    event = SigEvent(notify=SIGEV_THREAD, function=ctypes.cast(libc.exit, ctypes.c_void_p))
    timer = ctypes.c_void_p()
    assert libc.timer_create(1, ctypes.byref(event), ctypes.byref(timer)) == 0
    spec = TimerSpec()
    spec.first[0], spec.first[1] = int(seconds), int(seconds % 1 * 1e9)
    assert libc.timer_settime(timer, 0, ctypes.byref(spec), None) == 0


def main(order, path, seconds="0"):
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    if order == "end":
        exit_after(float(seconds))
    begin = time.monotonic()
    project.read(path)
    layers = project.mapLayers().values()
    print(json.dumps({"seconds": time.monotonic() - begin, "layers": len(layers),
                      "valid": sum(layer.isValid() for layer in layers)}), flush=True)
    if order == "end":
        time.sleep(60)
    application.exitQgis()


main(*sys.argv[1:])
