"""Hostile archives are refused, and say why; what is read is what every other reader would read."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from interlock.integrations import Limits, LogRefusedError, _archive, read_inspect_log
from interlock.integrations._archive import Archive, Member
from tests.integrations.archives import (
    DEFLATED,
    STORED,
    ZSTANDARD,
    Part,
    archive,
    as_json,
    compress,
    eval_parts,
    header,
    sample,
    write,
)

KIB = 1 << 10
SMALL = Limits(member_bytes=64 * KIB, total_bytes=256 * KIB, members=10, directory_bytes=KIB)


def contents(raw: bytes, limits: Limits = SMALL) -> dict[str, bytes]:
    """Return what the reader reads of an archive."""
    opened = Archive(io.BytesIO(raw), limits)
    return {member.name: opened.read(member) for member in opened.members}


def refusal(raw: bytes, limits: Limits = SMALL) -> str:
    """Return the message with which an archive is refused."""
    with pytest.raises(LogRefusedError) as caught:
        contents(raw, limits)
    return str(caught.value)


@pytest.mark.parametrize("method", [STORED, DEFLATED, ZSTANDARD])
@pytest.mark.parametrize("content", [b"", b"x", b"ab" * 20_000])
def test_members_of_each_method_are_read_whole(method: int, content: bytes) -> None:
    assert contents(archive([Part(name="a/b.json", content=content, method=method)])) == {"a/b.json": content}


@pytest.mark.parametrize("method", [DEFLATED, ZSTANDARD])
def test_a_member_that_expands_far_is_read_to_its_last_byte(method: int) -> None:
    """At 21 bytes beyond a piece zlib has used up its input and still holds output; the others are neighbours."""
    for size in (piece + more for piece in (1 << 18, 1 << 19) for more in (-1, 0, 1, 20, 21, 29)):
        content = b"\0" * size
        read = contents(archive([Part(name="a", content=content, method=method)]), Limits())
        assert read == {"a": content}


def test_a_zstd_member_of_several_frames_is_read_whole() -> None:
    frames = compress(b"first", ZSTANDARD) + compress(b"second", ZSTANDARD)
    assert contents(archive([Part(name="a", content=b"firstsecond", compressed=frames)])) == {"a": b"firstsecond"}


@given(
    members=st.dictionaries(
        st.text("abü/_", min_size=1, max_size=6).filter(lambda name: name[0] != "/"), st.binary(), max_size=5
    ),
    deflated=st.booleans(),
)
def test_an_archive_of_the_standard_library_is_read_as_it_reads_it(
    members: dict[str, bytes], *, deflated: bool
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as written:
        for name, content in members.items():
            written.writestr(name, content)
    assert contents(out.getvalue()) == members


def test_an_archive_whose_sizes_are_in_their_wide_form_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written, written.open("a", "w", force_zip64=True) as member:
        member.write(b"content")
    assert contents(out.getvalue()) == {"a": b"content"}


def test_an_archive_of_more_members_than_the_small_directory_counts_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        for number in range(70_000):
            written.writestr(str(number), b"")
    limits = Limits(members=70_000)
    assert len(Archive(io.BytesIO(out.getvalue()), limits).members) == 70_000
    assert "at most 69999" in refusal(out.getvalue(), Limits(members=69_999))


BOMB = b"\0" * (10 * KIB * KIB)


@pytest.mark.parametrize("method", [DEFLATED, ZSTANDARD])
def test_a_bomb_that_lies_about_its_size_is_stopped_at_the_size_it_states(
    method: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    compressed = compress(BOMB, method)
    assert len(compressed) < 64 * KIB
    part = Part(name="a", content=b"\0" * 100, compressed=compressed, method=method)
    produced: list[int] = []
    whole = _archive._decompressed

    def counted(file: BinaryIO, member: Member) -> Iterator[bytes]:
        for piece in whole(file, member):
            produced.append(len(piece))
            yield piece

    monkeypatch.setattr(_archive, "_decompressed", counted)
    assert "more than the stated 100 bytes" in refusal(archive([part]))
    assert sum(produced) <= 256 * KIB, "no more than one piece comes out"


def test_a_bomb_that_states_its_size_is_refused_before_it_is_opened() -> None:
    assert "at most 65536 are read" in refusal(archive([Part(name="a", content=BOMB)]))


def test_many_small_members_are_counted_together() -> None:
    parts = [Part(name=str(number), content=b"\0" * 60 * KIB) for number in range(5)]
    assert "more than the 262144 bytes" in refusal(archive(parts))
    assert len(contents(archive(parts[:4]))) == 4


def test_a_member_with_more_compressed_bytes_than_are_read_is_refused() -> None:
    part = Part(name="a", content=b"", compressed=b"\0" * 65 * KIB, method=STORED)
    assert "at most 65536 are read" in refusal(archive([part]))


def test_too_many_members_are_refused_before_they_are_listed() -> None:
    assert "at most 10" in refusal(archive([Part(name=str(number)) for number in range(11)]))


def test_a_large_directory_is_refused_before_it_is_read() -> None:
    assert "are read" in refusal(archive([Part(name="n" * 1000), Part(name="m" * 1000)]))


@pytest.mark.parametrize("method", [STORED, DEFLATED, ZSTANDARD])
def test_sizes_and_checksums_that_lie_are_refused(method: int) -> None:
    content = b"some content"
    assert "more than the stated 5" in refusal(archive([Part(name="a", content=content, method=method, size=5)]))
    assert "of the stated 99" in refusal(archive([Part(name="a", content=content, method=method, size=99)]))
    assert "checksum" in refusal(archive([Part(name="a", content=content, method=method, checksum=1)]))


def test_compressed_bytes_that_are_cut_short_or_go_on_are_refused() -> None:
    content = bytes(range(256)) * 10
    for method, cut in ((DEFLATED, "cut short"), (ZSTANDARD, "of the stated")):
        compressed = compress(content, method)
        part = Part(name="a", content=content, compressed=compressed[:-3], method=method)
        assert cut in refusal(archive([part]))
        longer = Part(name="a", content=content, compressed=compressed + b"rest", method=method)
        assert refusal(archive([longer]))
    garbled = Part(name="a", content=content, compressed=b"\xff" * 40, method=DEFLATED)
    assert "damaged" in refusal(archive([garbled]))


def test_a_zstd_window_larger_than_the_reader_holds_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=28, enable_ldm=True)
    compressor = zstandard.ZstdCompressor(compression_params=parameters)
    stream = compressor.compressobj()
    compressed = stream.compress(b"content") + stream.flush()
    assert "damaged" in refusal(archive([Part(name="a", content=b"content", compressed=compressed)]))


def test_a_name_that_occurs_twice_is_refused() -> None:
    assert "holds `a` twice" in refusal(archive([Part(name="a"), Part(name="b"), Part(name="a", content=b"x")]))


@pytest.mark.parametrize("name", ["/etc/passwd", "../up", "a/../../up", "a\\b", "a\0b", ".."])
def test_names_that_could_lead_elsewhere_are_refused(name: str) -> None:
    assert "lead out of the archive" in refusal(archive([Part(name=name)]))


def test_a_name_that_is_not_text_is_refused() -> None:
    raw = archive([Part(name="aaaa")]).replace(b"aaaa", b"\xff\xfe\xfd\xfc")
    assert "not text" in refusal(raw)


def test_a_member_whose_own_header_disagrees_is_refused() -> None:
    assert "disagree" in refusal(archive([Part(name="a", local_name="b")]))
    assert "disagree" in refusal(archive([Part(name="a", method=ZSTANDARD, local_method=DEFLATED)]))


def test_members_that_lie_over_each_other_are_refused() -> None:
    content = b"content" * 10
    assert "reach into" in refusal(
        archive([Part(name="a", content=content), Part(name="b", content=content, offset=0)])
    )
    assert "reach into" in refusal(
        archive([Part(name="a", content=content), Part(name="b", content=content, offset=3)])
    )


def test_other_methods_encryption_and_split_archives_are_refused() -> None:
    assert "method 12" in refusal(archive([Part(name="a", method=12)]))
    assert "encrypted" in refusal(archive([Part(name="a", flags=1)]))
    assert "split" in refusal(archive([Part(name="a", disk=1)]))


def test_a_directory_that_is_not_at_the_very_end_is_refused() -> None:
    whole = archive([Part(name="a")])
    for raw in (
        whole + b"x",
        archive([Part(name="a")], comment=b"PK\x05\x06"),
        whole[:-1],
        whole[: len(whole) // 2],
        b"PK\x03\x04",
    ):
        assert "does not end with its directory" in refusal(raw)


def test_a_directory_that_miscounts_or_is_misplaced_is_refused() -> None:
    assert "cut short" in refusal(archive([Part(name="a")], count=2))
    assert "more than it says" in refusal(archive([Part(name="a"), Part(name="b")], count=1))
    assert "not where it says" in refusal(b"prefix" + archive([Part(name="a")]))
    assert "cut short" in refusal(archive([Part(name="a", extra=b"\x01\x00\x08")], count=3))


def test_a_garbled_directory_or_header_is_refused() -> None:
    whole = archive([Part(name="a", content=b"x")])
    central, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    assert "garbled" in refusal(whole.replace(b"PK\x01\x02", b"PK\x01\x03"))
    assert "not where the directory says" in refusal(b"xx" + whole[2:])
    assert "cut short" in refusal(patched(whole, central + 28, b"\xff"))  # the length of the name
    assert "split" in refusal(patched(whole, end + 4, b"\x01"))  # the number of this disk
    assert "split" in refusal(patched(whole, end + 8, b"\x02"))  # the number of members on it


def patched(raw: bytes, at: int, new: bytes) -> bytes:
    """Return the bytes with some of them replaced."""
    return raw[:at] + new + raw[at + len(new) :]


def test_extra_fields_of_another_kind_are_passed_over() -> None:
    other = struct.pack("<2H4s", 0x5455, 4, b"time") + struct.pack("<2HQ", 1, 8, 7)
    part = Part(name="a", content=b"content", size=0xFFFFFFFF, extra=other)
    assert contents(archive([part])) == {"a": b"content"}
    nothing = Part(name="a", content=b"content", extra=struct.pack("<2H4s", 0x5455, 4, b"time"))
    assert contents(archive([nothing])) == {"a": b"content"}


def test_wide_sizes_that_are_missing_or_cut_short_are_refused() -> None:
    assert "wide form" in refusal(archive([Part(name="a", size=0xFFFFFFFF)]))
    cut = struct.pack("<2H", 1, 16) + b"\0" * 8
    assert "extra fields are cut short" in refusal(archive([Part(name="a", size=0xFFFFFFFF, extra=cut)]))
    huge = struct.pack("<2HQ", 1, 8, 1 << 60)
    assert "at most 65536 are read" in refusal(archive([Part(name="a", size=0xFFFFFFFF, extra=huge)]))


def test_a_large_directory_that_lies_is_refused() -> None:
    def end(*, locator: bytes, record: bytes = b"") -> bytes:
        return record + locator + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0, 0, 0)

    nowhere = struct.pack("<4sLQL", b"PK\x06\x07", 0, 1 << 63, 1)
    assert "large directory" in refusal(end(locator=nowhere))
    elsewhere = struct.pack("<4sLQL", b"PK\x06\x07", 0, 5, 1)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 0, 0, 0, 0)
    assert "large directory" in refusal(end(locator=elsewhere, record=b"12345" + record + b"between"))
    assert "65535 members" in refusal(end(locator=b"no locator at all 20"))


def test_a_member_that_is_not_where_the_directory_says_is_refused() -> None:
    parts = [Part(name="a", content=b"x" * 100, method=STORED), Part(name="b", offset=40, compressed=b"")]
    assert refusal(archive(parts))


LOG = archive(eval_parts(header(["a", "b"]), [sample("a", "C"), sample("b", "I")]))


@given(position=st.integers(0, len(LOG) - 1), mask=st.integers(1, 255))
def test_a_changed_byte_is_refused_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, position: int, mask: int
) -> None:
    """Checksums cover every member that is read, and the directory is held against the members' own headers."""
    folder = tmp_path_factory.mktemp("changed")
    whole = read_inspect_log(write(folder, LOG, "whole.eval"))
    changed = bytearray(LOG)
    changed[position] ^= mask
    try:
        log = read_inspect_log(write(folder, bytes(changed)))
    except LogRefusedError:
        return
    assert (log.rows, log.scope, log.status) == (whole.rows, whole.scope, whole.status)
    assert log.digest != whole.digest


@given(length=st.integers(0, len(LOG) - 1))
def test_an_archive_cut_short_anywhere_is_refused(tmp_path_factory: pytest.TempPathFactory, length: int) -> None:
    path = write(tmp_path_factory.mktemp("cut"), LOG[:length])
    with pytest.raises(LogRefusedError):
        read_inspect_log(path)


@given(junk=st.binary(max_size=300), archived=st.booleans())
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, junk: bytes, *, archived: bool) -> None:
    raw = archive([Part(name="header.json", content=junk)]) if archived else b"PK\x03\x04" + junk
    with pytest.raises(LogRefusedError):
        read_inspect_log(write(tmp_path_factory.mktemp("junk"), raw))


def test_the_file_is_read_through_one_handle_that_must_not_change(tmp_path: Path) -> None:
    path = write(tmp_path, LOG)

    def grow(done: int, _total: int) -> None:
        if done == 1:
            path.write_bytes(LOG + b"x")

    with pytest.raises(LogRefusedError, match="changed while it was read"):
        read_inspect_log(path, progress=grow)


def test_checksums_of_the_archives_here_are_right() -> None:
    """Guards the builder: a lie in a test is the one that the test tells."""
    with zipfile.ZipFile(io.BytesIO(archive([Part(name="a", content=b"content", method=DEFLATED)]))) as opened:
        assert opened.testzip() is None
        assert zlib.crc32(b"content") == opened.getinfo("a").CRC
        assert opened.read("a") == b"content"
    assert contents(archive([Part(name="a", content=as_json({"a": 1}))])) == {"a": b'{"a": 1}'}
