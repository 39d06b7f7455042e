"""What the practice phone knows from the start, so that others can connect to it.

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

# Our side's numbers: the addon's demo data has the same names.
LINES = (
    (WHATSAPP_SID, "whatsapp", WHATSAPP_NUMBER, "Bike shop"),
    (SMS_SID, "sms", SMS_NUMBER, "Workshop"),
)

# The three ways in which WhatsApp names a customer, and one more who only texts.
CUSTOMERS = (
    {"name": "Lucía Fernández", "phone": "+34600100101"},
    {"name": "Tom Becker", "phone": "+34600100102", "bsuid": "ES.4566546130240823"},
    {"name": "Aiko Tanaka", "bsuid": "JP.7731902256418840"},
    {"name": "Sam Okafor", "phone": "+34600100104", "read_receipts": False},
)
