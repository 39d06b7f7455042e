"""The permissions of a token."""

from ..meta.errors import GraphError

MANAGE, WRITE = "whatsapp_business_management", "whatsapp_business_messaging"


def check_permission(caller, scope):
    if not caller.is_app and scope not in caller.account.scopes:
        raise GraphError(200, message=f"(#200) You do not have the permission {scope}.")
