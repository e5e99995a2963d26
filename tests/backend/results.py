# SPDX-License-Identifier: MIT
"""The result files: the folder behind nginx, and the answer that sends nginx there."""

import base64
import os
import re
import shutil
import time
import urllib.parse
from email.utils import formatdate

from .exchange import Answer, html_answer, unauthorized

TYPES = {".tiff": "image/tiff", ".csv": "text/csv; charset=utf-8", ".zip": "application/zip"}
INTERNAL = "/_results"
CUT = "/_cut"


def parse_range(header, size):
    """(first, last) of a single byte range, 'all' for none, 'beyond' for 416 (RFC 9110 14.2)."""
    match = re.fullmatch(r"bytes=\s*(\d*)-(\d*)\s*", header or "")
    if not match or match.group(0).strip() == "bytes=-":
        return "several" if re.fullmatch(r"bytes=[\d\s,-]+", header or "") else "all"
    first, last = match.groups()
    if not first:
        count = int(last)
        return (max(0, size - count), size - 1) if count and size else "beyond"
    if int(first) >= size or (last and int(last) < int(first)):
        return "beyond"
    return int(first), min(int(last or size - 1), size - 1)


class Results:
    def __init__(self, folder, options):
        self.folder = folder
        self.options = options
        os.makedirs(os.path.join(folder, "output"))

    def place(self, data):
        """The file of a `data` path, or None if it would leave the folder."""
        name = os.path.normpath(os.path.join(self.folder, data.lstrip("/")))
        return name if name.startswith(self.folder + os.sep) else None

    def copy(self, source, data):
        """Puts a file there by rename, so that nobody reads a half."""
        target = self.place(data)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(source, target + ".part")
        os.replace(target + ".part", target)
        return target

    def write(self, data, content):
        target = self.place(data)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(content)
        return target

    def act(self, order):
        """Control: delete, replace, create or touch a file."""
        path = self.place(order["path"])
        if path is None or (order["action"] == "create") == os.path.isfile(path):
            raise ValueError(f"no file at {order['path']}, or one to be created")
        if order["action"] == "delete":
            os.remove(path)
        elif order["action"] in ("replace", "create"):
            content = order.get("content", "replaced").encode()
            if "content_base64" in order:
                content = base64.b64decode(order["content_base64"])
            with open(path + ".part", "wb") as file:
                file.write(content)
            os.replace(path + ".part", path)
        elif order["action"] == "touch":
            # nginx's ETag and Last-Modified have seconds: one more than whatever it was.
            later = int(max(time.time(), os.stat(path).st_mtime)) + 1
            os.utime(path, (later, later))
        else:
            raise ValueError(f"unknown action {order['action']!r}")

    def answer(self, request, bearer, whole):
        """Sends nginx to the file; with `whole` the bytes come from here (truncation)."""
        if bearer != "good" and not self.options.open_files:
            return unauthorized()
        if request.method not in ("GET", "HEAD"):
            return html_answer(405, "Result files can be read only.")
        try:
            path = self.place(urllib.parse.unquote(request.path, errors="strict"))
        except UnicodeDecodeError:
            path = None
        if path is None or "\0" in path or not os.path.isfile(path):
            return html_answer(404, "There is no such result. Results are deleted regularly.")
        kind = TYPES.get(os.path.splitext(path)[1], "application/octet-stream")
        status, span = self.expected(request, path)
        if whole:
            return own_answer(status, span, path, kind)
        answer = Answer(200, b"", {"Content-Type": kind, "X-Accel-Redirect":
                        urllib.parse.quote(INTERNAL + path[len(self.folder):])})
        # The journal must have the status before nginx, which decides it, has the answer.
        request.entry["status"] = status
        return answer

    @staticmethod
    def expected(request, path):
        """(status, byte span) that nginx will answer with."""
        about = os.stat(path)
        etag = f'"{int(about.st_mtime):x}-{about.st_size:x}"'
        if request.header("If-Match") not in (None, "*", etag):
            return 412, None
        changed = formatdate(int(about.st_mtime), usegmt=True)
        if request.header("If-None-Match") in ("*", etag):
            return 304, None
        if request.header("If-None-Match") is None \
                and request.header("If-Modified-Since") == changed:
            return 304, None
        if request.header("Range") is None \
                or request.header("If-Range") not in (None, etag, changed):
            return 200, None
        span = parse_range(request.header("Range"), about.st_size)
        if span == "beyond":
            return 416, None
        if span == "several":
            return 206, None
        return (200, None) if span == "all" else (206, span)


def own_answer(status, span, path, kind):
    with open(path, "rb") as file:
        content = file.read()
    headers = {"Content-Type": kind, "Accept-Ranges": "bytes"}
    if span:
        headers["Content-Range"] = f"bytes {span[0]}-{span[1]}/{len(content)}"
        content = content[span[0]:span[1] + 1]
    return Answer(status, content, headers)


def through_nginx(answer):
    """Faults that only nginx can commit towards the client."""
    if answer.close:
        return Answer(200, b"", {"X-Accel-Redirect": CUT})
    if answer.truncate is not None:
        # Unbuffered: the client gets the part, then the connection's end.
        answer.headers["X-Accel-Buffering"] = "no"
    return answer
