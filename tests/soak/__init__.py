# SPDX-License-Identifier: MIT
"""Hours of mixed use by many threads, with tokens that end and answers that go wrong (issue 15)."""
