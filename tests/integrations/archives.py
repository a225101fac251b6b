"""Archives and logs for tests, written byte by byte, so that each can lie in the one respect a test is about."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import zstandard

STORED, DEFLATED, ZSTANDARD = 0, 8, 93
_END: Final = b"PK\x05\x06"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One member as it is to be written; what is not given is as it should be."""

    name: str
    content: bytes = b""
    method: int = ZSTANDARD
    compressed: bytes | None = None
    size: int | None = None
    checksum: int | None = None
    flags: int = 0
    local_name: str | None = None
    local_method: int | None = None
    offset: int | None = None
    extra: bytes = b""
    disk: int = 0


def compress(content: bytes, method: int) -> bytes:
    """Return `content` as a member of that method holds it."""
    if method == ZSTANDARD:
        return zstandard.ZstdCompressor().compress(content)
    if method == DEFLATED:
        stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        return stream.compress(content) + stream.flush()
    return content


def archive(parts: Sequence[Part], *, count: int | None = None, comment: bytes = b"", prefix: bytes = b"") -> bytes:
    """Return a ZIP archive of the parts."""
    out, directory = io.BytesIO(prefix), io.BytesIO()
    out.seek(0, io.SEEK_END)
    for part in parts:
        offset = out.tell() if part.offset is None else part.offset
        content = compress(part.content, part.method) if part.compressed is None else part.compressed
        size = len(part.content) if part.size is None else part.size
        checksum = zlib.crc32(part.content) if part.checksum is None else part.checksum
        flags = part.flags | (0 if part.name.isascii() else 0x800)
        name = part.name.encode()
        local_name = name if part.local_name is None else part.local_name.encode()
        local_method = part.method if part.local_method is None else part.local_method
        local = (20, flags, local_method, 0, 0, checksum, len(content), size & 0xFFFFFFFF, len(local_name), 0)
        if part.offset is None:
            out.write(struct.pack("<4s5H3L2H", b"PK\x03\x04", *local) + local_name + content)
        sizes = (checksum, len(content), size & 0xFFFFFFFF, len(name), len(part.extra), 0, part.disk, 0, 0, offset)
        directory.write(struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, flags, part.method, 0, 0, *sizes))
        directory.write(name + part.extra)
    start, number = out.tell(), len(parts) if count is None else count
    out.write(directory.getvalue())
    out.write(struct.pack("<4s4H2LH", _END, 0, 0, number, number, directory.tell(), start, len(comment)) + comment)
    return out.getvalue()


def header(planned: Sequence[object], /, **changes: object) -> dict[str, object]:
    """Return the header of a finished run over the planned samples.

    `epochs` is their number, 1 by default; `eval` changes fields of the specification; everything else replaces a
    field of the header, and None removes it.
    """
    own, epochs = changes.pop("eval", {}), changes.pop("epochs", 1)
    assert isinstance(own, dict)
    assert isinstance(epochs, int)
    spec: dict[str, object] = {
        "eval_id": "e",
        "run_id": "r",
        "created": "2025-03-01T12:00:00+00:00",
        "task": "acme/autonomy",
        "task_version": 1,
        "task_args": {"tools": True},
        "dataset": {"samples": len(planned), "sample_ids": list(planned)},
        "model": "acme/model",
        "config": {"epochs": epochs},
        "scorers": [{"name": "match"}],
    }
    whole: dict[str, object] = {
        "version": 2,
        "status": "success",
        "eval": without_nulls(spec | own),
        "results": {"total_samples": len(planned) * epochs},
        "stats": {"completed_at": "2025-03-01T13:00:00+00:00"},
        "invalidated": False,
    }
    return without_nulls(whole | changes)


def without_nulls(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def sample(identifier: object, value: object = "C", epoch: object = 1, **changes: object) -> dict[str, object]:
    """Return the record of one sample with one score."""
    scores = {"match": {"value": value, "history": []}}
    return {"id": identifier, "epoch": epoch, "input": "?", "target": "!", "metadata": {}, "scores": scores, **changes}


def as_json(value: object) -> bytes:
    """Return the value as Inspect AI writes it."""
    return json.dumps(value).encode()


def eval_parts(
    whole: Mapping[str, object] | None,
    samples: Sequence[Mapping[str, object]],
    *,
    summaries: object = ...,
    start: Mapping[str, object] | None = None,
    method: int = ZSTANDARD,
) -> list[Part]:
    """Return the members of an `.eval` log; without a header those of an interrupted run."""
    summed = list(samples) if summaries is ... else summaries
    beginning = start if start is not None else {key: (whole or {}).get(key) for key in ("version", "eval")}
    contents: dict[str, object] = {"_journal/start.json": beginning}
    contents |= {f"samples/{one['id']}_epoch_{one['epoch']}.json": one for one in samples}
    contents["_journal/summaries/1.json"] = summed
    if whole is not None:
        contents |= {"summaries.json": summed, "header.json": whole}
    return [
        Part(name=name, content=as_json(content), method=method)
        for name, content in contents.items()
        if content is not None
    ]


def write(folder: Path, content: bytes, name: str = "log.eval") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content)
    return path
