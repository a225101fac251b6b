"""Frontier-AI scaling policies as machine-checked commitments."""

from __future__ import annotations

__version__ = "0.1.0"
