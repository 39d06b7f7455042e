"""Twilio's errors and their JSON."""

from starlette.responses import JSONResponse

TEXTS = {
    20001: "Unknown parameters",
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    21211: "Invalid 'To' Phone Number",
    21602: "Message body is required.",
    21603: "A 'From' or 'MessagingServiceSid' parameter is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number provided is not a valid message-capable Twilio"
    " phone number for this destination.",
    21609: "The StatusCallback URL is not a valid URL.",
    21610: "Attempt to send to unsubscribed recipient",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21620: "Invalid media URL(s)",
    21623: "Number of media files exceeds allowed limit",
    21654: "ContentSid Required",
    21655: "The ContentSid is Invalid",
    21656: "The ContentVariables Parameter is invalid",
    21701: "The Messaging Service does not exist",
    21703: "The Messaging Service does not have a phone number available to send a"
    " message",
    21704: "The Messaging Service contains no phone numbers",
    21705: "The Messaging Service is invalid",
    21711: "Phone Number, Shortcode, or AlphaSender is not associated to the specified"
    " Messaging Service.",
    21910: "Invalid From and To pair. From and To should be of the same channel",
    30003: "Unreachable destination handset",
    30008: "Unknown error",
    63003: "Channel could not find To address",
    63007: "Twilio could not find a Channel with the specified From address",
    63013: "Channel policy violation",
    63016: "Failed to send freeform message because you are outside the allowed"
    " window. If you are using WhatsApp, please use a Message Template.",
    63019: "Media failed to download",
    63021: "Channel invalid content error",
    63024: "Invalid message recipient",
    63027: "Template does not exist for a language and locale",
    63028: "Number of parameters provided does not match the expected number of"
    " parameters",
    63034: "Media exceeds the size limit of the channel",
    63040: "Template rejected",
    63041: "Template paused",
    63042: "Template disabled",
    92001: "'Types' Parameter Required",
    92002: "The 'variables' parameter exceeds the allowed limit",
    92003: "'language' Parameter Required",
    92004: "Invalid language code",
    92008: "Unsupported Content Type",
    92009: "The template associated with this SID has already been submitted for"
    " approval.",
}


class TwilioError(Exception):
    def __init__(self, code, message=None, status=400):
        super().__init__(code)
        self.code = code
        self.message = message or TEXTS[code]
        self.status = status

    def answer(self):
        body = {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        return JSONResponse(body, self.status, headers=self._headers())

    def _headers(self):
        if self.status == 401:
            return {"WWW-Authenticate": 'Basic realm="Twilio API"'}
        return {}


def not_found(path):
    return TwilioError(20404, f"The requested resource {path} was not found", 404)
