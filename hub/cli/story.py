"""`langbenk demo`: a municipality that does not exist, told as it happens."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from importlib.resources import files
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console

from hub.cli.show import Json, as_json, console, errors, table
from hub.sandbox.people import lives
from hub.sandbox.report import Report, as_line, report
from hub.sandbox.stage import Stage, set_stage
from hub.sandbox.story import Event, Story

COLOURS = {
    "forward": "green",
    "forward_redacted": "yellow",
    "hold": "magenta",
    "deny": "red",
    "proposal": "cyan",
    "refused": "red",
    "confirmed": "green",
}


def demo(
    exit: Annotated[bool, typer.Option("--exit", help="Stop when the story is over.")] = False,
    json: Json = False,
    language: Annotated[str, typer.Option(help="nb, nn or en.")] = "en",
    port: Annotated[int, typer.Option(help="The hub's port; 0 takes a free one.")] = 0,
) -> None:
    """The hub, five sector systems and three synthetic children play a story; ends with a table and stays up."""
    if language not in ("nb", "nn", "en"):
        raise typer.BadParameter("nb, nn or en")
    words = yaml.safe_load(files("hub.sandbox").joinpath("story.yaml").read_text("utf-8"))
    teller = Teller(words, language, errors if json else console)
    today = datetime.now(UTC).date()
    people = lives(today)
    teller.say(words["title"][language], "bold")
    started = time.monotonic()
    with set_stage([*people.values()], port) as stage:
        Story(stage, people, today, teller.tell).play()
        found = report(stage, time.monotonic() - started)
        as_json(as_line(found)) if json else teller.add_up(found)
        if not exit:
            _stay(stage, teller)


class Teller:
    """Tells events in one language: a scene as a sentence, an outcome as a line with who, to whom and by which rule."""

    def __init__(self, words: Any, language: str, out: Console) -> None:
        self._words, self._language, self._out = words, language, out

    def say(self, text: str, style: str = "") -> None:
        self._out.print(text, style=style, highlight=False)

    def tell(self, event: Event) -> None:
        if event.outcome is None:
            self.say("\n" + self._words[event.scene][self._language], "bold")
            return
        way = " → ".join(self._sector(each) for each in (event.sender, event.receiver) if each)
        outcome = self._words["outcomes"][event.outcome][self._language]
        rules = f"  [dim]{' '.join(event.rules)}[/dim]" if event.rules else ""
        self._out.print(f"  {way}: [{COLOURS[event.outcome]}]{outcome}[/]{rules}", highlight=False)

    def add_up(self, found: Report) -> None:
        say = {key: text[self._language] for key, text in self._words["table"].items()}
        rows = [(self._sector(name), each["sent"], each["received"]) for name, each in found.sectors.items()]
        self.say("")
        table(say["caption"], [say["sector"], say["sent"], say["received"]], rows, "")
        names = {key: text[self._language] for key, text in self._words["outcomes"].items()}
        self.say(
            f"{names['forward']} {found.forwarded} · {names['forward_redacted']} {found.redacted} · "
            f"{names['hold']} {found.held} · {names['deny']} {found.denied} · {say['lost']} {found.lost} · "
            f"{found.seconds:.1f} s"
        )

    def stays(self, url: str) -> None:
        self.say(self._words["table"]["stays"][self._language].format(url=url), "bold")

    def _sector(self, name: str) -> str:
        return str(self._words["sectors"][name][self._language])


def _stay(stage: Stage, teller: Teller) -> None:
    teller.stays(stage.url)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return


def add_to(app: typer.Typer) -> None:
    """Puts this command on the command line."""
    app.command()(demo)
