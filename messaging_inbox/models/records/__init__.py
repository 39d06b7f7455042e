"""Contacts, leads and deals with conversations: search, count, merge, delete."""

from . import (
    crm_lead,
    res_partner,
    partner_merge,
)
