# SPDX-License-Identifier: MIT
"""A certificate authority and a server certificate, made by openssl for one run."""

import os
import subprocess

# X509_check_host wants two labels after a star, so *.localhost alone never matches in OpenSSL.
HOSTS = ("localhost", "*.localhost", "demo.localhost", "api.localhost", "auth.localhost")

CONFIGURATION = """\
[req]
distinguished_name = name
prompt = no
[name]
CN = {common}
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature{encipherment}
extendedKeyUsage = serverAuth
subjectAltName = IP:127.0.0.1, {alternatives}
"""


ELLIPTIC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
RSA = ["-newkey", "rsa:2048"]


def request_certificate(folder, name, section, extra, hosts, key=ELLIPTIC):
    configuration = os.path.join(folder, name + ".cnf")
    alternatives = ", ".join(f"DNS:{host}" for host in hosts)
    with open(configuration, "w", encoding="ascii") as file:
        file.write(CONFIGURATION.format(common=f"Local Sen2Cube {section}",
                                        alternatives=alternatives,
                                        encipherment=", keyEncipherment" if key == RSA else ""))
    subprocess.run(["openssl", "req", "-x509", "-config", configuration, "-extensions", section,
                    *key, "-noenc", "-sha256", "-days", "30", "-keyout", os.path.join(folder, name + ".key"),
                    "-out", os.path.join(folder, name + ".pem"), *extra],
                   check=True, capture_output=True)
    return os.path.join(folder, name + ".pem")


class Certificate:
    def __init__(self, folder, hosts=(), rsa=False):
        key = RSA if rsa else ELLIPTIC
        names = [*HOSTS, *(host for host in hosts if host not in HOSTS and host != "127.0.0.1")]
        self.authority = request_certificate(folder, "ca", "authority", [], names, key)
        signing = ["-CA", self.authority, "-CAkey", os.path.join(folder, "ca.key")]
        self.file = request_certificate(folder, "server", "server", signing, names, key)
        self.key = os.path.join(folder, "server.key")
