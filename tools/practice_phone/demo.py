"""The accounts, numbers and customers that the practice phone starts with.

Import these instead of copying them: `from tools.practice_phone import demo`.
"""

PORT = 8070
ACCOUNT_SID = "ACde300000000000000000000000000001"
AUTH_TOKEN = "de3000000000000000000000000000ff"
API_KEY_SID = "SKde300000000000000000000000000001"
API_KEY_SECRET = "practice-phone-api-key-secret"

WHATSAPP_NUMBER = "+34600000001"
WHATSAPP_SID = "XEde300000000000000000000000000001"
SMS_NUMBER = "+34600000002"
SMS_SID = "PNde300000000000000000000000000001"

META_APP_ID = "104030201000001"
META_APP_SECRET = "de3000000000000000000000000000fb"
META_ACCESS_TOKEN = "EAAdemoSystemUserToken0000000001"
META_PAGE_ID = "104030201000010"
META_PAGE_TOKEN = "EAAdemoPageToken000000000000001"
META_INSTAGRAM_ID = "17841400000000010"
META_SCOPES = (
    *("pages_show_list", "pages_messaging", "pages_manage_metadata"),
    *("business_management", "instagram_basic", "instagram_manage_messages"),
)

CLOUD_APP_ID = "104030201000002"
CLOUD_APP_SECRET = "de3000000000000000000000000000fc"
CLOUD_ACCESS_TOKEN = "EAAdemoWhatsAppSystemUserToken1"
CLOUD_SCOPES = (
    *("whatsapp_business_management", "whatsapp_business_messaging"),
    "business_management",
)
CLOUD_BUSINESS = {
    "sid": "104030201000020",
    "name": "Bike shop",
    "owner": "104030201000030",
}
CLOUD_NUMBER = "+34600000003"
CLOUD_NUMBER_ID = "104030201000021"

# The shop's numbers, named as in the addon's demo data
LINES = (
    (WHATSAPP_SID, "whatsapp", WHATSAPP_NUMBER, "Bike shop"),
    (SMS_SID, "sms", SMS_NUMBER, "Workshop"),
)

# A Page, and the Instagram account linked to it
META_LINES = (
    {
        "sid": META_PAGE_ID,
        "kind": "messenger",
        "address": META_PAGE_ID,
        "name": "Bike shop",
        "token": META_PAGE_TOKEN,
    },
    {
        "sid": META_INSTAGRAM_ID,
        "kind": "instagram",
        "address": META_INSTAGRAM_ID,
        "name": "bikeshop.bcn",
        "page_sid": META_PAGE_ID,
    },
)

# The number of the WhatsApp Business Account
CLOUD_LINES = (
    {
        "sid": CLOUD_NUMBER_ID,
        "kind": "whatsapp",
        "address": CLOUD_NUMBER,
        "name": "Bike shop online",
        "page_sid": CLOUD_BUSINESS["sid"],
    },
)


def _at_meta(number):
    return {
        META_PAGE_ID: f"7689000000000{number}",
        META_INSTAGRAM_ID: f"1789000000000{number}",
    }


# The three ways in which WhatsApp names a customer, a customer who only texts, and one
# without any number
CUSTOMERS = (
    {
        "name": "Lucía Fernández",
        "phone": "+34600100101",
        "username": "lucia.rides",
        "ids": _at_meta(101),
    },
    {
        "name": "Tom Becker",
        "phone": "+34600100102",
        "bsuid": "ES.4566546130240823",
        "username": "tom_becker",
        "ids": _at_meta(102),
    },
    {
        "name": "Aiko Tanaka",
        "bsuid": "JP.7731902256418840",
        "username": "aiko.t",
        "ids": _at_meta(103),
    },
    {
        "name": "Sam Okafor",
        "phone": "+34600100104",
        "username": "samokafor",
        "read_receipts": False,
        "ids": _at_meta(104),
    },
    {"name": "Marta Vidal", "username": "marta.v", "ids": _at_meta(105)},
)
