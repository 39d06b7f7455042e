"""STOP, START and HELP, which Twilio answers itself.

By SMS for each number; with Advanced Opt-Out for a Messaging Service, on WhatsApp too.
"""

import time

from ..model import Message, new_sid

STOP = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
START = {"START", "YES", "UNSTOP"}
HELP = {"HELP", "INFO"}

ANSWERS = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more"
    " messages from this number. Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number."
    " Reply HELP for help. Reply STOP to unsubscribe.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


def keyword(body, service=None):
    """Return STOP, START or HELP if the text is one of its keywords."""
    word = body.strip().upper()
    own = service.keywords if service and service.advanced_opt_out else {}
    for name, words in (("STOP", STOP), ("START", START), ("HELP", HELP)):
        if word in words or word in map(str.upper, own.get(name, ())):
            return name
    return ""


def is_out(phone, line, customer):
    """Tell whether the customer stopped this line, or any other of its service."""
    return any(
        phone.store.conversation(sid, customer.id).opted_out
        for sid in _together(phone, line)
    )


def _together(phone, line):
    """Return the sids of the lines that share their opt-outs."""
    service = phone.store.service_of(line)
    return service.line_sids if service and service.advanced_opt_out else [line.sid]


def obey(phone, line, message):
    """Store the customer's wish and confirm it."""
    service = phone.store.service_of(line)
    is_advanced = bool(service and service.advanced_opt_out)
    heard = line.kind == "sms" or is_advanced
    word = keyword(message.body, service) if heard else ""
    customer = phone.store.customers[message.customer_id]
    if not word or (word == "START" and not is_out(phone, line, customer)):
        return
    if word != "HELP":
        set_out(phone, line, customer, word == "STOP")
    answer(phone, message, ANSWERS[word])


def set_out(phone, line, customer, opted_out):
    """Set the wish for the line, with Advanced Opt-Out for its whole service."""
    for sid in _together(phone, line):
        conversation = phone.store.conversation(sid, customer.id)
        if conversation.opted_out != opted_out:
            conversation.opted_out = opted_out
            phone.store.changed("conversation", conversation)


def answer(phone, message, text):
    """Send the customer an answer by Twilio itself; no status callback follows."""
    return phone.store.add_message(
        Message(
            sid=new_sid("SM"),
            line_sid=message.line_sid,
            customer_id=message.customer_id,
            direction="outbound",
            body=text,
            status="delivered",
            automatic=True,
            # Later than the message it answers, even on the same clock tick
            created_at=max(time.time(), message.created_at + 0.001),
        )
    )
