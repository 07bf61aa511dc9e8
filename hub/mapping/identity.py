"""Identity rows: one element per fact about who the child is, its category the fact itself where law names it."""

from __future__ import annotations

from dataclasses import dataclass

from hub.mapping.path import Json
from hub.mapping.row import Row
from hub.model.change import Item
from hub.model.plan import About


@dataclass(frozen=True, slots=True)
class Fact:
    """The fact's key in a portion is its name; its content is `{"fact": …, "value": …}`."""

    name: str
    row: Row
    categories: frozenset[str]
    about: About

    def get(self, part: Json) -> Item | None:
        found = self.row.read(part)
        value = None if found is None else self.row.value(found)
        return None if value is None else Item({"fact": self.name, "value": value}, self.categories, self.about)

    def put(self, part: Json, item: Item | None) -> Json:
        return self.row.put(part, self.row.read(part), None if item is None else item.content.get("value"))

    def fit(self, item: Item) -> Item | None:
        fitted = None if item.deleted else self.row.fit(item.content.get("value"))
        return None if fitted is None else item._replace(content={"fact": self.name, "value": fitted})
