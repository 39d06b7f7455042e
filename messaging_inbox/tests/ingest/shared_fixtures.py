"""Published real payloads, and the expected events of each.

They lie beside the repository, not in it; ``shared_fixtures.json`` has one line for
each. The providers' own tests read this file too, so it knows neither Odoo nor them.
"""

import json
from pathlib import Path
from urllib.parse import parse_qsl

HERE = Path(__file__).resolve()
FOLDER = HERE.parents[4] / "shared" / "fixtures"
EXPECTED = json.loads(HERE.with_suffix(".json").read_text())


def forms():
    """Yield (name, pairs) of Twilio's payloads."""
    for path in sorted(FOLDER.glob("twilio_*/*.form")):
        text = path.read_text().strip()
        yield _name(path), parse_qsl(text, keep_blank_values=True)


def bodies(*folders):
    """Yield (name, body) of Meta's payloads in these folders.

    Some files are whole bodies, some one entry, some one event: each is put into what
    is missing around it.
    """
    for folder in folders:
        put = _of_number if folder == "whatsapp_cloud" else _of_page
        for path in sorted((FOLDER / folder).glob("*.json")):
            payload = json.loads(path.read_text())
            yield _name(path), payload if "entry" in payload else put(payload)


def _name(path):
    return f"{path.parent.name}/{path.stem}"


def _of_number(value):
    number = {"display_phone_number": "34600000001", "phone_number_id": "2000001"}
    change = {"field": "messages", "value": {"metadata": number, **value}}
    entry = {"id": "1000001", "changes": [change]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def _of_page(payload):
    if "field" in payload:
        payload = {"id": "0", "changes": [payload]}
    elif "messaging" not in payload:
        payload = {"id": _page_of(payload), "messaging": [payload]}
    return {"object": "page", "entry": [payload]}


def _page_of(event):
    is_echo = event.get("message", {}).get("is_echo")
    return event["sender" if is_echo else "recipient"]["id"]
