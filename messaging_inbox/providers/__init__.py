"""The providers that this addon knows, by code."""

from .twilio import Twilio

PROVIDERS = {provider.code: provider for provider in (Twilio,)}
