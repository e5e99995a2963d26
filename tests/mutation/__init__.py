# SPDX-License-Identifier: MIT
"""Deliberate breaks of the code, chosen by chance, and what the tests say to each (scripts/mutate)."""
