"""A valid body for any operation, made from the API's own document: so a new route is walked without being told of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
ANY_ID = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
MOMENT = "2099-01-01T00:00:00Z"


def type_of(value: object) -> str:
    """The JSON type of what is known."""
    return {str: "string", list: "array", dict: "object", int: "integer"}[type(value)]


class Bodies:
    """Fills shapes in: what is known by the name of a member, and else the least that the shape takes."""

    def __init__(self, document: Schema, known: Mapping[str, Any]) -> None:
        self._shapes = document["components"]["schemas"]
        self._known = known
        self._operations = {
            operation["operationId"]: operation for item in document["paths"].values() for operation in item.values()
        }

    def body_of(self, operation: str) -> Any:
        """The body for an operation of the document; None if it takes none."""
        sent = self._operations[operation].get("requestBody")
        return self.fill(sent["content"]["application/json"]["schema"]) if sent and sent["required"] else None

    def fill(self, schema: Schema, name: str = "") -> Any:
        """A value of the schema, for a member of this name."""
        if name in self._known and schema.get("type") == type_of(self._known[name]):
            return self._known[name]
        if "$ref" in schema:
            return self.fill(self._shapes[schema["$ref"].rpartition("/")[2]], name)
        if "allOf" in schema:
            return self.fill(schema["allOf"][0], name)
        if "enum" in schema:
            return schema["enum"][0]
        return getattr(self, f"_{schema.get('type', 'object')}")(schema, name)

    def _object(self, schema: Schema, _name: str) -> Any:
        wanted = {*schema.get("required", ()), *(self._known.keys() & schema.get("properties", {}).keys())}
        members = {member: self.fill(schema["properties"][member], member) for member in sorted(wanted)}
        extra = schema.get("additionalProperties")
        if not members and extra:
            return {"en": self.fill(extra)}
        return members

    def _array(self, schema: Schema, name: str) -> Any:
        return [self.fill(schema["items"], name.removesuffix("s")) for _ in range(schema.get("minItems", 0))]

    def _string(self, schema: Schema, _name: str) -> str:
        by_format = {"uuid": ANY_ID, "date-time": MOMENT, "uri": "https://example.org/", "email": "ada@example.org"}
        if schema.get("format") in by_format:
            return by_format[schema["format"]]
        return str(schema.get("examples", ["Some words"])[0])

    def _integer(self, schema: Schema, _name: str) -> int:
        return max(1, schema.get("minimum", 1))

    def _boolean(self, _schema: Schema, _name: str) -> bool:
        return True
