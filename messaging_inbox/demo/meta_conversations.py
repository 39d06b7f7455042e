"""The demo conversations on Messenger and Instagram, with their special features."""

from .script import Conversation, agent, assigned, customer, outside

NORA, DANIEL = "demo_agent1", "demo_agent2"

VIDAL = Conversation(
    key="vidal",
    channel="demo_channel_messenger",
    name="Marta Vidal",
    ids=("7689000000000105",),
    unread=1,
    lines=(
        customer(
            "3h 20m",
            "Hi! I saw your ad. Is the cargo bike for rent, too?",
            data={
                "referral": {
                    "source": "ADS",
                    "type": "OPEN_THREAD",
                    "ad_id": "120210000000000001",
                    "ad_title": "Cargo bikes for families",
                }
            },
        ),
        outside("3h 10m", "It is! 35 € a day, helmet and rain cover included."),
        customer(
            "3h 5m",
            "Great. Two children of 4 and 6 fit in?",
            data={"edited": "2026-01-01 09:00:00"},
        ),
        outside("3h", "Both, with belts 🙂", data={"reactions": {"customer": "❤️"}}),
        customer("22m", "Then Saturday, please!"),
    ),
)

LUCIA = Conversation(
    key="lucia_instagram",
    channel="demo_channel_instagram",
    name="lucia.rides",
    ids=("1789000000000101",),
    assignee=NORA,
    lines=(
        customer(
            "5h 2m",
            "Love this one! Is it the new model?",
            data={"reply_to_story": {"id": "17900000000000001", "url": ""}},
        ),
        agent(
            NORA,
            "4h 58m",
            "It is, in the shop since Monday.",
            data={"reactions": {"customer": "😍"}},
        ),
        customer("4h 50m", data={"unsent": True}),
        customer("4h 49m", "I'll come by tomorrow then."),
    ),
)

AIKO = Conversation(
    key="aiko_messenger",
    channel="demo_channel_messenger",
    name="Aiko Tanaka",
    ids=("7689000000000103",),
    assignee=DANIEL,
    lines=(
        customer("1d 9h", "Do you repair e-bike batteries?"),
        assigned(DANIEL, "1d 8h", to=DANIEL),
        agent(DANIEL, "1d 8h", "We send them to the maker: two weeks, about 90 €."),
        customer("1d 7h", "Let me think about it.", quotes=2),
    ),
)

META_CONVERSATIONS = (VIDAL, LUCIA, AIKO)
