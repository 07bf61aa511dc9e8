"""A municipality is taken in: not before it has named who decides for it."""

from __future__ import annotations

from pathlib import Path

from hub.security.keys import new_master_key
from tests.journeys.command import Shell
from tests.journeys.test_command_line import systems_file


def test_a_municipality_that_has_named_nobody_who_decides_is_not_taken_in(shell: Shell, tmp_path: Path) -> None:
    shell.settings(database_url=f"sqlite:///{tmp_path / 'hub.sqlite3'}", master_key=new_master_key())
    file = systems_file(tmp_path)
    whole = file.read_text()
    file.write_text(whole.replace("decision_authority", "coordinator"))

    refused = shell.run("config", "apply", file)
    file.write_text(whole)

    assert (refused.status, "decision_authority" in refused.err) == (3, True)
    assert shell.run("config", "apply", file).status == 0
