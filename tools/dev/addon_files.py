"""Checks that no linter makes: XML parses, and the manifest names every file."""

import ast
import sys
from xml.etree import ElementTree

from tools.dev.places import ADDON, ROOT

NOT_IN_MANIFEST = ("static", "tests", "i18n", "readme")


def complaints():
    yield from _manifest()
    yield from _broken_xml()


def _manifest():
    """Check that each named file exists and that each data file is named."""
    manifest = ast.literal_eval((ADDON / "__manifest__.py").read_text())
    named = {*manifest.get("data", ()), *manifest.get("demo", ())}
    there = {
        str(path.relative_to(ADDON))
        for pattern in ("*.xml", "*.csv")
        for path in ADDON.rglob(pattern)
        if path.relative_to(ADDON).parts[0] not in NOT_IN_MANIFEST
        and "providers" not in path.parts
    }
    for name in sorted(named - there):
        yield f"{ADDON.name}/__manifest__.py: {name} is named but does not exist"
    for name in sorted(there - named):
        yield f"{ADDON.name}/{name}: not named in the manifest"


def _broken_xml():
    for path in sorted(ADDON.rglob("*.xml")):
        try:
            ElementTree.parse(path)
        except ElementTree.ParseError as error:
            yield f"{path.relative_to(ROOT)}: {error}"


if __name__ == "__main__":
    found = list(complaints())
    print("\n".join(found))
    sys.exit(1 if found else 0)
