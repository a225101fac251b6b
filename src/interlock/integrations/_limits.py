"""Limits on what a log may cost to read, so that a hostile one is refused before it fills the memory or the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that is read of one log; sizes count bytes as decompressed, whatever the archive says of itself.

    The defaults let through logs of some hundred thousand samples; the whole of one member is held in memory at a
    time, at roughly five times its size.
    """

    member_bytes: int = 512 * _MIB
    total_bytes: int = 16 * 1024 * _MIB
    members: int = 1_000_000
    directory_bytes: int = 256 * _MIB
