"""The providers that the phone can play, by the name in `Account.provider`.

A provider is a module with these functions:

- `routes(phone)` returns its web addresses.
- `message_sid(line, has_media)` returns a new message id.
- `receive(phone, messages)` posts customers' messages to Odoo.
- `deliver(phone, message)` posts one of them again.
- `read(phone, messages)` reports that the customer has read Odoo's messages.
- `line_changed(phone, line)` follows a change by the control API.

Where customers can also react, edit or unsend, it has a module `gestures`. Meta's
have a table `GRAPH` of what they answer in the Graph API, whose addresses they share.
"""

from . import meta, twilio, whatsapp_cloud

# Twilio comes last: its routes match more addresses.
PROVIDERS = {"meta": meta, "whatsapp_cloud": whatsapp_cloud, "twilio": twilio}


def of_line(phone, line):
    return PROVIDERS[phone.store.accounts[line.account_sid].provider]
