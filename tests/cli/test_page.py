from __future__ import annotations

import io
import os
import pty
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.cli._page import Line, Mark, Span, command, is_coloured, line, print_page, strong, text_of, unbroken


def test_words_are_wrapped_at_the_width_and_continued_under_the_hang() -> None:
    text = text_of([line("aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj", indent=2, hang=4)], 40)
    assert text == "  aaaa bbbb cccc dddd eeee ffff gggg\n      hhhh iiii jjjj\n"


def test_spans_that_touch_stay_together() -> None:
    assert text_of([line("a (", strong("b"), ")")]) == "a (b)\n"


def test_a_word_longer_than_the_line_stands_alone_and_whole() -> None:
    digest = f"sha256:{'0' * 64}"
    assert text_of([line(f"before {digest} after")], 40) == f"before\n  {digest}\n  after\n"


def test_unbroken_words_keep_their_spaces() -> None:
    assert text_of([line(unbroken("a   b"), " c")]) == "a   b c\n"


@given(st.lists(st.text("ab c", max_size=30), max_size=6), st.integers(0, 8), st.integers(0, 8))
def test_wrapping_loses_no_word_and_keeps_to_the_width(texts: list[str], indent: int, hang: int) -> None:
    written = text_of([line(*texts, indent=indent, hang=hang)], 40)
    assert written.split() == "".join(texts).split()
    assert all(len(row) <= 40 or " " not in row.strip() for row in written.splitlines())


@pytest.mark.parametrize("character", ["\x1b", "\x07", "\u202e", "\r", "\n", "\x9b"])
def test_what_could_steer_a_terminal_is_shown_and_not_sent(character: str) -> None:
    assert character not in text_of([line(f"a{character}b")]).removesuffix("\n")


def test_nothing_is_coloured_without_a_terminal() -> None:
    stream = io.StringIO()
    print_page([line(Span("HELD", Mark.BAD))], stream)
    assert stream.getvalue() == "HELD\n"


def through_a_terminal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """Return what a terminal would be sent."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w", encoding="utf-8") as stream:
        print_page([line(Span("✗ HELD", Mark.BAD), " by evidence")], stream)
    sent = os.read(leader, 1000).decode()
    os.close(leader)
    return sent


def test_a_terminal_gets_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = through_a_terminal(monkeypatch)
    assert "\x1b[1;31mHELD\x1b[0m by evidence" in sent


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["no-colour", "dumb"])
def test_a_terminal_without_colour_gets_the_same_words(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    assert through_a_terminal(monkeypatch, **environment) == "✗ HELD by evidence\r\n"


def test_a_closed_stream_is_no_terminal() -> None:
    stream = io.StringIO()
    stream.close()
    assert not is_coloured(stream)


@given(
    st.lists(
        st.tuples(st.sampled_from(["--a", "--bcd", "--policy"]), st.text("xyz '$;", min_size=1, max_size=30)),
        max_size=8,
    )
)
def test_a_command_that_is_shown_can_be_copied_as_it_stands(options: list[tuple[str, str]]) -> None:
    arguments = ["interlock", "decide", *(part for option in options for part in option)]
    shown = text_of(command(*arguments))
    assert shlex.split(shown.replace("\\\n", "")) == arguments  # as a shell joins lines


def test_a_long_command_is_broken_between_its_options() -> None:
    arguments = ["interlock", "explain", *(part for n in range(8) for part in (f"--option-{n}", "value"))]
    rows = text_of(command(*arguments)).splitlines()
    assert len(rows) > 1
    assert all(len(row) <= 80 for row in rows)
    assert all(row.lstrip().startswith(("interlock", "--option")) for row in rows)


def test_a_whole_line_is_never_broken() -> None:
    assert text_of([Line((Span("word " * 40),), whole=True)]).count("\n") == 1
