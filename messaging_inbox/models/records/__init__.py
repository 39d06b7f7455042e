"""Contacts, leads and deals with conversations: search, count, merge, delete."""

from . import (
    starting,
    crm_lead,
    res_partner,
    partner_merge,
    privacy,
    privacy_export,
)
