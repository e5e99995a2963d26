# SPDX-License-Identifier: MIT
"""The parts of the local Sen2Cube put together: who answers which request."""

import os
import shutil
import tempfile
import threading

from . import factbases, knowledgebases, keycloak, nginx, realm
from .certificate import Certificate
from .changes import Changes
from .churn import Churn
from .control import Control
from .exchange import html_answer
from .faults import Faults
from .inferences import Seeds
from .jobs import Jobs
from .journal import Journal
from .listener import Listener
from .relationships import Relationships
from .resources import Api
from .results import Results, through_nginx
from .rows import Collection, Store
from .schema import SCHEMAS
from .strange import strange_rows
from .synthetic import Synthetic
from .wire import Wire


# The smallest limit of the servers that Flask is usually run by: gunicorn's.
LONGEST_LINE = 4094


class LocalBackend:
    """Everything that runs; a context manager, so that every way out cleans up."""

    def __init__(self, options):
        self.options = options
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="sen2cube-"))
        self.listeners, self.nginx = [], None
        self.serving = False
        self.journal = Journal(options.print_requests)
        self.faults = Faults()
        self.keycloak = keycloak.Keycloak(options.token_lifetime, options.refresh_lifetime,
                                          options.user)
        self.control = Control(self)

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        options = self.options
        self.results = Results(os.path.join(self.folder, "results"), options)
        self.certificate = Certificate(self.folder, (options.api_host, options.files_host),
                                       options.rsa)
        self.nginx = nginx.Nginx(self.folder, self.certificate, self.results.folder)
        self.listen(0 if options.api_tls else options.port, self.answer_api)
        self.listen(0, self.answer_files)
        api, files = (listener.port for listener in self.listeners)
        files_port = self.nginx.add(nginx.FILES, options.files_port, files)
        api_port = self.nginx.add(nginx.API, options.port, api) if options.api_tls else api
        base = f"{'https' if options.api_tls else 'http'}://{options.api_host}"
        ports = self.wired(api=api_port, auth=api_port, files=files_port)
        auth = f"{base}:{ports['auth']}"
        self.files_url = f"https://{options.files_host}:{ports['files']}"
        self.urls = {"api_url": f"{base}:{ports['api']}/v1", "auth_url": auth + keycloak.BASE,
                     "files_url": self.files_url, "ca_file": self.certificate.authority,
                     "control_url": f"http://127.0.0.1:{api}/control", "pid": os.getpid()}
        self.keycloak.issuer = auth + realm.PATH
        self.fill()
        self.nginx.start()
        for listener in self.listeners:
            threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True).start()
        self.serving = True

    def wired(self, **ports):
        """Where clients find the servers that listen there."""
        if not self.options.wire:
            return ports
        for server, port in ports.items():
            has_tls = server == "files" or self.options.api_tls
            self.faults.wires.append(
                Wire(server, port, self.faults, self.certificate if has_tls else None))
        return {wire.server: wire.port for wire in self.faults.wires}

    def listen(self, port, answer):
        self.listeners.append(Listener(port, answer))

    def fill(self):
        options = self.options
        synthetic = Synthetic(options.inferences) if options.inferences else None
        self.store = Store({kind: Collection(schema, synthetic if kind == "inference" else None)
                            for kind, schema in SCHEMAS.items()})
        for row in factbases.rows(self.files_url):
            self.store["factbase"].add(row)
        if not options.show_foreign_factbase:
            self.store["factbase"].hidden.add(factbases.FOREIGN)
        for row in knowledgebases.rows():
            self.store["knowledgebase"].add(row)
        for row in Seeds(options.samples, self.results, options).rows():
            self.store["inference"].add(row)
        if synthetic:
            synthetic.take_outputs(self.store["inference"].get(10425), options.output_form)
        if options.strange_rows:
            for kind, row in strange_rows():
                self.store[kind].add(row)
        jobs = Jobs(self.store, self.results, options)
        self.churn = Churn(self.store)
        self.api = Api(self.store, options, Changes(self.store, options, jobs),
                       Relationships(self.store, options), self.churn)

    def stop(self):
        for wire in self.faults.wires:
            wire.stop()
        for listener in self.listeners:
            # shutdown() waits for serve_forever, which must have begun.
            if self.serving:
                listener.shutdown()
            listener.server_close()
        if self.nginx:
            self.nginx.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def proxied(self, request):
        """What nginx knows of its client, in place of what this side sees of nginx."""
        request.client = request.header("X-Client-Address") or request.client
        request.http_version = request.header("X-Client-Protocol") or request.http_version

    def answer_api(self, request):
        if request.path.startswith("/control/"):
            return self.control.answer(request)
        if self.options.api_tls:
            self.proxied(request)
        request.server = "auth" if request.path.startswith("/realms/") else "api"
        answer = self.recorded(request, self.normal_api)
        return through_nginx(answer) if self.options.api_tls else answer

    def answer_files(self, request):
        self.proxied(request)
        request.server = "files"
        return through_nginx(self.recorded(request, self.normal_file))

    def recorded(self, request, normal):
        bearer, token = self.keycloak.classify(request.header("Authorization"))
        self.journal.arrive(request, bearer, token.number if token else None)
        fault = self.faults.match(request)

        def make(whole):
            return normal(request, bearer, token, whole)
        answer = fault.answer(make) if fault else make(False)
        decided = request.entry["status"] if "X-Accel-Redirect" in answer.headers else None
        self.journal.answered(request, decided or answer.status)
        return answer

    def normal_api(self, request, bearer, token, _whole):
        if request.server == "auth":
            return self.keycloak.answer(request, bearer, token)
        if len(f"{request.method} {request.path}?{request.query} HTTP/1.1") > LONGEST_LINE:
            return html_answer(400, "Request Line is too large.")
        if request.path.startswith("/v1/"):
            return self.api.answer(request, bearer)
        return html_answer(404, "The requested URL was not found on the server.")

    def normal_file(self, request, bearer, _token, whole):
        return self.results.answer(request, bearer, whole)
