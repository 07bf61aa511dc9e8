"""Each room's quality.yaml says of every check whether it is done, and is true of those that are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.conformance.kit import CHECKS, UNCHECKED

FILES = sorted((Path(__file__).parents[2] / "adapters").glob("*/quality.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_what_is_done_is_what_the_kit_checks_and_the_rest_says_why(file: Path) -> None:
    checks: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))["checks"]

    done = {code for code, state in checks.items() if state == "done"}
    exempt = {code for code, state in checks.items() if isinstance(state, dict) and state["exempt"]}

    assert done >= CHECKS.keys()
    assert exempt <= UNCHECKED.keys()
    assert done | exempt == checks.keys()
