"""`langbenk`: every command, with `--json` everywhere and an exit status one can script on.

Exit status: 0 done, 1 a check failed or something was refused, 2 wrong use, 3 the set-up must be mended first.
"""

from __future__ import annotations

import sys

import typer

from hub.cli import (
    audit,
    bench,
    consents,
    coordination,
    data,
    decision,
    family,
    holds,
    log,
    operate,
    plan,
    records,
    report,
    run,
    services,
    story,
    tasks,
)
from hub.cli.show import fail
from hub.errors import LangbenkError, SetupError, TryAgainError, UnusableError
from hub.logs import set_up_logs, tell_uncaught

app = typer.Typer(
    name="langbenk",
    help="Langbenk: one shared plan for a child, carried between the services that help, within consent and the law.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for room in (
    run,
    story,
    data,
    operate,
    records,
    holds,
    tasks,
    coordination,
    plan,
    family,
    consents,
    report,
    services,
    decision,
    log,
    audit,
    bench,
):
    room.add_to(app)


def main() -> None:
    """The entry point: known errors become one line and an exit status, never a trace."""
    set_up_logs()
    tell_uncaught()
    try:
        app()
    except SetupError as error:
        fail(str(error), 3)
    except TryAgainError as error:
        fail(f"{error}; try again in a moment", 3)
    except UnusableError as error:
        fail(f"{error.code}: {error}" + (f" at {error.place}" if error.place else "") + _way(error), 1)
    except LangbenkError as error:
        fail(str(error), 1)
    except KeyboardInterrupt:
        sys.exit(130)


def _way(error: UnusableError) -> str:
    return f" ({error.way_out})" if error.way_out else ""
