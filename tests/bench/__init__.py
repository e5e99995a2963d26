# SPDX-License-Identifier: MIT
"""The benchmark: the ways to a remote pixel, beside one another through one slow link."""
