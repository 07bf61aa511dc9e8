"""What may be said aloud: codes, references and places of a known shape, and never a national number in disguise."""

from __future__ import annotations

import re

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
_REFERENCE = re.compile(r"[\x21-\x7e]{1,255}")
_PLACE = re.compile(r"[A-Za-z0-9_$.*/@\[\]:=,\- ]{1,200}")
_NUMBER = re.compile(
    # Ids of ours are skipped first, so that digits inside them are never taken for a person's.
    r"(?P<id>\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b|\b(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{16,64}\b)"
    r"|(?:(?<!\d)|(?<=%20))[0-7]\d(?:0[1-9]|1[0-2]|4[1-9]|5[0-2]|6[6-9]|7[0-7]|8[1-9]|9[0-2])\d{2}"
    r"(?:[ .\-\u00a0\u202f]|%20)?\d{5}(?!\d)"
)


def is_code(text: str) -> bool:
    """A word of a closed list, as far as its shape can tell."""
    return _CODE.fullmatch(text) is not None and not holds_number(text)


def is_reference(text: str) -> bool:
    """An id that a sender chose: visible characters, and nobody's number."""
    return _REFERENCE.fullmatch(text) is not None and not holds_number(text)


def is_place(text: str) -> bool:
    """Where in a document: a path, a line and column, an XPath."""
    return _PLACE.fullmatch(text) is not None and not holds_number(text)


def spoken_code(text: str) -> str:
    """A code as an adapter or a system gave it, where it is one: theirs may hold what they failed on."""
    return text if is_code(text) else "unusable"


def spoken_place(text: str | None) -> str | None:
    """The same for a place."""
    return text if text is not None and is_place(text) else None


def holds_number(text: str) -> bool:
    """Whether something shaped like a fødselsnummer or D-number stands in it, in any of the ways people write them.

    The check digits are not asked: a wrong number is as personal as a right one.
    """
    return any(found["id"] is None for found in _NUMBER.finditer(text))
