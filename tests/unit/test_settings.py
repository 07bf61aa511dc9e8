"""Settings: known names only, origins that are true, and secrets that stay unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import SetupError
from hub.settings import describe, load_settings


def test_the_defaults_are_an_embedded_test_hub() -> None:
    settings = load_settings({})

    assert (settings.environment, settings.database_url, settings.broker_url) == (
        "test",
        "sqlite:///langbenk.db",
        "memory://",
    )


def test_an_unknown_variable_stops_the_hub_and_is_named() -> None:
    with pytest.raises(SetupError, match="LANGBENK_DATABSE_URL"):
        load_settings({"LANGBENK_DATABSE_URL": "sqlite:///x.db"})


def test_a_value_that_cannot_be_used_names_the_setting_and_not_the_value() -> None:
    with pytest.raises(SetupError, match="LANGBENK_PORT") as caught:
        load_settings({"LANGBENK_PORT": "hunter2"})

    assert "hunter2" not in str(caught.value)


def test_variables_of_other_programs_are_no_concern_of_ours() -> None:
    settings = load_settings({"PATH": "/bin", "LANGBENK_SAMPLES": "/somewhere"})

    assert settings.port == 8080


def test_an_option_wins_over_the_environment_and_that_over_a_secret_file(tmp_path: Path) -> None:
    (tmp_path / "master_key").write_text("from-file\n")
    (tmp_path / "LANGBENK_ISSUER").write_text("https://file.example")
    environ = {"LANGBENK_SECRETS_DIR": str(tmp_path), "LANGBENK_ISSUER": "https://environment.example"}
    settings = load_settings({**environ, "LANGBENK_PORT": "81"}, port=82)

    assert settings.master_key is not None
    assert settings.master_key.get_secret_value() == "from-file"
    assert (settings.issuer, settings.port) == ("https://environment.example", 82)


def test_config_check_tells_each_origin_and_masks_secrets(tmp_path: Path) -> None:
    (tmp_path / "master_key").write_text("s3cret")
    environ = {
        "LANGBENK_SECRETS_DIR": str(tmp_path),
        "LANGBENK_DATABASE_URL": "postgresql+psycopg://user:pa@ss@db.example/langbenk",
    }
    rows = {row.name: row for row in describe(load_settings(environ, port=0), environ)}

    assert rows["LANGBENK_MASTER_KEY"].value == "********"
    assert rows["LANGBENK_MASTER_KEY"].origin == "secret file"
    assert rows["LANGBENK_DATABASE_URL"].value == "postgresql+psycopg://********@db.example/langbenk"
    assert rows["LANGBENK_PORT"].origin == "option"
    assert rows["LANGBENK_HOST"].origin == "default"
    assert all(row.about for row in rows.values())


def test_the_printed_settings_show_no_secret() -> None:
    settings = load_settings({"LANGBENK_MASTER_KEY": "s3cret"})

    assert "s3cret" not in repr(settings)
