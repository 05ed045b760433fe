"""Make newer.json from MDN's browser-compat-data: ``npm pack @mdn/browser-compat-data``, then
``python -m tests.baseline package/data.json``. Only names are kept; the data is in the public domain (CC0).
"""

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BASELINE = {"chrome": 86.0, "safari_ios": 13.0}
KEPT = Path(__file__).with_name("newer.json")


def main() -> None:
    data = json.loads(Path(sys.argv[1]).read_text())
    css = data["css"]
    found = {
        "made from": f"@mdn/browser-compat-data {data['__meta']['version']}",
        "properties": sorted({*css["properties"], *other_names(css["properties"])}),
        "newer properties": sorted(name for name, entry in css["properties"].items() if is_newer(entry)),
        "newer values": {
            name: values for name, entry in sorted(css["properties"].items()) if (values := newer_below(entry))
        },
        "newer selectors": newer_below(css["selectors"]),
        "newer at-rules": newer_below(css["at-rules"]),
        "newer media features": newer_below(css["at-rules"]["media"]),
        "newer types": sorted({name for kind in [css["types"], *css["types"].values()] for name in newer_below(kind)}),
        **members(data),
    }
    KEPT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")


def newer_below(entry: dict[str, Any]) -> list[str]:
    return sorted(name for name, each in entry.items() if isinstance(each, dict) and is_newer(each))


def is_newer(entry: dict[str, Any]) -> bool:
    """Whether one of the browsers of the baseline does not know it, at least under this name."""
    compat = entry.get("__compat")
    return bool(compat) and not all(knows(compat["support"], name, most) for name, most in BASELINE.items())


def knows(support: dict[str, Any], browser: str, version: float) -> bool:
    statements = support.get(browser, [])
    return any(
        since(each["version_added"]) <= version
        and not each.keys() & {"prefix", "alternative_name", "flags", "version_removed"}
        for each in (statements if isinstance(statements, list) else [statements])
    )


def since(version: str | bool | None) -> float:
    """As a number; "≤37" means that nobody looked further back."""
    number = str(version).removeprefix("≤")
    return float(number) if number.replace(".", "", 1).isdigit() else math.inf


def other_names(properties: dict[str, Any]) -> set[str]:
    """Names by which the baseline knows properties that have another one by now."""
    found = set[str]()
    for entry in properties.values():
        support = entry.get("__compat", {}).get("support", {})
        statements = [support.get(browser, []) for browser in BASELINE]
        named = [
            {
                one["alternative_name"]
                for one in (each if isinstance(each, list) else [each])
                if "alternative_name" in one
            }
            for each in statements
        ]
        found |= set.intersection(*named)
    return found


def members(data: dict[str, Any]) -> dict[str, list[str]]:
    """Names of scripts that nothing of the baseline bears: of properties and methods, and of what is global."""
    old, new, old_globals, new_globals = set[str](), set[str](), set[str](), set[str]()
    for name, entry in interfaces(data):
        (new_globals if is_newer(entry) else old_globals).add(name)
        for member, each in entry.items():
            if member != "__compat" and "__compat" in each:
                plain = member.removesuffix("_static").removesuffix("_event")
                (new if is_newer(each) or is_newer(entry) else old).add(plain)
    return {"newer members": sorted(new - old), "newer globals": sorted(new_globals - old_globals)}


def interfaces(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from data["javascript"]["builtins"].items()
    yield from data["api"].items()


if __name__ == "__main__":
    main()
