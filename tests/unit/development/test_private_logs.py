"""The check of a run's log finds what it must find."""

import pytest

from tests.e2e.support.private_logs import personal_lines

LOG = """\
2026-11-28 15:00:00,000 1 INFO e2e_1 odoo.modules.loading: loading 1 modules...
2026-11-28 15:00:01,000 2 INFO e2e_1 werkzeug: "POST /messaging/webhook/… HTTP/1.1" 200
"""


def logged(line):
    return f"{LOG}2026-11-28 15:00:02,000 2 WARNING e2e_1 odoo.http: {line}\n"


@pytest.mark.parametrize(
    "line",
    [
        "34611550001 isn't a number.",
        "No such customer: +34611550001",
        "Ana Ruiz is unknown.",
        "“My card is 4242” can't be read.",
        "token=s3cr3t-s3cr3t",
    ],
)
def test_numbers_names_texts_and_secrets_are_found(line):
    words = {"Ana Ruiz", "My card is 4242", "s3cr3t-s3cr3t"}
    [found] = personal_lines(logged(line), words)
    assert line in found


def test_ordinary_lines_and_parts_of_words_are_not():
    words = {"Ana Ruiz", "loading 1 modules of"}
    assert personal_lines(logged("Mariana Ruizmo"), words) == []


@pytest.mark.parametrize("text", ["", "Nothing that a server wrote."])
def test_a_log_without_a_server_is_refused(text):
    with pytest.raises(AssertionError, match="no log"):
        personal_lines(text, {"Ana Ruiz"})
