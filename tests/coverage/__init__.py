# SPDX-License-Identifier: MIT
"""What the tests run of the code, and why not the rest (scripts/coverage)."""
