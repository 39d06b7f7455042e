"""Templates that the provider has approved, synced to Odoo."""

BODY = "Hello {{1}}, your {{model}} is ready. Does Friday suit you?"
YES = {"type": "QUICK_REPLY", "title": "Yes, please", "id": "friday:yes"}


def make_template(phone, admin, account, name, file=False):
    """Return a new template with the variables ``1`` and ``model``, as Odoo has it.

    With ``file``, the agent chooses the picture in its header.
    """
    samples = {"1": "Zoe", "model": "tandem"}
    types = {"twilio/quick-reply": {"body": BODY, "actions": [YES]}}
    if file:
        origin = account["webhook_url"].partition("/messaging/")[0]
        media = [f"{origin}/messaging/media/{{{{file}}}}"]
        card = {"title": BODY, "media": media, "actions": [YES]}
        types, samples = {"twilio/card": card}, {**samples, "file": "sample.png"}
    content = phone.template(
        friendly_name=name, variables=samples, types=types, status="approved"
    )
    admin.call("messaging.account", "action_sync_templates", [account["id"]])
    of_content = [("provider_reference", "=", content["sid"])]
    (template,) = admin.call("messaging.template", "search_read", of_content)
    assert template["state"] == "approved"
    return template
