"""The contact, lead or deal of a conversation: found, counted, merged, deleted."""

from . import (
    crm_lead,
    res_partner,
    partner_merge,
)
