"""The providers that this addon knows, by code."""

from .messenger import Messenger
from .twilio import Twilio

PROVIDERS = {provider.code: provider for provider in (Twilio, Messenger)}
