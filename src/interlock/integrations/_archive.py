"""A strict reader of ZIP archives whose members are stored, deflated (8) or compressed by zstd (93).

Follows the ZIP file format specification (APPNOTE 6.3.10), as far as Inspect AI writes it. The standard library lists
zstd members but can't read them, and reads several archives in more than one way; here an archive has one reading or
is refused: one directory at the very end, each name once, no member over another, sizes and checksums as stated.
Output is counted as it comes out, and stops at the limits whatever the directory claims. Names are never used as paths.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

import zstandard

from interlock.integrations._errors import LogRefusedError, shown
from interlock.integrations._limits import Limits

_END: Final = struct.Struct("<4s4H2LH")
_END_64_LOCATOR: Final = struct.Struct("<4sLQL")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_SIGNATURES: Final = {
    _END: b"PK\x05\x06",
    _END_64_LOCATOR: b"PK\x06\x07",
    _END_64: b"PK\x06\x06",
    _CENTRAL: b"PK\x01\x02",
    _LOCAL: b"PK\x03\x04",
}
_FULL_16: Final = 0xFFFF
_FULL_32: Final = 0xFFFFFFFF
_ZIP64_FIELD: Final = 0x0001
_ENCRYPTED: Final = 0x0001 | 0x0040 | 0x2000
_UTF8: Final = 0x0800
_STORED, _DEFLATED, _ZSTANDARD = 0, 8, 93
_CHUNK: Final = 1 << 18
_WINDOW: Final = 1 << 27
"""The largest zstd window that is followed: 128 MiB, the default of the zstd tools."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of an archive: its header at `offset`, its bytes from `start`, ended by `end` at the latest."""

    name: str
    method: int
    checksum: int
    compressed_size: int
    size: int
    offset: int
    start: int = 0
    end: int = 0


class Archive:
    """An open archive: its members, and their contents one at a time within the limits over all reads."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        """Read the directory; LogRefusedError where the file is no archive that has one reading."""
        self._file = file
        self._limits = limits
        self._left = limits.total_bytes
        self.members = tuple(_placed(file, member) for member in _read_directory(file, limits))

    def read(self, member: Member) -> bytes:
        """Return the content of `member`, at most `limits.member_bytes`; LogRefusedError where it is not as stated."""
        largest = max(member.size, member.compressed_size)
        if largest > self._limits.member_bytes:
            raise LogRefusedError(
                f"{largest} bytes are stated, and at most {self._limits.member_bytes} are read of one member",
                member=member.name,
            )
        if member.size > self._left:
            raise LogRefusedError(
                f"the archive holds more than the {self._limits.total_bytes} bytes that are read of one log",
                member=member.name,
            )
        self._left -= member.size
        self._file.seek(member.start)
        content = bytearray()
        for piece in _decompressed(self._file, member):
            content += piece
            if len(content) > member.size:
                raise LogRefusedError(f"more than the stated {member.size} bytes came out", member=member.name)
        if len(content) < member.size:
            raise LogRefusedError(f"{len(content)} of the stated {member.size} bytes came out", member=member.name)
        if zlib.crc32(content) != member.checksum:
            raise LogRefusedError("the checksum does not fit the content", member=member.name)
        return bytes(content)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Directory:
    count: int
    size: int
    offset: int


def _read_directory(file: BinaryIO, limits: Limits) -> tuple[Member, ...]:
    directory = _find_directory(file, limits)
    file.seek(directory.offset)
    members = list(_entries(_exactly(file, directory.size), directory))
    names = [member.name for member in members]
    if len(set(names)) < len(names):
        [(twice, _)] = Counter(names).most_common(1)
        raise LogRefusedError(
            f"the archive holds `{shown(twice)}` twice, so which one counts is ambiguous",
            advice="write it anew with `inspect log convert`, which keeps the last record of each sample",
        )
    return tuple(members)


def _find_directory(file: BinaryIO, limits: Limits) -> _Directory:
    length = file.seek(0, os.SEEK_END)
    at = length - _END.size
    record = _read_record(file, _END, at)
    if record is None or record[6] != 0:  # a comment could hide another directory
        raise LogRefusedError(
            "the archive does not end with its directory: it is cut short, or something follows it",
            advice="copy the file again, or ask for it from where it was written",
        )
    disk, first_disk, here, count, size, offset, _ = record
    wide = _find_directory_64(file, at) if _FULL_16 in {here, count} or _FULL_32 in {size, offset} else None
    if wide is not None:
        at, disk, first_disk, here, count, size, offset = wide
    if disk != 0 or first_disk != 0 or here != count:
        raise LogRefusedError("the archive is split into several files")
    if count > limits.members or size > limits.directory_bytes:
        raise LogRefusedError(f"the archive has {count} members; at most {limits.members} are read")
    if offset + size != at:
        raise LogRefusedError("the archive's directory is not where it says")
    return _Directory(count=count, size=size, offset=offset)


def _find_directory_64(file: BinaryIO, end: int) -> tuple[int, int, int, int, int, int, int] | None:
    locator = _read_record(file, _END_64_LOCATOR, end - _END_64_LOCATOR.size)
    if locator is None:  # 65,535 members fit into the small directory
        return None
    at = locator[1]
    record = _read_record(file, _END_64, at)
    if record is None or at + _END_64.size + _END_64_LOCATOR.size != end:
        raise LogRefusedError("the archive's large directory is not where it says")
    _, _, _, disk, first_disk, here, count, size, offset = record
    return at, disk, first_disk, here, count, size, offset


def _entries(content: bytes, directory: _Directory) -> Iterator[Member]:
    """Yield the members in the order of their bytes, each up to where the next begins."""
    found = list(_raw_entries(content, directory.count))
    found.sort(key=lambda member: member.offset)
    ends = [*(member.offset for member in found), directory.offset][1:]
    for member, end in zip(found, ends, strict=True):
        if member.offset + _LOCAL.size + len(member.name) + member.compressed_size > end:
            raise LogRefusedError("the member's bytes reach into what follows it", member=member.name)
        yield replace(member, end=end)


def _raw_entries(content: bytes, count: int) -> Iterator[Member]:
    at = 0
    for _ in range(count):
        if at + _CENTRAL.size > len(content):
            raise LogRefusedError("the archive's directory is cut short")
        fields = _fields(_CENTRAL, content[at : at + _CENTRAL.size])
        if fields is None:
            raise LogRefusedError("the archive's directory is garbled")
        name_length, extra_length, comment_length = fields[9:12]
        start = at + _CENTRAL.size
        at = start + name_length + extra_length + comment_length
        if at > len(content):
            raise LogRefusedError("the archive's directory is cut short")
        name = _name(content[start : start + name_length], flags=fields[2])
        extra = content[start + name_length : start + name_length + extra_length]
        yield _entry(name, fields, extra)
    if at != len(content):
        raise LogRefusedError("the archive's directory holds more than it says")


def _entry(name: str, fields: tuple[int, ...], extra: bytes) -> Member:
    flags, method = fields[2:4]
    checksum, compressed_size, size = fields[6:9]
    disk, offset = fields[12], fields[15]
    if flags & _ENCRYPTED:
        raise LogRefusedError("the member is encrypted", member=name)
    if method not in {_STORED, _DEFLATED, _ZSTANDARD}:
        raise LogRefusedError(f"compressed by method {method}; expected deflate (8) or zstd (93)", member=name)
    if disk != 0:
        raise LogRefusedError("the archive is split into several files", member=name)
    wide = iter(_wide_values(extra, name))
    size, compressed_size, offset = (
        _widened(value, wide, name) if value == _FULL_32 else value for value in (size, compressed_size, offset)
    )
    return Member(
        name=name, method=method, checksum=checksum, compressed_size=compressed_size, size=size, offset=offset
    )


def _widened(value: int, wide: Iterator[int], name: str) -> int:
    found = next(wide, None)
    if found is None:
        raise LogRefusedError(f"a size of {value} is stated without its wide form", member=name)
    return found


def _wide_values(extra: bytes, name: str) -> tuple[int, ...]:
    """Return the 64-bit values of the zip64 field among the extra fields, none where there is no such field."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        at += 4
        if at + length > len(extra):
            raise LogRefusedError("the extra fields are cut short", member=name)
        if kind == _ZIP64_FIELD:
            return struct.unpack_from(f"<{length // 8}Q", extra, at)
        at += length
    return ()


def _name(raw: bytes, *, flags: int) -> str:
    """Return a member's name; refuse what could mean another place or another name to another reader."""
    try:
        name = raw.decode("utf-8" if flags & _UTF8 else "ascii")
    except UnicodeDecodeError:
        raise LogRefusedError("the name of a member is not text") from None
    if not name or "\0" in name or "\\" in name or name.startswith("/") or ".." in name.split("/"):
        raise LogRefusedError(f"the member name `{shown(name)}` could lead out of the archive")
    return name


def _placed(file: BinaryIO, member: Member) -> Member:
    """Return the member with the place of its bytes, after a local header that says the same as the directory."""
    fields = _read_record(file, _LOCAL, member.offset)
    if fields is None:
        raise LogRefusedError("the member is not where the directory says", member=member.name)
    flags, method = fields[1:3]
    name_length, extra_length = fields[8:10]
    raw = _exactly(file, name_length)
    start = member.offset + _LOCAL.size + name_length + extra_length
    if _name(raw, flags=flags) != member.name or method != member.method or flags & _ENCRYPTED:
        raise LogRefusedError("the member's own header and the directory disagree", member=member.name)
    if start + member.compressed_size > member.end:
        raise LogRefusedError("the member's bytes reach into what follows it", member=member.name)
    return replace(member, start=start)


def _decompressed(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """Yield the member's content in pieces of bounded size, however far its bytes would expand."""
    expand: dict[int, Callable[[BinaryIO, Member], Iterator[bytes]]] = {
        _STORED: _chunks,
        _DEFLATED: _inflated,
        _ZSTANDARD: _unzstd,
    }
    try:
        yield from expand[member.method](file, member)
    except (zlib.error, zstandard.ZstdError) as error:
        raise LogRefusedError(f"the compressed bytes are damaged: {error}", member=member.name) from None


def _chunks(file: BinaryIO, member: Member) -> Iterator[bytes]:
    left = member.compressed_size
    while left:
        piece = file.read(min(left, _CHUNK))
        if not piece:
            return
        left -= len(piece)
        yield piece


def _inflated(file: BinaryIO, member: Member) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in _chunks(file, member):
        waiting = piece
        while waiting and not stream.eof:
            yield stream.decompress(waiting, _CHUNK)
            waiting = stream.unconsumed_tail
        if waiting or stream.unused_data:
            raise LogRefusedError("something follows the compressed bytes", member=member.name)
    while not stream.eof and (waiting := stream.decompress(b"", _CHUNK)):
        yield waiting
    if not stream.eof:
        raise LogRefusedError("the compressed bytes are cut short", member=member.name)


def _unzstd(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """Yield the content of a zstd member, which may be several frames; a cut frame shows in the size."""
    source = _exactly(file, member.compressed_size)
    with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(source, read_across_frames=True) as stream:
        while piece := stream.read(_CHUNK):
            yield piece


def _read_record(file: BinaryIO, form: struct.Struct, at: int) -> tuple[int, ...] | None:
    """Return the fields of the record at an offset, None where there is no such record."""
    if at < 0:
        return None
    try:
        file.seek(at)
    except (OSError, OverflowError):  # an offset beyond what files can have
        return None
    return _fields(form, file.read(form.size))


def _fields(form: struct.Struct, content: bytes) -> tuple[int, ...] | None:
    """Return the numbers of a record after its signature, None where it has another or is cut short."""
    if len(content) != form.size:
        return None
    signature, *numbers = form.unpack(content)
    return tuple(numbers) if signature == _SIGNATURES[form] else None


def _exactly(file: BinaryIO, size: int) -> bytes:
    content = file.read(size)
    if len(content) != size:
        raise LogRefusedError("the archive is cut short")
    return content
