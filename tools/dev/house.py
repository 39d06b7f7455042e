"""House rules that no linter knows: sizes of files, and a manifest that names all."""

import ast
import sys
from xml.etree import ElementTree

from tools.dev.places import ADDON, ROOT

LINE_LIMIT = 300
CODE = ("*.py", "*.js", "*.cjs")
PLACES = ("messaging_inbox", "tools", "tests", "benchmarks")
NOT_IN_MANIFEST = ("static", "tests", "i18n", "readme")


def complaints():
    yield from _long_files()
    yield from _manifest()
    yield from _broken_xml()


def _files(*patterns):
    for place in PLACES:
        for pattern in patterns:
            for path in sorted((ROOT / place).rglob(pattern)):
                if "lib" not in path.parts:
                    yield path


def _long_files():
    for path in _files(*CODE):
        lines = len(path.read_text().splitlines())
        if lines > LINE_LIMIT:
            yield f"{_short(path)}: {lines} lines; more than {LINE_LIMIT} are two files"


def _manifest():
    """Every file that is named is there, and every data file is named."""
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
        yield f"{ADDON.name}/__manifest__.py: {name} is named, and not there"
    for name in sorted(there - named):
        yield f"{ADDON.name}/{name}: not named in the manifest"


def _broken_xml():
    for path in _files("*.xml"):
        try:
            ElementTree.parse(path)
        except ElementTree.ParseError as error:
            yield f"{_short(path)}: {error}"


def _short(path):
    return path.relative_to(ROOT)


if __name__ == "__main__":
    found = list(complaints())
    print("\n".join(found))
    sys.exit(1 if found else 0)
