"""Reads the forms with files that are uploaded to Meta."""

from __future__ import annotations

import json
from email.parser import BytesParser
from email.policy import HTTP


def parts(captured):
    """Return the fields of a form with a file, with JSON objects parsed."""
    head = f"Content-Type: {captured.headers['content-type']}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + captured.body)
    found = {}
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if part.get_filename() is not None:
            found[name] = {
                "filename": part.get_filename(),
                "content_type": part.get_content_type(),
                "content": content.decode("latin-1"),
            }
        else:
            words = content.decode()
            found[name] = json.loads(words) if words.startswith("{") else words
    return found
