"""Templates of the practice account, in the phone and in Odoo."""

import json


def make_template(phone, database, account, name, **values):
    """Return the id of a new approved template with a chosen picture as its header.

    Its variables are ``1`` and ``model``; ``file`` is the picture's.
    """
    origin = account["webhook_url"].partition("/messaging/")[0]
    body = "Hello {{1}}, your {{model}} is ready. Does Friday suit you?"
    action = {"type": "QUICK_REPLY", "title": "Yes, please", "id": "friday:yes"}
    media = f"{origin}/messaging/media/{{{{file}}}}" if values.get("file") else ""
    content_type = {"body": body, "actions": [action]}
    types = {"twilio/quick-reply": content_type}
    samples = {"1": "Zoe", "model": "tandem"}
    if media:
        types = {"twilio/card": {**content_type, "title": body, "media": [media]}}
        del types["twilio/card"]["body"]
        samples["file"] = "sample.png"
    content = phone.post(
        "contents",
        friendly_name=name,
        variables=samples,
        types=types,
        status="approved",
    )["content"]
    button = {"kind": "reply", "text": "Yes, please", "value": ""}
    (row,) = database.rows(
        """
        INSERT INTO messaging_template (
               account_id, name, active, language, category, state, use, body, buttons,
               variable_names, samples, media_kind, media_url, provider_reference)
        VALUES (%s, %s, TRUE, 'en', 'utility', 'approved', 'anytime', %s, %s, %s, %s,
                %s, %s, %s)
        RETURNING id
        """,
        account["id"],
        name,
        body,
        json.dumps([{**button, "payload": "friday:yes"}]),
        json.dumps(list(samples)),
        json.dumps(samples),
        "image" if media else None,
        media or None,
        content["sid"],
    )
    database.run(
        "INSERT INTO messaging_channel_messaging_template_rel"
        " (messaging_template_id, messaging_channel_id)"
        " SELECT %s, id FROM messaging_channel"
        " WHERE account_id = %s AND kind = 'whatsapp'",
        row["id"],
        account["id"],
    )
    return row["id"], content["sid"]
