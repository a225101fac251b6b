"""What ships with interlock beside the program: bundled replays, each a folder of files under one name.

A replay has the policy files that it needs, its events, and `about.yaml`, which says what it rests on and what of it
is assumed. Only names and bytes come from here; whoever reads them makes policies and events of them.

>>> from interlock.library import replay_names
>>> "anthropic-2024" in replay_names()
True
"""

from __future__ import annotations

from interlock.library._replays import BundledReplay, bundled_replay, replay_names

__all__ = ["BundledReplay", "bundled_replay", "replay_names"]
