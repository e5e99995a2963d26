# SPDX-License-Identifier: MIT
"""A local Sen2Cube: Keycloak's tokens, the JSON:API and the result files, on loopback."""
