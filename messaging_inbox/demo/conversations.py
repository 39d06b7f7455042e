"""The demo conversations: a small bike shop, with every state of the inbox."""

from .long_conversation import OSKAR
from .meta_conversations import META_CONVERSATIONS
from .script import Conversation, agent, assigned, customer, event, failed, queued

NORA, DANIEL, PRIYA = "demo_agent1", "demo_agent2", "demo_agent3"

LUCIA = Conversation(
    key="lucia",
    channel="demo_channel_whatsapp",
    name="Lucía Fernández",
    ids=("+34600100101",),
    assignee=NORA,
    partner="demo_partner_lucia",
    lead="demo_lead_lucia",
    unread=2,
    lines=(
        customer("1d 3h", "Hello! I saw the blue city bike in your window."),
        customer("1d 3h", "Do you still have it in size M?"),
        agent(NORA, "1d 2h 50m", "Hi Lucía! Yes, one is left. Here it is:"),
        agent(NORA, "1d 2h 50m", kind="image", file="blue_bike.jpg"),
        event(NORA, "1d 2h 45m", "linked", record="demo_partner_lucia"),
        customer("1d 2h 40m", "It's beautiful 😍 Does the basket come off?", quotes=3),
        agent(NORA, "1d 2h 38m", "It does, with one hand. 599 € with lock and lights."),
        event(NORA, "1d 2h 30m", "linked", record="demo_lead_lucia"),
        customer("52m", "Good morning! I talked to my sister, she wants one too."),
        agent(NORA, "40m", "Lovely! I can put two aside until Saturday."),
        customer("5m", "Please do 🙏"),
        customer("4m", "Could we try them tomorrow at ten?"),
    ),
)

TOM = Conversation(
    key="tom",
    channel="demo_channel_whatsapp",
    name="Tom Becker",
    ids=("+34600100102", "ES.4566546130240823"),
    unread=2,
    lines=(
        customer("24m", kind="audio", file="voice_note.ogg"),
        customer("23m", "Sorry for the voice note, I'm on my way to work 🚲"),
    ),
)

AIKO = Conversation(
    key="aiko",
    channel="demo_channel_whatsapp",
    name="Aiko Tanaka",
    ids=("JP.7731902256418840",),
    unread=2,
    lines=(
        agent(DANIEL, "1d 5h", "Your gear cable is in. When may we fit it?"),
        customer("1d 4h", "Any day after work is fine."),
        assigned(DANIEL, "1d 4h", assignee=DANIEL),
        customer(
            "1h 12m",
            "Thursday, 18:00",
            kind="reply_choice",
            data={"title": "Thursday, 18:00", "payload": "slot_thursday_18"},
        ),
        customer(
            "1h 10m",
            "Repair day for cargo bikes on Thursday! We check brakes and lights.",
            data={"forwarded": True},
        ),
    ),
)

NOAH = Conversation(
    key="noah",
    channel="demo_channel_whatsapp",
    name="Noah Weber",
    ids=("+34600100105",),
    unread=4,
    lines=(
        customer("3h 4m", "This is what happened to the frame:"),
        customer("3h 3m", kind="image", lost_file="IMG_2291.jpg"),
        customer("3h 2m", kind="unsupported", data={"original_type": "poll"}),
        customer("3h", kind="sticker", file="happy_wheel.webp"),
    ),
)

HENRIK = Conversation(
    key="henrik",
    channel="demo_channel_whatsapp",
    name="Henrik Dahl",
    ids=("+34600100106",),
    assignee=NORA,
    unread=1,
    lines=(
        assigned(DANIEL, "1d 2h", to=NORA),
        agent(NORA, "1d", "Your wheel is true again, you can fetch it today."),
        customer("23h 5m", "Great! What do I owe you?"),
    ),
)

SAM = Conversation(
    key="sam",
    channel="demo_channel_sms",
    name="Sam Okafor",
    ids=("+34600100104",),
    assignee=NORA,
    lines=(
        customer("2h 20m", "Is my bike ready? Ticket 1147"),
        agent(NORA, "2h 12m", "Ready since noon, we close at 19:00.", "delivered"),
        customer("2h 10m", "On my way, thanks"),
        agent(NORA, "2h 9m", "See you soon!", "sent"),
    ),
)

INES = Conversation(
    key="ines",
    channel="demo_channel_whatsapp",
    name="Inès Moreau",
    ids=("+34600100107",),
    assignee=NORA,
    lines=(
        customer("4h", "Bonjour! Do you rent bikes for a weekend?"),
        agent(NORA, "3h 55m", "Bonjour Inès! We do: 45 € from Friday to Sunday."),
        customer("3h 50m", "Perfect. Two of them, please, from the 12th."),
        failed(
            NORA,
            "3h 48m",
            "Booked. Please bring an identity card.",
            "unknown",
            "no_connection",
            "",
        ),
    ),
)

GIULIA = Conversation(
    key="giulia",
    channel="demo_channel_whatsapp",
    name="Giulia Conti",
    ids=("+34600100108",),
    assignee=NORA,
    lines=(
        customer("4d 2h", "Do you buy used children's bikes?"),
        agent(NORA, "4d 1h", "We do! Could you send a picture?"),
        customer("4d", kind="image", file="green_bike.jpg", body="Hardly ridden."),
        failed(NORA, "2d", "We can offer 120 €.", "failed", "window_closed", "63016"),
    ),
)

MARTA = Conversation(
    key="marta",
    channel="demo_channel_whatsapp",
    name="Marta Ribeiro",
    ids=("+34600100109",),
    assignee=DANIEL,
    partner="demo_partner_marta",
    lead="demo_lead_marta",
    lines=(
        customer("1d 6h", "Good afternoon, we need twelve bikes for our couriers."),
        customer("1d 6h", kind="contact", file="marta_ribeiro.vcf"),
        assigned(DANIEL, "1d 5h 50m", to=DANIEL),
        event(DANIEL, "1d 5h 45m", "linked", record="demo_partner_marta"),
        event(DANIEL, "1d 5h 44m", "linked", record="demo_lead_marta"),
        agent(DANIEL, "1d 5h 40m", "Gladly! Where would you want them delivered?"),
        customer(
            "1d 5h 30m",
            kind="location",
            data={
                "latitude": 40.4168,
                "longitude": -3.7038,
                "label": "Ribeiro Deliveries",
                "address": "Puerta del Sol, Madrid",
            },
        ),
        agent(DANIEL, "6h", "Here is our offer.", quotes=0),
        agent(DANIEL, "6h", kind="document", file="offer_city_bikes.pdf"),
        customer("5h 20m", "Thank you. I'll come back to you this week.", quotes=8),
    ),
)

EMMA = Conversation(
    key="emma",
    channel="demo_channel_whatsapp",
    name="Emma Laurent",
    ids=("+34600100110",),
    assignee=DANIEL,
    unread=1,
    lines=(customer("7h", "Do you open on Sunday?"),),
)

YUSUF = Conversation(
    key="yusuf",
    channel="demo_channel_sms",
    name="Yusuf Demir",
    ids=("+34600100111",),
    assignee=DANIEL,
    opted_out=True,
    lines=(
        agent(DANIEL, "2d 3h", "Your yearly service is due in May.", "delivered"),
        customer("2d 2h", "STOP"),
        event("", "2d 2h", "opted_out", {"automatic": True}),
        failed(DANIEL, "2d 1h", "Sorry!", "failed", "opted_out", "21610"),
    ),
)

FATIMA = Conversation(
    key="fatima",
    channel="demo_channel_sms",
    name="Fatima Zahra",
    ids=("+34600100112",),
    assignee=PRIYA,
    lines=(
        customer("8h", "How long does a new chain take?"),
        agent(PRIYA, "7h 50m", "Half an hour, you can wait for it.", "delivered"),
        queued(PRIYA, "10m", "We have a slot at 17:00.", "rate_limited", "45m"),
    ),
)

CHLOE = Conversation(
    key="chloe",
    channel="demo_channel_whatsapp",
    name="Chloé Martin",
    ids=("+34600100113",),
    assignee=NORA,
    state="closed",
    lines=(
        customer("3d 4h", "The bell is gone after the service 😕"),
        assigned(NORA, "3d 4h", to=NORA),
        agent(NORA, "3d 3h", "Our mistake! We found it, come by any time."),
        customer("2d 22h", "Got it, thank you!"),
        event(NORA, "2d 21h", "closed"),
    ),
)

BEN = Conversation(
    key="ben",
    channel="demo_channel_sms",
    name="+34600100114",
    ids=("+34600100114",),
    state="closed",
    lines=(
        customer("6d", "Wrong number, sorry"),
        event(DANIEL, "5d 23h", "closed"),
    ),
)

CONVERSATIONS = (
    *(LUCIA, TOM, AIKO, NOAH, HENRIK, SAM, INES, GIULIA),
    *(MARTA, EMMA, YUSUF, FATIMA, CHLOE, BEN, OSKAR),
    *META_CONVERSATIONS,
)
