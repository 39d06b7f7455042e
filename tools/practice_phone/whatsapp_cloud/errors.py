"""The error codes of the Cloud API, in answers and in statuses."""

from ..meta.errors import GraphError

HREF = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
TEXTS = {
    100: "Invalid parameter",
    368: "Temporarily blocked for policies violations",
    80007: "Rate limit issues",
    130429: "Rate limit hit",
    130472: "User's number is part of an experiment",
    130497: "Business account is restricted from messaging users in this country",
    131000: "Something went wrong",
    131005: "Access denied",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131016: "Service unavailable",
    131021: "Recipient cannot be sender",
    131026: "Message undeliverable",
    131030: "Recipient phone number not in allowed list",
    131031: "Account has been locked",
    131037: "Display name approval required",
    131042: "Business eligibility payment issue",
    131045: "Incorrect certificate",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131049: "This message was not delivered to maintain healthy ecosystem engagement.",
    131050: "User has stopped receiving marketing messages",
    131051: "Unsupported message type",
    131052: "Media download error",
    131053: "Media upload error",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    131057: "Account in maintenance mode",
    131062: "Business-scoped user id is not supported for this message",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132005: "Translated text too long",
    132007: "Template format character policy violated",
    132012: "Parameter format does not match format in the created template",
    132015: "Template is paused",
    132016: "Template is disabled",
    133005: "Two-step verification PIN mismatch",
    133006: "Phone number needs to be verified before registering",
    133010: "Account not registered",
    133016: "Registration or deregistration failed: too many attempts",
    135000: "Generic user error",
}


class CloudError(GraphError):
    """An error of the Cloud API: Graph's, with the reason in `error_data`."""

    def __init__(self, code, details="", subcode=0):
        text = f"(#{code}) {TEXTS.get(code, 'Something went wrong')}"
        super().__init__(code, subcode, text)
        self.data = {"messaging_product": "whatsapp", "details": details or text}


def in_status(code, details=""):
    """Return an error as a status of a failed message holds it."""
    title = TEXTS.get(code, "Something went wrong")
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details or title},
        "href": HREF,
    }
