"""The providers that this addon supports, by code."""

from .messenger import Messenger
from .twilio import Twilio
from .whatsapp_cloud import WhatsAppCloud

PROVIDERS = {provider.code: provider for provider in (Twilio, WhatsAppCloud, Messenger)}
