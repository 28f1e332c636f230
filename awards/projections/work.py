"""The work on one batch of events, in memory: rows are read once, changed as often as need be and written once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from awards.projections.bulk import upsert
from awards.projections.tables import ReadModel, View, decode, encode

CHUNK = 1000  # ids a query


class Work:
    """The views a batch touches, and where the current event stands."""

    def __init__(self) -> None:
        self.position = 0
        self.time = ""
        self.roll_changed = 0
        self._views: dict[ReadModel, dict[str, View]] = {}

    def load(self, connection: Connection, wanted: Mapping[ReadModel, Sequence[str]]) -> None:
        """Read the rows of these streams; a stream that has none yet begins with an empty view."""
        for model, ids in wanted.items():
            views = self._views.setdefault(model, {})
            table = model.table
            for start in range(0, len(ids), CHUNK):
                query = select(table.c.id, table.c.view).where(table.c.id.in_(ids[start : start + CHUNK]))
                for id_, view in connection.execute(query):
                    views[id_] = decode(view)

    def view(self, model: ReadModel, stream: str) -> View:
        """The view of a stream, to be changed in place."""
        views = self._views.setdefault(model, {})
        try:
            return views[stream]
        except KeyError:
            views[stream] = view = {"id": stream}
            return view

    def views(self, model: ReadModel) -> list[View]:
        """All views of a read model that the batch touches."""
        return list(self._views.get(model, {}).values())

    def write(self, connection: Connection) -> None:
        """Write the rows of all streams."""
        for model, views in self._views.items():
            rows = [(view["id"], view["version"], encode(view), *model.columns(view)) for view in views.values()]
            upsert(connection, model.table, rows)
