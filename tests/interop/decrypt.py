#!/usr/bin/env python3
"""Opens what Kluis sealed, from docs/formats/ alone: no line of this comes from the program.

    decrypt.py vectors                  every vector opens, and refuses once it was changed
    decrypt.py open --root-key FILE --keystore DIR --rows DIR
    decrypt.py file --root-key FILE --keystore DIR --rows DIR --file ID --out FILE

Needs Python 3.9 and the package cryptography (Debian: python3-cryptography).
"""

import argparse
import base64
import hashlib
import hmac
import json
import math
import re
import struct
import sys
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMATS = Path(__file__).resolve().parents[2] / "docs" / "formats"
SLOTS = 4096
WRAPPED = 60
FRAME = 1024 * 1024
CLASSES = {"contact": 1, "confidential": 2, "content": 3, "profile": 4, "secret": 5}


class Closed(Exception):
    """Why a record stays closed: not-ours, no-key, key-damaged, erased or damaged."""


def gcm(key, nonce, sealed, data):
    """None when the tag does not fit."""
    try:
        return AESGCM(key).decrypt(nonce, sealed, data)
    except InvalidTag:
        return None


# keystore.md


class Keystore:
    def __init__(self, directory, root_key):
        self.directory = Path(directory)
        self.head = json.loads((self.directory / "head.json").read_text())
        if self.head["format"] != 1:
            raise SystemExit("a keystore of another format")
        self.organisation = self.head["organisationId"]
        self.key = None
        # While one root key takes the place of another, the organisation key stands there under both.
        for name in ("organisationKey", "nextOrganisationKey"):
            if self.key is None and name in self.head:
                self.key = self.unwrap(root_key, "organisation", base64.b64decode(self.head[name]))
        if self.key is None:
            raise SystemExit("this root key does not open this keystore")
        self.segments = {}

    def unwrap(self, key, what, wrapped):
        return gcm(key, wrapped[:12], wrapped[12:], f"{self.organisation} {what}".encode("ascii"))

    def segment(self, number):
        if number not in self.segments:
            opened = None
            if number < len(self.head["segments"]):
                entry = self.head["segments"][number]
                path = self.directory / f"segment-{number:06d}.{entry['generation']}.keys"
                key = self.unwrap(self.key, f"segment {number}", base64.b64decode(entry["key"]))
                if key is not None and path.exists():
                    opened = (key, path.read_bytes())
            self.segments[number] = opened
        return self.segments[number]

    def slot_key(self, slot):
        segment = self.segment(slot // SLOTS)
        if segment is None:
            raise Closed("key-damaged" if slot < len(self.head["segments"]) * SLOTS else "no-key")
        key, content = segment
        at = slot % SLOTS * WRAPPED
        secret = self.unwrap(key, f"slot {slot}", content[at : at + WRAPPED])
        if secret is None:
            raise Closed("key-damaged")
        if secret == bytes(32):
            raise Closed("erased")
        return secret


# sealed-record.md


def split(sealed):
    """Version, class, slot, header, nonce and what follows the header, or Closed."""
    if sealed[:2] != b"KS" or len(sealed) < 104:
        raise Closed("not-ours")
    version = sealed[2]
    if version not in (1, 2) or (version == 2 and len(sealed) < 148):
        raise Closed("not-ours")
    (slot,) = struct.unpack(">Q", sealed[4:12])
    if slot >= 2**53:
        raise Closed("not-ours")
    return version, sealed[3], slot, 24 if version == 1 else 68


def open_record(slot_key, organisation, table, sealed_class, subject, row, counter, sealed):
    """`slot_key` is a function of the slot in the header: exactly one key is tried."""
    version, class_code, slot, end = split(sealed)
    if class_code != CLASSES[sealed_class]:
        raise Closed("not-ours")
    key = slot_key(slot)
    header = sealed[:end]
    data = header + UUID(organisation).bytes + UUID(subject).bytes
    data += struct.pack(">IB", table, class_code) + UUID(row).bytes + struct.pack(">Q", counter)
    if version == 1:
        nonce = header[12:24]
    else:
        text = b"\0\0\0\1" + b"kluis sealed record 2" + b"\0" + header[12:36] + b"\0\0\2\0"
        derived = hmac.new(key, text, hashlib.sha512).digest()
        if not hmac.compare_digest(derived[32:], header[36:68]):
            raise Closed("damaged")
        key, nonce = derived[:32], bytes(12)
    plain = gcm(key, nonce, sealed[end:], data)
    if plain is None:
        raise Closed("damaged")
    (length,) = struct.unpack(">I", plain[:4])
    if length > len(plain) - 4 or any(plain[4 + length :]):
        raise Closed("damaged")
    return json.loads(plain[4 : 4 + length].decode("utf-8"))


# sealed-file.md


def padded_length(length):
    if length <= 4096:
        return 4096
    exponent = int(math.log2(length))
    kept = int(math.log2(exponent)) + 1
    step = max(4096, 2 ** (exponent - kept))
    return -(-length // step) * step


def open_file(key, organisation, file_id, size, frames):
    padded = padded_length(size)
    if len(frames) != -(-padded // FRAME):
        raise Closed("damaged")
    content = b""
    for number, frame in enumerate(frames):
        is_last = number == len(frames) - 1
        if frame[:3] != b"KF\x01" or frame[3] != is_last or struct.unpack(">I", frame[4:8])[0] != number:
            raise Closed("damaged")
        data = frame[:20] + UUID(organisation).bytes + UUID(file_id).bytes
        plain = gcm(key, frame[8:20], frame[20:], data)
        if plain is None or len(plain) != min(FRAME, padded - number * FRAME):
            raise Closed("damaged")
        content += plain
    return content[:size]


# sealed-columns.md


def columns():
    for line in (FORMATS / "sealed-columns.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 8 and re.match(r"kluis\w*\.\w+$", cells[1]):
            _, table, number, sealed_class, column, counter, subject, _ = cells
            own, parents = re.match(r"(?:id if (\w+), else )?(.*)", subject).groups()
            yield table, int(number), sealed_class, column, counter, own, parents.split(" or ")


def rows_of(directory, table):
    path = Path(directory) / f"{table}.ndjson"
    if path.exists():
        for line in path.read_text().splitlines():
            yield json.loads(line)


def as_bytes(text):
    return bytes.fromhex(text[2:])


def opened_rows(keystore, directory):
    """Each sealed value of the dump: table, row, class, value or why."""
    for table, number, sealed_class, column, counter, own, subjects in columns():
        for row in rows_of(directory, table):
            if row.get(column) is None:
                continue
            if own and row.get(own) is not None:
                subject = row["id"]
            elif subjects == ["organisation"]:
                subject = keystore.organisation
            else:
                subject = next(row[name] for name in subjects if row.get(name) is not None)
            line = {"table": table, "row": row["id"], "class": sealed_class}
            try:
                line["value"] = open_record(
                    keystore.slot_key, keystore.organisation, number, sealed_class,
                    subject, row["id"], row[counter], as_bytes(row[column]),
                )  # fmt: skip
            except Closed as closed:
                line["why"] = str(closed)
            yield line


def whole_file(keystore, directory, file_id):
    of = {
        line["class"]: line
        for line in opened_rows(keystore, directory)
        if line["table"] == "kluis.file" and line["row"] == file_id
    }
    for sealed_class in ("content", "secret"):
        if "why" in of[sealed_class]:
            raise Closed(of[sealed_class]["why"])
    frames = {
        row["number"]: as_bytes(row["sealed"])
        for row in rows_of(directory, "kluis.file_frame")
        if row["file_id"] == file_id
    }
    key = base64.b64decode(of["secret"]["value"]["key"])
    in_order = [frames[number] for number in sorted(frames)]
    return open_file(key, keystore.organisation, file_id, of["content"]["value"]["size"], in_order)


# The vectors


def refuses(opening):
    try:
        opening()
    except Closed:
        return True
    return False


def changed(sealed):
    """One bit in each part of the bytes: magic, version, class, slot, nonce, content, tag, and one byte less."""
    for at in (0, 2, 3, 7, 15, 30, 60, len(sealed) - 20, len(sealed) - 1):
        other = bytearray(sealed)
        other[at] ^= 1
        yield bytes(other)
    yield sealed[:-1]


def check_vectors():
    numbers = {table.split(".")[1]: number for table, number, *_ in columns()}
    count = 0
    for path in sorted(FORMATS.glob("vectors/sealed-record*.json")):
        for vector in json.loads(path.read_text())["vectors"]:
            def opening(sealed, **other):
                of = {**vector, **other}
                key = bytes.fromhex(of["key"])
                return open_record(
                    lambda _: key, of["organisationId"], numbers[of["table"]], of["sealedClass"],
                    of["subjectId"], of["rowId"], of["sealCounter"], sealed,
                )  # fmt: skip
            sealed = bytes.fromhex(vector["sealed"])
            assert opening(sealed) == vector["value"], vector["name"]
            for other in changed(sealed):
                assert refuses(lambda: opening(other)), vector["name"]
            other_id = "00000000-0000-4000-8000-000000000000"
            for name, value in (
                ("organisationId", other_id), ("subjectId", other_id), ("rowId", other_id),
                ("table", "alarm"), ("sealCounter", vector["sealCounter"] + 1),
                ("key", "00" * 31 + "01"),
            ):  # fmt: skip
                assert refuses(lambda: opening(sealed, **{name: value})), (vector["name"], name)
            count += 1
    for path in sorted(FORMATS.glob("vectors/sealed-file*.json")):
        for vector in json.loads(path.read_text())["vectors"]:
            def opening(frames):
                key = bytes.fromhex(vector["key"])
                return open_file(key, vector["organisationId"], vector["fileId"], vector["size"], frames)
            frames = [bytes.fromhex(frame) for frame in vector["frames"]]
            content = opening(frames)
            assert hashlib.sha256(content).hexdigest() == vector["contentSha256"], vector["name"]
            for other in changed(frames[-1]):
                assert refuses(lambda: opening(frames[:-1] + [other])), vector["name"]
            assert refuses(lambda: opening(frames[:-1])), vector["name"]
            assert refuses(lambda: opening(frames + frames[-1:])), vector["name"]
            count += 1
    blind = json.loads((FORMATS / "vectors" / "blind-index.json").read_text())
    for vector in blind["vectors"]:
        info = f"kluis blind index {vector['column']}".encode()
        salt = blind["organisationId"].encode("ascii")
        key = HKDF(hashes.SHA256(), 32, salt, info).derive(bytes.fromhex(blind["key"]))
        token = hmac.new(key, vector["normalised"].encode("utf-8"), hashlib.sha256).digest()[:16]
        assert token.hex() == vector["token"], vector
        count += 1
    print(json.dumps({"vectors": count}))


def main():
    parser = argparse.ArgumentParser(description="Opens what Kluis sealed.")
    parser.add_argument("what", choices=["vectors", "open", "file"])
    for name in ("root-key", "keystore", "rows", "file", "out"):
        parser.add_argument(f"--{name}")
    args = parser.parse_args()
    if args.what == "vectors":
        return check_vectors()
    root_key = Path(args.root_key).read_bytes()
    if len(root_key) != 32:
        raise SystemExit("the root key has 32 bytes")
    keystore = Keystore(args.keystore, root_key)
    if args.what == "open":
        for line in opened_rows(keystore, args.rows):
            print(json.dumps(line, ensure_ascii=False))
    else:
        try:
            Path(args.out).write_bytes(whole_file(keystore, args.rows, args.file))
        except Closed as closed:
            raise SystemExit(f"the file stays closed: {closed}")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    main()
