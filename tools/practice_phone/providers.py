"""The providers that the phone can play, by the word that accounts carry.

A provider is a module with `routes(phone)` (its web addresses), `message_sid(media)`,
`receive(phone, messages)` from a customer, `deliver(phone, message)` once more, and
`read(phone, message)` by the customer.
"""

from . import twilio

PROVIDERS = {"twilio": twilio}


def of_line(phone, line):
    return PROVIDERS[phone.store.accounts[line.account_sid].provider]
