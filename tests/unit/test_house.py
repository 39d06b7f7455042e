"""The house rules that a machine can check."""

from __future__ import annotations

import ast
import graphlib
import re
import sys
from functools import cache
from importlib.util import resolve_name

import pytest

from .conftest import REPOSITORY

ADDON = REPOSITORY / "messaging_inbox"
PROVIDERS = ADDON / "providers"
FOLDERS = sorted(path.parent for path in PROVIDERS.glob("*/provider.py"))
CODES = [folder.name for folder in FOLDERS]
# `requests` is built on `urllib3`.
LIBRARIES = {"phonenumbers", "requests", "twilio", "urllib3"}
HEADINGS = [
    "Setup",
    "Signature",
    "Event ids",
    "Reply window",
    "Carries / does not carry",
    "Quirks",
    "Fixtures: where from",
]
VERBS = [
    *("verify", "handshake", "parse", "send", "react", "show_read", "download"),
    *("profile", "check", "renew", "list_channels", "register", "health"),
    "standings",
    *("history", "missed", "templates", "create_template"),
]
# The values of messaging.channel.kind; one of them is a provider's code, too.
CHANNEL_KINDS = ("whatsapp", "sms", "messenger", "instagram")
MODELS = ADDON / "models"
# The folders of models/ that hooks of the others call, and their own model.
ATTACHED = {
    "record_notes": "messaging.note.window",
    "notifications": "messaging.notification",
}
# What the bus asks each model for, whichever it is.
ASKED_FROM_BELOW = {"_inbox_values"}
# These know each other, and share a floor.
PAIRS = (("account", "channel"), ("conversation", "message"))
MOST_LINES_OF_A_FILE = 450
MOST_LINES_OF_A_FUNCTION = 45


def sources(*suffixes, under=ADDON):
    for path in sorted(under.rglob("*")):
        if path.suffix in suffixes and "__pycache__" not in path.parts:
            yield path


def name_of(path):
    return str(path.relative_to(ADDON))


def tree_of(path):
    return ast.parse(path.read_text(), filename=str(path))


def imports(path):
    """Yield (level, module) of each import, a relative one with its level above 0."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is None:
            yield from ((node.level, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module


def python_of_providers():
    return list(sources(".py", under=PROVIDERS))


@pytest.mark.parametrize("path", python_of_providers(), ids=name_of)
def test_providers_import_only_the_named_libraries(path):
    outside = {module.split(".")[0] for level, module in imports(path) if not level}
    assert outside <= LIBRARIES | sys.stdlib_module_names


@pytest.mark.parametrize("path", python_of_providers(), ids=name_of)
def test_providers_import_neither_the_addon_nor_each_other(path):
    depth = len(path.relative_to(PROVIDERS).parts)
    for level, module in imports(path):
        assert level <= depth, f"{module} is outside of providers/"
        if level == depth and path != PROVIDERS / "__init__.py":
            assert module.split(".")[0] not in CODES, module


def names(words, code):
    """Tell whether the text names a provider, not a channel's kind."""
    if code not in CHANNEL_KINDS:
        return code in words
    imported = rf"import \([^)]*\b{code}\b|from \.{code}\b"
    said = rf"provider\b.*\b{code}\b|account[_.]{code}"
    return re.search(f"{imported}|{said}", words)


def test_only_a_providers_own_files_name_it():
    named = {code: set() for code in CODES}
    for path in sources(".py", ".xml", ".js", ".scss", ".csv", ".sql"):
        if path.relative_to(ADDON).parts[0] in ("demo", "tests"):
            continue
        words = path.read_text()
        for code in CODES:
            if PROVIDERS / code not in path.parents and names(words, code):
                named[code].add(name_of(path))
    for code, files in named.items():
        assert files == {
            "__manifest__.py",
            "models/account/__init__.py",
            f"models/account/{code}.py",
            "providers/__init__.py",
            f"views/messaging_account_{code}_views.xml",
        }


def methods_of(path):
    """Return the private methods that a file defines, without those that it extends."""
    return {
        node.name
        for owner in ast.walk(tree_of(path))
        if isinstance(owner, ast.ClassDef)
        for node in owner.body
        if isinstance(node, ast.FunctionDef)
        and is_private(node.name)
        and f"super().{node.name}(" not in ast.unparse(node)
    }


def is_private(name):
    return name.startswith("_") and not name.startswith("__")


def calls_of(path):
    """Return the private names that a file reaches for on objects."""
    nodes = ast.walk(tree_of(path))
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return {name for name in names if is_private(name)}


@pytest.mark.parametrize(("folder", "model"), ATTACHED.items())
def test_what_attaches_by_hooks_is_named_by_nobody_else(folder, model):
    inside = list(sources(".py", under=MODELS / folder))
    outside = [
        path
        for part in ("models", "controllers", "wizard")
        for path in sources(".py", under=ADDON / part)
        if path not in inside
    ]
    private = set().union(*map(methods_of, inside)) - set().union(
        *map(methods_of, outside)
    )
    for path in outside:
        assert model not in path.read_text(), name_of(path)
        assert not calls_of(path) & private, name_of(path)


def floors():
    """Return {folder of models/: its floor}, from the order of their import."""
    (node,) = tree_of(MODELS / "__init__.py").body[1:]
    found = {alias.name: floor for floor, alias in enumerate(node.names)}
    return {**found, **{upper: found[lower] for lower, upper in PAIRS}}


FLOORS = floors()


def folder_of(path):
    return path.relative_to(MODELS).parts[0]


@cache
def homes():
    """Return {private method: the lowest floor that defines it}."""
    found = {}
    for path in sources(".py", under=MODELS):
        for name in methods_of(path):
            floor = FLOORS[folder_of(path)]
            found[name] = min(floor, found.get(name, floor))
    return found


@pytest.mark.parametrize("path", [*sources(".py", under=MODELS)][1:], ids=name_of)
def test_a_folder_of_models_builds_on_those_below_it(path):
    floor = FLOORS[folder_of(path)]
    for level, module in imports(path):
        if level == 2:
            assert FLOORS[module.split(".")[0]] <= floor, module
    above = {name for name in calls_of(path) if homes().get(name, 0) > floor}
    # Make a hook, or move what is called to where it belongs.
    assert above <= ASKED_FROM_BELOW


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_providers_readme_has_all_its_headings(folder):
    text = (folder / "README.md").read_text()
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_all_providers_define_their_verbs_in_the_same_order(folder):
    (provider,) = [
        node
        for node in tree_of(folder / "provider.py").body
        if isinstance(node, ast.ClassDef)
    ]
    functions = [
        node.name for node in provider.body if isinstance(node, ast.FunctionDef)
    ]
    public = [name for name in functions if not name.startswith("_")]
    assert public == [verb for verb in VERBS if verb in public]


def test_providers_do_not_log():
    for path in python_of_providers():
        assert "logging" not in {module for _level, module in imports(path)}


@pytest.mark.parametrize("path", [*sources(".py", ".js")], ids=name_of)
def test_no_file_is_too_long(path):
    assert len(path.read_text().splitlines()) <= MOST_LINES_OF_A_FILE


@pytest.mark.parametrize("path", [*sources(".py")], ids=name_of)
def test_no_function_is_too_long(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = node.end_lineno - node.lineno + 1
            assert length <= MOST_LINES_OF_A_FUNCTION, node.name


# From the top down: a folder imports only from the rows below its own.
LAYERS = [("controllers", "wizard"), ("models",), ("tools",), ("providers",)]


def test_folders_of_the_addon_import_only_from_the_rows_below():
    rows = {name: row for row, names in enumerate(LAYERS) for name in names}
    for name in rows:
        for path in sources(".py", under=ADDON / name):
            depth = len(path.relative_to(ADDON).parts)
            for level, module in imports(path):
                if level == depth:
                    assert rows[module.split(".")[0]] > rows[name], name_of(path)


def modules(*folders):
    """Return the path of each Python module by its dotted name."""
    paths = (path for name in folders for path in sources(".py", under=name))
    names = {path: path.relative_to(REPOSITORY).with_suffix("") for path in paths}
    return {
        ".".join(name.parts).removesuffix(".__init__"): path
        for path, name in names.items()
    }


def imported_modules(name, path, known):
    """Yield the known modules that a module imports, anywhere in its file."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package)
            members = [f"{base}.{alias.name}" for alias in node.names]
            found = [member if member in known else base for member in members]
        else:
            continue
        found = {each.removeprefix("odoo.addons.") for each in found}
        yield from found & known.keys() - {name}


def test_no_module_imports_itself_through_others():
    known = modules(ADDON, REPOSITORY / "tools", REPOSITORY / "benchmarks")
    graph = {name: set(imported_modules(name, known[name], known)) for name in known}
    # CycleError names the modules of a circle.
    graphlib.TopologicalSorter(graph).prepare()
