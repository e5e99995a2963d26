# SPDX-License-Identifier: MIT
"""A real terminal (a pty) with a program in it, and the program s2c in one or in a pipe."""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

from .support import ROOT, SECONDS, assert_no_secret

S2C = os.path.join(ROOT, "build", "s2c")


class Terminal:
    """Runs a program whose standard streams are a terminal, save those that are given."""

    def __init__(self, machine, *command, columns=100, stdin=None, stdout=None, stderr=None,
                 **variables):
        self.master, slave = pty.openpty()
        self.ended = False
        self.text = ""
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

        def take_terminal():
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        streams = {"stdin": stdin, "stdout": stdout, "stderr": stderr}
        self.process = subprocess.Popen(
            [str(part) for part in command], cwd=machine.work, preexec_fn=take_terminal,
            env=machine.environment(TERM="xterm", **variables), pass_fds=(slave,),
            **{name: slave if stream is None else stream for name, stream in streams.items()})
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)

    def read(self, seconds):
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return
        try:
            data = os.read(self.master, 65536)
        except OSError:  # nobody has the terminal open any more
            data = b""
        self.ended = not data
        self.text += data.decode()

    def wait_for(self, text, seconds=SECONDS):
        """All that was shown until `text` came, and that is taken off."""
        deadline = time.monotonic() + seconds
        while text not in self.text:
            assert not self.ended and time.monotonic() < deadline, self.text
            self.read(0.2)
        before, self.text = self.text.split(text, 1)
        return before + text

    def type(self, text):
        os.write(self.master, text.encode())

    def interrupt(self):
        self.type("\x03")

    def echoes(self):
        return bool(termios.tcgetattr(self.master)[3] & termios.ECHO)

    def end(self, seconds=SECONDS):
        """The exit code, as a shell has it, and the rest of what was shown."""
        deadline = time.monotonic() + seconds
        while not self.ended:
            assert time.monotonic() < deadline, self.text
            self.read(0.2)
        code = self.process.wait(seconds)
        return (128 - code if code < 0 else code), self.text


def shown(text):
    """What stands on a screen: a carriage return goes back to the line's beginning."""
    lines = []
    for line in text.split("\n"):
        cells = []
        for part in line.rstrip("\r").split("\r"):
            cells[:len(part)] = part
        lines.append("".join(cells).rstrip())
    return "\n".join(lines)


def run_s2c(machine, *arguments, **variables):
    done = machine.run(S2C, *arguments, **variables)
    assert_no_secret(done.stdout + done.stderr)
    return done


def succeed(machine, *arguments, **variables):
    """Standard output of a command that ends well and says nothing else."""
    done = run_s2c(machine, *arguments, **variables)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def answer(machine, *arguments, **variables):
    return json.loads(succeed(machine, *arguments, "--json", **variables))


def refusal(machine, code, *arguments, **variables):
    """The one sentence on standard error of a command that ends with `code`."""
    done = run_s2c(machine, *arguments, **variables)
    assert done.returncode == code, (done.returncode, done.stderr)
    lines = done.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("s2c: "), done.stderr
    return lines[0].removeprefix("s2c: ")


def rows(text):
    """The table that a pipe gets, as dictionaries."""
    header, *lines = text.splitlines()
    return [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]


def start_s2c(machine, *arguments, **variables):
    """In pipes, to be ended by a signal."""
    return subprocess.Popen([S2C, *map(str, arguments)], cwd=machine.work, text=True,
                            env=machine.environment(**variables), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def interrupted(process, seconds=SECONDS):
    """Sends Ctrl-C's signal; what came on standard error, once the program is dead of it."""
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=seconds)
    assert process.returncode == -signal.SIGINT
    return errors
