# SPDX-License-Identifier: MIT
"""nginx as the server of result files, with a configuration of its own."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time

from .results import CUT, INTERNAL

CONFIGURATION = """\
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1000; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server_tokens off;
    sendfile on;
    keepalive_requests 1000000;
    client_max_body_size 0;
    large_client_header_buffers 8 64k;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    proxy_http_version 1.1;
    proxy_next_upstream off;
    proxy_read_timeout 1h;
    proxy_set_header Host $http_host;
    proxy_set_header Connection "";
    proxy_set_header X-Client-Protocol $server_protocol;
    proxy_set_header X-Client-Address $remote_addr:$remote_port;
{servers}
}}
"""

FILES = """\
    upstream files {{ server 127.0.0.1:{backend}; keepalive 16; }}
    server {{
        listen 127.0.0.1:{port} ssl http2;
        location / {{ proxy_pass http://files; }}
        location {internal}/ {{ internal; alias {results}/; }}
        location = {cut} {{ internal; return 444; }}
    }}
"""

API = """\
    upstream api {{ server 127.0.0.1:{backend}; keepalive 16; }}
    server {{
        listen 127.0.0.1:{port} ssl http2;
        location / {{ proxy_pass http://api; }}
        location = {cut} {{ internal; return 444; }}
    }}
"""


def listening_socket(port):
    """nginx gets the socket itself: no other process can take the port in between."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind(("127.0.0.1", port))
    found.listen(512)
    # nginx leaves an inherited socket as it is; a blocking accept would stop its one process.
    found.setblocking(False)
    return found


def die_with_parent():
    """prctl(PR_SET_PDEATHSIG): not even SIGKILL of the parent leaves nginx behind."""
    try:
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    except (OSError, AttributeError):
        pass


def worker_user():
    """Workers of root's nginx become nobody, who cannot read the temporary folder.

    master_process off would spare the worker, but crashes with inherited sockets (1.22).
    """
    return "user root root;" if os.geteuid() == 0 else ""


def program():
    # Debian keeps it in /usr/sbin, which is not in everybody's PATH.
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise FileNotFoundError("nginx is not installed (Debian package nginx-light)")
    return found


class Nginx:
    def __init__(self, folder, certificate, results):
        self.folder, self.certificate, self.results = folder, certificate, results
        self.sockets, self.servers = [], []
        self.process = None

    def add(self, template, port, backend):
        """A server in front of `backend`; returns its port."""
        opened = listening_socket(port)
        self.sockets.append(opened)
        port = opened.getsockname()[1]
        self.servers.append(template.format(backend=backend, port=port, internal=INTERNAL,
                                            cut=CUT, results=self.results))
        return port

    def start(self):
        configuration = os.path.join(self.folder, "nginx.conf")
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(
                folder=self.folder, user=worker_user(), certificate=self.certificate.file,
                key=self.certificate.key, servers="".join(self.servers)))
        numbers = [opened.fileno() for opened in self.sockets]
        self.process = subprocess.Popen(
            [program(), "-p", self.folder, "-c", configuration,
             "-e", os.path.join(self.folder, "error.log")],
            pass_fds=numbers, preexec_fn=die_with_parent, stdin=subprocess.DEVNULL,
            env={**os.environ, "NGINX": "".join(f"{number};" for number in numbers)})
        self.wait()
        for opened in self.sockets:
            opened.close()

    def wait(self):
        """Until the pid file is there, which nginx writes once its configuration stands."""
        deadline = time.monotonic() + 10
        while not os.path.exists(os.path.join(self.folder, "nginx.pid")):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"nginx did not start: {self.log()}")
            time.sleep(0.005)

    def log(self):
        with open(os.path.join(self.folder, "error.log"), encoding="utf-8") as file:
            return file.read()

    def stop(self):
        for opened in self.sockets:
            opened.close()
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
