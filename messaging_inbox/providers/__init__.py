"""The providers that this addon supports, by code."""

from .messenger import Messenger
from .twilio import Twilio

PROVIDERS = {provider.code: provider for provider in (Twilio, Messenger)}
