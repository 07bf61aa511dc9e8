"""Every setting does something: what is read from outside is asked for somewhere in the hub."""

from __future__ import annotations

import re

from hub.settings import Settings
from tests.house.house import files, listed, name


def test_every_setting_is_asked_for() -> None:
    elsewhere = [path for path in files("hub") if name(path) != "hub/settings.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in elsewhere)
    idle = [field for field in Settings.model_fields if not re.search(rf"\b(?:settings|found)\.{field}\b", code)]

    assert not idle, listed("settings that change nothing:", idle)
