"""The routes of Twilio's API that Odoo calls."""

from starlette.responses import JSONResponse
from starlette.routing import Route

from . import answers, contents, listing, messages, numbers, services
from .errors import not_found
from .guard import guarded

ACCOUNT = "/2010-04-01/Accounts/{account_sid}"
MESSAGES = ACCOUNT + "/Messages"
NUMBERS = ACCOUNT + "/IncomingPhoneNumbers"
SENDERS = "/v2/Channels/Senders"
SERVICES = "/v1/Services"
SERVICE = SERVICES + "/{service_sid}"
CONTENT = "/v1/Content"
CONTENT_SID = CONTENT + "/{content_sid}"


async def fetch_account(phone, account, request):
    return JSONResponse(answers.account(account))


async def unknown(phone, account, request):
    raise not_found(request.url.path)


TABLE = (
    ("GET", ACCOUNT + ".json", fetch_account),
    ("POST", MESSAGES + ".json", messages.create),
    ("GET", MESSAGES + ".json", listing.list_messages),
    ("GET", MESSAGES + "/{message_sid}.json", listing.fetch_message),
    ("GET", MESSAGES + "/{message_sid}/Media.json", listing.list_media),
    ("GET", MESSAGES + "/{message_sid}/Media/{media_sid}", messages.redirect_to_media),
    ("GET", NUMBERS + ".json", numbers.list_numbers),
    ("GET", NUMBERS + "/{line_sid}.json", numbers.fetch_number),
    ("POST", NUMBERS + "/{line_sid}.json", numbers.update_number),
    ("GET", SENDERS, numbers.list_senders),
    ("GET", SENDERS + "/{line_sid}", numbers.fetch_sender),
    ("POST", SENDERS + "/{line_sid}", numbers.update_sender),
    ("GET", SERVICES, services.list_services),
    ("GET", SERVICE, services.fetch),
    ("POST", SERVICE, services.update),
    ("GET", SERVICE + "/PhoneNumbers", services.list_numbers),
    ("GET", SERVICE + "/ChannelSenders", services.list_senders),
    ("GET", "/v1/ContentAndApprovals", contents.list_with_approvals),
    ("GET", CONTENT, contents.list_contents),
    ("POST", CONTENT, contents.create),
    ("GET", CONTENT_SID, contents.fetch),
    ("DELETE", CONTENT_SID, contents.delete),
    ("GET", CONTENT_SID + "/ApprovalRequests", contents.fetch_approval),
    ("POST", CONTENT_SID + "/ApprovalRequests/whatsapp", contents.submit),
)
ROOTS = ("/2010-04-01", "/v1", "/v2", "/v3")
METHODS = ["GET", "POST", "PUT", "DELETE"]


def routes(phone):
    return [
        *(
            Route(path, guarded(phone, handler), methods=[method])
            for method, path, handler in TABLE
        ),
        # Any other address under Twilio's roots checks credentials, then answers 404.
        *(
            Route(root + "/{rest:path}", guarded(phone, unknown), methods=METHODS)
            for root in ROOTS
        ),
        Route("/{account_sid}/{media_sid}", messages.deliver_media(phone)),
    ]
