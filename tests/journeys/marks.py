"""Children whose every value is a marker, the ways a value could be written, and where it was heard."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any
from urllib.parse import quote, quote_plus

from hub.sdk.counterpart import SyntheticChild
from hub.security.identifiers import synthetic_number

BORN, HIDDEN_BORN = date(2017, 3, 14), date(2016, 11, 23)


def number_of(born: date, skip: int = 0) -> str:
    found = (number for serial in range(500, 999) if (number := synthetic_number(born, serial)))
    return [next(found) for _ in range(skip + 1)][-1]


MARKS: Mapping[str, str] = {
    "first name": "Qvortrupina",
    "family name": "Zåxelbergstad",
    "number": number_of(BORN),
    "a wrong number": number_of(BORN)[:-1] + str((int(number_of(BORN)[-1]) + 1) % 10),
    "hidden child's number": number_of(HIDDEN_BORN),
    "hidden child's name": "Wumbaldine",
    "address": "Xyphosgata 77",
    "diagnosis": "zyklothrombisk kvalmesyke",
    "own words": "ptarmiganskogen etter middag",
    "telephone": "+4759876123",
    "e-mail": "qvz@xyphos.example",
    "guardian": "Ulfrikka Bromkvist",
    "school's key": "elev-qz81x",
    "nursery's key": "barn-qz82x",
    "health's key": "pasient-qz83x",
    "child welfare's key": "klient-qz84x",
    "nav's key": "soker-qz85x",
    "a key of the document's": "wolverhjelp",
    "a judgement's words": "moren gråt i telefonen",
}
"""What may be found nowhere, by what it is."""

CHILD = SyntheticChild("marked", f"{MARKS['first name']} {MARKS['family name']}", MARKS["number"], BORN)


def forms(text: str) -> Iterator[bytes]:
    """A value as it stands, in addresses, in base64 at each offset, in hex, escaped, and hashed."""
    raw = text.encode()
    yield from (raw, quote(text).encode(), quote_plus(text).encode(), raw.hex().encode(), text.encode("utf-16-le"))
    yield text.encode("unicode_escape")
    yield sha256(raw).hexdigest().encode()
    yield sha256(raw).digest()
    for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
        for shift in range(3):
            middle = alphabet(b"\0" * shift + raw).rstrip(b"=")
            yield middle[(shift * 4 + 2) // 3 : -1]


def date_forms(day: date) -> Iterator[bytes]:
    for spelling in ("%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%Y%m%d", "%d%m%Y"):
        yield day.strftime(spelling).encode()


_DATE = [(f"birth date {form.decode()}", form) for day in (BORN, HIDDEN_BORN) for form in date_forms(day)]


class Finder:
    """Finds marked values in what was heard, in whatever form; `more` are further forms, by what they are of."""

    def __init__(self, marks: Mapping[str, str], more: Sequence[tuple[str, bytes]] = ()) -> None:
        self.forms = [(what, form.lower()) for what, text in marks.items() for form in forms(text) if len(form) > 7]
        self.forms += more
        self._any = re.compile(b"|".join(sorted({re.escape(form) for _, form in self.forms}, key=len, reverse=True)))

    def __call__(self, heard: bytes) -> set[str]:
        lowered = heard.lower()
        if self._any.search(lowered) is None:
            return set()
        return {what for what, form in self.forms if form in lowered}

    def around(self, text: bytes, what: str) -> str:
        """What stands around it."""
        lowered = text.lower()
        at = min(found for name, form in self.forms if name == what and (found := lowered.find(form)) >= 0)
        return text[max(0, at - 60) : at + 60].decode("utf-8", "backslashreplace")


marks_in = Finder(MARKS, _DATE)
"""What of the marked children stands in a text."""


@dataclass
class Heard:
    """Everything that was said aloud, by where."""

    said: list[tuple[str, bytes]] = field(default_factory=list)
    find: Finder = marks_in

    def note(self, where: str, text: str | bytes) -> None:
        self.said.append((where, text.encode() if isinstance(text, str) else text))

    def leaks(self) -> list[str]:
        """A line for each place in which something marked was heard, with what surrounds it."""
        return sorted(
            {
                f"{what} in {where}: {self.find.around(text, what)}"
                for where, text in self.said
                for what in self.find(text)
            }
        )


def marked(document: Any) -> Any:
    """The document with the diagnosis written into every text a person may have written: what holds a space."""
    match document:
        case dict():
            return {key: marked(value) for key, value in document.items()}
        case list():
            return [marked(value) for value in document]
        case str() if " " in document and not document.lstrip().startswith("<"):
            return f"{document} {MARKS['diagnosis']}"
        case _:
            return document
