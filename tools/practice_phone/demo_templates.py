"""The message templates that the practice account starts with: a bike shop's."""

ORDER_CONFIRMATION_EN = "HXde300000000000000000000000000001"
ORDER_CONFIRMATION_ES = "HXde300000000000000000000000000002"
ORDER_CONFIRMATION_PT = "HXde300000000000000000000000000003"
APPOINTMENT = "HXde300000000000000000000000000004"
OFFER = "HXde300000000000000000000000000005"
OPENING_QUESTION = "HXde300000000000000000000000000006"
LIST_PICKER = "HXde300000000000000000000000000007"
LOCATION = "HXde300000000000000000000000000008"
REJECTED = "HXde300000000000000000000000000009"
PAUSED = "HXde30000000000000000000000000000a"
PENDING = "HXde30000000000000000000000000000b"
CARD = "HXde30000000000000000000000000000c"

# Files under this address need no network: the phone draws them itself.
MEDIA_ROOT = "https://media.bikeshop.example/"


def _approved(name, category, status="approved", reason=""):
    return {
        "name": name,
        "category": category,
        "status": status,
        "rejection_reason": reason,
    }


def _order_confirmation(sid, language, body, name, day):
    return {
        "sid": sid,
        "friendly_name": "order_confirmation",
        "language": language,
        "variables": {"name": name, "order": "S00042", "day": day},
        "types": {"twilio/text": {"body": body}},
        "approval": _approved("order_confirmation", "UTILITY"),
    }


def _reply(title, payload):
    return {"type": "QUICK_REPLY", "title": title, "id": payload}


TEMPLATES = (
    _order_confirmation(
        ORDER_CONFIRMATION_EN,
        "en",
        "Hello {{name}}, thank you for your order *{{order}}*. You can collect your"
        " bike on {{day}}.",
        "Emma",
        "Friday",
    ),
    _order_confirmation(
        ORDER_CONFIRMATION_ES,
        "es",
        "Hola {{name}}, gracias por tu pedido *{{order}}*. Puedes recoger tu bici el"
        " {{day}}.",
        "Lucía",
        "viernes",
    ),
    _order_confirmation(
        ORDER_CONFIRMATION_PT,
        "pt_BR",
        "Olá {{name}}, obrigado pelo seu pedido *{{order}}*. Você pode retirar a sua"
        " bicicleta na {{day}}.",
        "João",
        "sexta-feira",
    ),
    {
        "sid": APPOINTMENT,
        "friendly_name": "workshop_appointment",
        "language": "en",
        "variables": {"1": "Emma", "2": "Monday at 10:00"},
        "types": {
            "twilio/quick-reply": {
                "body": "Hello {{1}}, your appointment at the workshop is on {{2}}."
                " Does it suit you?",
                "actions": [
                    _reply("Confirm", "appointment_confirm"),
                    _reply("Another day", "appointment_move"),
                    _reply("Cancel", "appointment_cancel"),
                ],
            },
            "twilio/text": {
                "body": "Hello {{1}}, your appointment at the workshop is on {{2}}."
            },
        },
        "approval": _approved("workshop_appointment", "UTILITY"),
    },
    {
        "sid": OFFER,
        "friendly_name": "autumn_offer",
        "language": "en",
        "variables": {"name": "Emma", "discount": "20%", "path": "autumn"},
        "types": {
            "whatsapp/card": {
                "body": "Hello {{name}}, until Sunday all e-bikes are {{discount}}"
                " cheaper.\n_While stocks last._",
                "footer": "Reply STOP to stop our offers",
                "media": [MEDIA_ROOT + "autumn.png"],
                "actions": [
                    {
                        "type": "URL",
                        "title": "See the offers",
                        "url": "https://bikeshop.example/{{path}}",
                    },
                    {
                        "type": "PHONE_NUMBER",
                        "title": "Call us",
                        "phone": "+34600000001",
                    },
                ],
            }
        },
        "approval": _approved("autumn_offer", "MARKETING"),
    },
    {
        "sid": OPENING_QUESTION,
        "friendly_name": "how_is_the_bike",
        "language": "es",
        "variables": {"1": "Lucía"},
        "types": {
            "twilio/call-to-action": {
                "body": "Hola {{1}}, ¿qué tal va tu bici? Cuéntanos cómo te ha ido.",
                "actions": [
                    {
                        "type": "URL",
                        "title": "Dejar una reseña",
                        "url": "https://bikeshop.example/opinion",
                    }
                ],
            }
        },
        "approval": _approved("how_is_the_bike", "MARKETING"),
    },
    {
        "sid": LIST_PICKER,
        "friendly_name": "choose_a_service",
        "language": "en",
        "variables": {"1": "Emma"},
        "types": {
            "twilio/list-picker": {
                "body": "What can we do for your bike, {{1}}?",
                "button": "Services",
                "items": [
                    {"id": "check", "item": "Check", "description": "Half an hour"},
                    {"id": "repair", "item": "Repair", "description": "We call first"},
                    {"id": "wash", "item": "Wash", "description": "Same day"},
                ],
            }
        },
    },
    {
        "sid": LOCATION,
        "friendly_name": "where_we_are",
        "language": "en",
        "types": {
            "twilio/location": {
                "latitude": 41.3874,
                "longitude": 2.1686,
                "label": "Bike shop",
                "address": "Carrer de Pelai 12, Barcelona",
            }
        },
    },
    {
        "sid": REJECTED,
        "friendly_name": "win_a_bike",
        "language": "en",
        "variables": {"1": "Emma"},
        "types": {"twilio/text": {"body": "{{1}} won a bike! Send us your bank data."}},
        "approval": _approved(
            "win_a_bike",
            "MARKETING",
            "rejected",
            "INVALID_FORMAT. Variables can't be at the start or end of the template.",
        ),
    },
    {
        "sid": PAUSED,
        "friendly_name": "last_chance",
        "language": "en",
        "variables": {"1": "Emma"},
        "types": {"twilio/text": {"body": "Hello {{1}}, today is your last chance!"}},
        "approval": _approved("last_chance", "MARKETING", "paused"),
    },
    {
        "sid": PENDING,
        "friendly_name": "invoice_ready",
        "language": "en",
        "variables": {"1": "Emma", "2": "INV/2026/0042", "3": "invoice.pdf"},
        "types": {
            "twilio/media": {
                "body": "Hello {{1}}, here is your invoice {{2}}. Thank you!",
                "media": [MEDIA_ROOT + "{{3}}"],
            }
        },
        "approval": _approved("invoice_ready", "UTILITY", "pending"),
    },
    {
        "sid": CARD,
        "friendly_name": "bike_is_ready",
        "language": "en",
        "variables": {"1": "Emma", "2": "Bicycle"},
        "types": {
            "whatsapp/card": {
                "header_text": "Your {{2}} is ready",
                "body": "Hello {{1}}, you can collect it from today.",
                "footer": "Mon-Fri, 9:00-18:00",
                "actions": [_reply("On my way", "ready_coming")],
            }
        },
        "approval": _approved("bike_is_ready", "UTILITY"),
    },
)

# -- of the WhatsApp Business Account at Meta ---------------------------------------

CLOUD_ORDER = "104030201000041"
CLOUD_OFFER = "104030201000042"
CLOUD_PENDING = "104030201000043"


def _body(text, **samples):
    pairs = [{"param_name": name, "example": each} for name, each in samples.items()]
    return {
        "type": "BODY",
        "text": text,
        "example": {"body_text_named_params": pairs},
    }


CLOUD_TEMPLATES = (
    {
        "sid": CLOUD_ORDER,
        "name": "order_is_ready",
        "language": "en",
        "category": "UTILITY",
        "status": "APPROVED",
        "parameter_format": "NAMED",
        "components": [
            _body(
                "Hello {{name}}, your order *{{order}}* is ready. You can collect it"
                " from today.",
                name="Emma",
                order="S00042",
            ),
            {"type": "FOOTER", "text": "Mon-Fri, 9:00-18:00"},
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "QUICK_REPLY", "text": "On my way"},
                    {"type": "QUICK_REPLY", "text": "Another day"},
                ],
            },
        ],
    },
    {
        "sid": CLOUD_OFFER,
        "name": "spring_offer",
        "language": "en",
        "category": "MARKETING",
        "status": "APPROVED",
        "components": [
            {
                "type": "HEADER",
                "format": "IMAGE",
                "example": {"header_handle": [MEDIA_ROOT + "spring.png"]},
            },
            {
                "type": "BODY",
                "text": "Hello {{1}}, spring is here: {{2}} off all city bikes.",
                "example": {"body_text": [["Emma", "15%"]]},
            },
            {
                "type": "BUTTONS",
                "buttons": [
                    {
                        "type": "URL",
                        "text": "See the bikes",
                        "url": "https://bikeshop.example/offers/{{1}}",
                        "example": ["https://bikeshop.example/offers/spring"],
                    }
                ],
            },
        ],
    },
    {
        "sid": CLOUD_PENDING,
        "name": "service_reminder",
        "language": "en",
        "category": "UTILITY",
        "components": [
            {
                "type": "BODY",
                "text": "Hello {{1}}, your bike is due for its yearly service.",
                "example": {"body_text": [["Emma"]]},
            }
        ],
    },
)
