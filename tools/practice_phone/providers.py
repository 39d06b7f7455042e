"""The providers that the phone can play, by the word that accounts carry.

A provider is a module with `routes(phone)` (its web addresses), `message_sid(line,
has_media)`, `receive(phone, messages)` from customers, `deliver(phone, message)` once
more, `read(phone, messages)` by the customer, `line_changed(phone, line)` by the
control API; and `gestures`, a module, where customers do more than write.
"""

from . import meta, twilio

# Twilio's addresses are the wider ones, so they come last.
PROVIDERS = {"meta": meta, "twilio": twilio}


def of_line(phone, line):
    return PROVIDERS[phone.store.accounts[line.account_sid].provider]
