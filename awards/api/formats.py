"""The roll of honour as CSV (RFC 4180), as schema.org in JSON-LD, and as an Atom feed (RFC 4287).

JSON-LD tells every language; CSV and Atom have room for one and tell the one asked for where there is a text in it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import Any

from awards.api.answers import JSON

CSV, JSON_LD, ATOM = "text/csv", "application/ld+json", "application/atom+xml"
MEDIA = {"json": JSON, "csv": CSV, "jsonld": JSON_LD, "atom": ATOM}
LANGUAGES = ("en", "fr")
ERASED = "erased"

Item = Mapping[str, Any]

COLUMNS = (
    "id award award_name edition year category placing kind name rank country mission citation occasion date place "
    "presented_by revoked announced"
).split()
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_THINGS = {"person": "Person", "team": "Organization", "organisation": "Organization", "work": "CreativeWork"}
_TITLES = {"en": "Roll of honour", "fr": "Palmarès"}


def best(texts: Any, language: str) -> tuple[str, str]:
    """The text in the language asked for, else in English, else in any; with its language, "" when there is none."""
    if not isinstance(texts, Mapping):
        return "", str(texts or "")
    found = next((tag for tag in (language, "en", *texts) if tag in texts), "")
    return found, texts.get(found, "")


# --- CSV


def as_csv(items: Sequence[Item], language: str) -> bytes:
    """A header and a row each. What a spreadsheet would take for a formula begins with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for item in items:
        writer.writerow([_inert(value) for value in _row(item, language)])
    return text.getvalue().encode()


def _row(item: Item, language: str) -> list[str]:
    conferral = item.get("conferral", {})
    told = {
        **item,
        **{name: conferral.get(name, "") for name in ("date", "place")},
        "award_name": best(item["award_name"], language)[1],
        "citation": best(item.get("citation"), language)[1],
        "occasion": best(conferral.get("occasion"), language)[1],
        "presented_by": "; ".join(conferral.get("presented_by", ())),
        "revoked": "yes" if item["revoked"] else "no",
    }
    return [str(told.get(column, "")) for column in COLUMNS]


def _inert(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value


# --- JSON-LD


def as_json_ld(items: Sequence[Item]) -> bytes:
    """An ItemList of those who hold an award, or were named next; whose award was revoked is not among them."""
    listed = [_thing(item) for item in items if not item["revoked"]]
    told = {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": listed}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _thing(item: Item) -> dict[str, Any]:
    kind = _THINGS[item["kind"]]
    told = {name: item[name] for name in ("name", "rank", "country", "mission") if item.get(name, ERASED) != ERASED}
    thing: dict[str, Any] = {"@type": kind, "@id": f"urn:uuid:{item['id']}"}
    if "name" in told:
        thing["name"] = told["name"]
    if "rank" in told and kind == "Person":
        thing["honorificPrefix"] = told["rank"]
    if "country" in told and kind == "Person":
        thing["nationality"] = {"@type": "Country", "identifier": told["country"]}
    if "mission" in told and kind != "CreativeWork":
        thing["memberOf"] = {"@type": "Organization", "name": told["mission"]}
    if item["placing"] == "winner":
        thing["award"] = _by_language(item["award_name"], f", {item['edition']}")
    if isinstance(item.get("citation"), Mapping):
        thing["description"] = _by_language(item["citation"])
    return thing


def _by_language(texts: Mapping[str, str], after: str = "") -> list[dict[str, str]]:
    return [{"@language": tag, "@value": text + after} for tag, text in texts.items()]


# --- Atom


def as_atom(items: Sequence[Item], language: str, here: str, beyond: str | None, resource: str) -> bytes:
    """A feed of what stands at `here`, going on at `beyond`; `resource` and an id are the address of one winner."""
    feed = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": language})
    _add(feed, "id", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, here)}")
    _add(feed, "title", best(_TITLES, language)[1])
    _add(feed, "updated", max(map(_updated, items), default="1970-01-01T00:00:00Z"))
    _add(feed, "link", rel="self", type=ATOM, href=here)
    if beyond:
        _add(feed, "link", rel="next", type=ATOM, href=beyond)
    _add(ET.SubElement(feed, "author"), "name", "Awards")
    for item in items:
        _entry(ET.SubElement(feed, "entry"), item, language, resource)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(entry: ET.Element, item: Item, language: str, resource: str) -> None:
    _add(entry, "id", f"urn:uuid:{item['id']}")
    tag, award = best(item["award_name"], language)
    who = " ".join(filter(None, (item.get("rank"), item["name"])))
    _add(entry, "title", f"{who}: {award}, {item['edition']}", **_tagged(tag))
    _add(entry, "updated", _updated(item))
    _add(entry, "published", item["announced"])
    _add(entry, "link", rel="alternate", type=JSON, href=resource + item["id"])
    _add(entry, "category", term=item["award"])
    _add(entry, "category", term=item["placing"])
    if item["revoked"]:
        _add(entry, "category", term="revoked")
    tag, citation = best(item.get("citation"), language)
    if citation:
        _add(entry, "summary", citation, **_tagged(tag))


def _updated(item: Item) -> str:
    return str(item["updated"])


def _tagged(language: str) -> dict[str, str]:
    return {"xml:lang": language} if language else {}


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> None:
    element = ET.SubElement(parent, name, attributes)
    if text is not None:
        element.text = _NOT_XML.sub("\ufffd", text)
