"""The style sheet of pages: readable in light and dark, on paper, and at 320 pixels; status never by colour alone.

A constant of this package. The page states its digest, and a browser takes no other style.
"""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1b1f; --soft: #4a4a55; --line: #8a8a94; --faint: #e4e4ea; --panel: #f4f4f8;
  --link: #0b4fa8; --bad: #a3142a; --on-bad: #ffffff; --open: #7a4a00; --good: #0a6030; --held: #5b3f8c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16161a; --ink: #ececf1; --soft: #b9b9c4; --line: #7c7c88; --faint: #33333b; --panel: #212127;
    --link: #8ab8ff; --bad: #ff8b97; --on-bad: #16161a; --open: #f0c070; --good: #7fd6a0; --held: #c3a8f5;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere;
}
header, main, footer { max-width: 70rem; margin: 0 auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.5rem 0 0.5rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 0.5rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; padding: 0.5rem 1rem; background: var(--paper); }
.skip:focus { left: 0.5rem; top: 0.5rem; }
.notice { border-left: 0.4rem solid var(--open); background: var(--panel); padding: 0.5rem 1rem; margin: 1rem 0; }
.notice p { margin: 0.25rem 0; }
dl.summary { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.25rem 1rem; margin: 1rem 0; }
dl.summary dt { color: var(--soft); }
dl.summary dd { margin: 0; }
.bad { color: var(--bad); font-weight: 600; }
.open { color: var(--open); font-weight: 600; }
.good { color: var(--good); font-weight: 600; }
.picture { overflow-x: auto; border: 1px solid var(--line); padding: 0.5rem; }
.picture svg { display: block; min-width: 56rem; max-width: none; width: 100%; height: auto; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg .group { font-weight: 700; }
svg .grid { stroke: var(--faint); stroke-width: 1; }
svg .anchor { stroke: var(--open); stroke-width: 1.5; stroke-dasharray: 6 4; }
svg .in-force { fill: var(--faint); stroke: var(--line); }
svg .held { fill: none; stroke: var(--held); stroke-width: 1.5; }
svg .held.burden { stroke-dasharray: 4 3; }
svg .hatch { stroke: var(--held); stroke-width: 2; fill: none; }
svg .dot { fill: var(--held); }
svg .waiting { fill: none; stroke: var(--line); stroke-dasharray: 2 4; }
svg .open { fill: var(--panel); stroke: var(--open); stroke-width: 1.5; }
svg .late { fill: var(--bad); stroke: var(--bad); }
svg .due { stroke: var(--ink); stroke-width: 2; }
svg .stroke { fill: none; stroke: var(--ink); stroke-width: 2.5; }
svg .stroke.done { stroke: var(--good); }
svg .stroke.late-mark { stroke: var(--bad); }
svg .ring { fill: none; stroke: var(--ink); stroke-width: 1.5; }
svg .diamond { fill: var(--link); stroke: var(--link); stroke-width: 1.5; }
svg .diamond.hollow { fill: var(--paper); }
svg .act { fill: var(--ink); }
svg .departure { fill: var(--bad); stroke: var(--bad); }
svg .number { fill: var(--on-bad); font-weight: 700; }
.legend { list-style: none; margin: 0.75rem 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
.legend li { display: flex; align-items: center; gap: 0.5rem; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1rem; }
caption { text-align: left; color: var(--soft); padding: 0.25rem 0; }
th, td {
  text-align: left; vertical-align: top; padding: 0.35rem 0.6rem; border-bottom: 1px solid var(--line);
  min-width: 5.75rem;
}
th:first-child { min-width: 4rem; }
thead th { border-bottom: 2px solid var(--ink); }
td ul { margin: 0; padding-left: 1.1rem; }
@media (max-width: 62rem) {
  dl.summary { grid-template-columns: 1fr; gap: 0; }
  dl.summary dd { margin-bottom: 0.5rem; }
  table, tbody, tr, th, td, caption { display: block; }
  thead { position: absolute; left: -100rem; }
  tr { border: 1px solid var(--line); margin: 0 0 0.75rem; padding: 0.25rem 0; }
  th, td { border: 0; padding: 0.2rem 0.6rem; min-width: 0; }
  td::before { content: attr(data-label) ": "; color: var(--soft); }
}
@media print {
  .skip { display: none; }
  .picture { overflow: visible; border: 0; }
  .picture svg { min-width: 0; }
  tr { break-inside: avoid; }
}
"""
