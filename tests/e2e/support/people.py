"""Users without a browser: Odoo's own JSON calls."""

from tests.e2e.support.local_http import local_client
from tools.practice_phone import demo


class Refused(Exception):
    """Odoo's error message to a user."""


class Person:
    def __init__(self, url, database, login, password):
        self.login, self.password = login, password
        self._http = local_client(url, timeout=60)
        user = {"db": database, "login": login, "password": password}
        self.id = self._post("/web/session/authenticate", user)["uid"]

    @property
    def session(self):
        return self._http.cookies["session_id"]

    def call(self, model, method, *arguments, **keywords):
        parameters = {
            "model": model,
            "method": method,
            "args": arguments,
            "kwargs": keywords,
        }
        return self._post(f"/web/dataset/call_kw/{model}/{method}", parameters)

    def _post(self, path, parameters):
        envelope = {"jsonrpc": "2.0", "method": "call", "params": parameters}
        answer = self._http.post(path, json=envelope).json()
        if "error" in answer:
            raise Refused(answer["error"]["data"]["message"])
        return answer.get("result")

    # -- words of the inbox --------------------------------------------------

    def reply(self, conversation, body="", **keywords):
        """Reply; return the ids of the messages."""
        ids = [conversation["id"]]
        return self.call("messaging.conversation", "reply", ids, body, **keywords)

    def conversation(self, conversation, method, *arguments):
        ids = [conversation["id"]]
        return self.call("messaging.conversation", method, ids, *arguments)

    def attach(self, name, content_base64, mimetype):
        """Upload a file; return its id."""
        values = {"name": name, "datas": content_base64, "mimetype": mimetype}
        values["res_model"] = "messaging.conversation"
        return self.call("ir.attachment", "create", [values])[0]


def make_agent(odoo, admin, name, group="group_messaging_user"):
    """Return a new user whose only group is Agent or the given one."""
    login = name.lower().replace(" ", ".")
    external_id = [("name", "=", group)]
    (group,) = admin.call("ir.model.data", "search_read", external_id, ["res_id"])
    values = {"name": name, "login": login, "password": login}
    values["group_ids"] = [[4, group["res_id"]]]
    admin.call("res.users", "create", [values])
    return Person(odoo.http_url, odoo.database, login, login)


TWILIO = {
    "name": "Practice phone",
    "twilio_account_sid": demo.ACCOUNT_SID,
    "twilio_auth_token": demo.AUTH_TOKEN,
}
META = {
    "name": "Practice app",
    "provider": "messenger",
    "meta_app_id": demo.META_APP_ID,
    "meta_app_secret": demo.META_APP_SECRET,
    "meta_access_token": demo.META_ACCESS_TOKEN,
}
CLOUD = {
    "name": "Practice WhatsApp app",
    "provider": "whatsapp_cloud",
    "whatsapp_app_id": demo.CLOUD_APP_ID,
    "whatsapp_app_secret": demo.CLOUD_APP_SECRET,
    "whatsapp_access_token": demo.CLOUD_ACCESS_TOKEN,
}


def connect_to_phone(admin, odoo_url, phone_url, values=TWILIO):
    """Connect a demo account to the practice phone; return the account."""
    values = {**values, "api_base_url": phone_url}
    ids = admin.call("messaging.account", "create", [values])
    (account,) = admin.call("messaging.account", "read", ids, ["webhook_url"])
    path = account["webhook_url"].partition("/messaging/")[2]
    url = f"{odoo_url}/messaging/{path}"
    admin.call("messaging.account", "write", ids, {"webhook_url": url})
    admin.call("messaging.account", "action_connect", ids)
    (account,) = admin.call("messaging.account", "read", ids)
    assert account["state"] == "connected", account["error_message"]
    return account
