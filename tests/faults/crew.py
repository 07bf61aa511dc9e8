"""The crew: worker processes that are started again whenever they are found dead, until their lives are used up."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from tests.faults.death import Appointment, appoint
from tests.faults.mortal import live

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.faults.mortal"])


@dataclass
class Post:
    """One place in the crew, and the lives left for it."""

    role: str
    deaths: list[Appointment]
    process: ForkServerProcess


class Crew:
    """One process a post; the last life of each is without an appointment."""

    def __init__(self, settings: Mapping[str, Any], posts: Mapping[str, int], seed: int, chronicle: Path) -> None:
        """`posts` says how many lives each has; a post is called `role` or `role.number`."""
        self._settings = dict(settings)
        self.fell: list[str] = []
        """Who died otherwise than by appointment, and of what."""
        self.stubborn: list[str] = []
        """Who did not stop when told to."""
        self._posts = [
            self._manned(name.partition(".")[0], appoint(name.partition(".")[0], f"{seed} {name}", lives, chronicle))
            for name, lives in posts.items()
        ]

    def look_after(self, seconds: float) -> None:
        """Waits so long for somebody to die, and puts the next in the place."""
        wait([post.process.sentinel for post in self._posts], seconds)
        for place, post in enumerate(self._posts):
            if not post.process.is_alive():
                post.process.join()
                if post.process.exitcode != -9:
                    self.fell.append(f"{post.role}: {post.process.exitcode}")
                self._posts[place] = self._manned(post.role, post.deaths)

    def close(self) -> None:
        """Tells all to stop, and ends those that do not."""
        for post in self._posts:
            post.process.terminate()
        for post in self._posts:
            post.process.join(20)
        self.stubborn = [post.role for post in self._posts if post.process.exitcode != 0]
        for post in self._posts:
            post.process.kill()
            post.process.join()
            post.process.close()

    def _manned(self, role: str, deaths: list[Appointment]) -> Post:
        process = FORKS.Process(target=live, args=(self._settings, deaths[0]), name=role, daemon=True)
        process.start()
        return Post(role, deaths[1:] or deaths, process)
