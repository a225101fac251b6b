"""What ships with interlock beside the program: policies under `ID@VERSION`, and replays, each a folder of files.

A replay has its events and `about.yaml`, which says by which policies it is judged, which items of them it is about,
what it rests on and what of it is assumed. Only names and bytes come from here; whoever reads them makes policies and
events of them.

>>> from interlock.library import bundled_policies, replay_names
>>> "anthropic-2024" in replay_names()
True
>>> "anthropic-rsp@1.0" in {policy.name for policy in bundled_policies()}
True
"""

from __future__ import annotations

from interlock.library._policies import SCHEME, BundledPolicy, bundled_policies
from interlock.library._replays import BundledReplay, bundled_replay, replay_names

__all__ = ["SCHEME", "BundledPolicy", "BundledReplay", "bundled_policies", "bundled_replay", "replay_names"]
