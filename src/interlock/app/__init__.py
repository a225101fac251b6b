"""Use cases and wiring: the only place that joins effects to the core and reads the clock.

Each module is one thing that a person asks of interlock, and is imported by itself, so that a decision on files does
not load what reads evaluation logs. They take paths and texts, return values of the core, and raise its refusals;
printing and exit codes are the caller's.

- `decisions`: an answer to a question, on files alone or in a workspace
- `duties`: what must be done, by when and how late it is; `calendars`: the same as a calendar feed
- `survey`: everything that can be asked at one time, and the `status` made of two of them, with `compute_clocks`
  projected; `due_dates` counts days
- `replays`: what was held, due and done over time, on files, in a workspace, or of what ships with interlock
- `workspaces`: a folder with settings, policies and the record of events
- `recording`: events onto the record
- `intake`: evaluation logs onto the record, as evidence
- `demonstration`: the fictional developer that `interlock demo` plays
"""

from __future__ import annotations
