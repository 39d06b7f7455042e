"""`make clean` removes everything that these commands made."""

import shutil

from tools.dev import databases, postgres
from tools.dev.console import Problem, step
from tools.dev.places import DEV, FILESTORES, NODE_MODULES, POSTGRES, ROOT, VENV


def clean(_extra):
    _refuse_while_used()
    with step("Removing everything that was made"):
        if POSTGRES.exists() and VENV.exists():
            postgres.stop()
        elif FILESTORES.exists():
            _drop_from_given_server()
        for made in (DEV, NODE_MODULES, *ROOT.glob("bench*.json")):
            _remove(made)
    return 0


def _refuse_while_used():
    users = postgres.Users(postgres.USERS)
    users.join()
    if not users.leave():
        raise Problem("Another command is still running here. Stop it first.")


def _drop_from_given_server():
    """Drop our databases: each has a filestore here, wherever its server is."""
    with postgres.postgres():
        for filestore in FILESTORES.iterdir():
            databases.drop_database(filestore.name)


def _remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
