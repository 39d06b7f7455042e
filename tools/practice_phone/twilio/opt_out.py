"""STOP, START and HELP by SMS, which Twilio answers itself for each number."""

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


def keyword(body):
    word = body.strip().upper()
    for name, words in (("STOP", STOP), ("START", START), ("HELP", HELP)):
        if word in words:
            return name
    return ""


def obey(phone, line, message):
    """Store the customer's wish and confirm it."""
    word = keyword(message.body) if line.kind == "sms" else ""
    conversation = phone.store.conversation_of(message)
    if not word or (word == "START" and not conversation.opted_out):
        return
    if word != "HELP":
        conversation.opted_out = word == "STOP"
        phone.store.changed("conversation", conversation)
    answer(phone, message, ANSWERS[word])


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
