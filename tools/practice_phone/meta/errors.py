"""Graph's errors and their JSON."""

import secrets

from starlette.responses import JSONResponse

WINDOW = "https://developers.facebook.com/docs/messenger-platform/policy-overview"
UNAVAILABLE = "This person isn't available right now."
TEXTS = {
    (1, 0): "An unknown error has occurred.",
    (2, 0): "Service temporarily unavailable",
    (4, 0): "(#4) Application request limit reached",
    (10, 0): "(#10) Application does not have permission for this action",
    (10, 2018278): "(#10) This message is sent outside of allowed window. Learn more"
    f" about the new policy here: {WINDOW}",
    (10, 2534022): "(#10) This message is sent outside of allowed window.",
    (10, 1893063): "(#10) This Page is temporarily restricted from sending messages.",
    (32, 0): "(#32) Page request limit reached",
    (100, 33): "Unsupported get request. Object with that id does not exist, cannot be"
    " loaded due to missing permissions, or does not support this operation.",
    (100, 2018001): "(#100) No matching user found",
    (100, 2018047): "(#100) Upload attachment failure.",
    (190, 0): "Invalid OAuth access token - Cannot parse access token",
    (190, 460): "Error validating access token: The session has been invalidated"
    " because the user changed their password.",
    (190, 463): "Error validating access token: Session has expired.",
    (190, 467): "Error validating access token: This session was logged out.",
    (200, 0): "(#200) The app does not have permission for this action.",
    (200, 1545041): f"(#200) {UNAVAILABLE}",
    (368, 0): "The action attempted has been deemed abusive or is otherwise disallowed",
    (551, 1545041): f"(#551) {UNAVAILABLE}",
    (613, 0): "(#613) Calls to this api have exceeded the rate limit.",
    (1200, 0): "Temporary send message failure. Please try again later.",
    (2200, 0): "(#2200) Callback verification failed.",
}
PASSING = {1, 2, 4, 32, 341, 613, 1200}


class GraphError(Exception):
    def __init__(self, code, subcode=0, message="", status=400):
        super().__init__(code)
        self.code, self.subcode, self.status = code, subcode, status
        self.data = None
        known = TEXTS.get((code, subcode)) or TEXTS.get((code, 0))
        self.message = message or known or f"(#{code}) Invalid parameter"

    def answer(self):
        error = {
            "message": self.message,
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": "A" + secrets.token_urlsafe(16),
        }
        if self.subcode:
            error["error_subcode"] = self.subcode
        if self.data:
            error["error_data"] = self.data
        if self.code in PASSING:
            error["is_transient"] = True
        return JSONResponse({"error": error}, self.status)


def wrong(message, subcode=0):
    """Return Graph's error 100: a wrong parameter."""
    return GraphError(100, subcode, f"(#100) {message}")


def no_such_object(name, method="get"):
    text = (
        f"Unsupported {method} request. Object with ID '{name}' does not exist, cannot"
        " be loaded due to missing permissions, or does not support this operation."
    )
    return GraphError(100, 33, text)
