"""The files beside the addon that hosts of Odoo read."""

import ast

from .conftest import REPOSITORY

MANIFEST = ast.literal_eval(
    (REPOSITORY / "messaging_inbox" / "__manifest__.py").read_text()
)


def test_requirements_match_the_manifest_and_are_unpinned():
    """Odoo.sh installs each requirements.txt over the packages of its Odoo."""
    lines = (REPOSITORY / "requirements.txt").read_text().split()
    assert sorted(lines) == sorted(MANIFEST["external_dependencies"]["python"])


def test_there_is_only_one_requirements_txt():
    kept_out = {".dev", "node_modules"}
    found = [
        path
        for path in REPOSITORY.rglob("requirements.txt")
        if not kept_out & set(path.relative_to(REPOSITORY).parts)
    ]
    assert found == [REPOSITORY / "requirements.txt"]


def test_the_manifest_names_website_and_support():
    assert MANIFEST["website"].startswith("https://")
    assert MANIFEST["support"]
    assert isinstance(MANIFEST["maintainers"], list) and MANIFEST["maintainers"]
