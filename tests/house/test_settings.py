"""Every setting does something: what is read from outside is asked for somewhere in the hub."""

from __future__ import annotations

import re

from hub.settings import Settings
from tests.house.house import files, listed, name


def test_every_setting_is_asked_for() -> None:
    elsewhere = [path for path in files("hub") if name(path) != "hub/settings.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in elsewhere)
    idle = [field for field in Settings.model_fields if not _is_asked_for(field, code)]

    assert not idle, listed("settings that change nothing:", idle)


def _is_asked_for(field: str, code: str) -> bool:
    """By its name, or as one of those that are asked for together, by what is left of it."""
    together, _, rest = field.partition("_")
    if f'.under("{together}")' in code and f'"{rest}"' in code:
        return True
    return re.search(rf"\b(?:settings|found)\.{field}\b", code) is not None
