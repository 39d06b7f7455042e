"""Access: users, groups, companies and files."""

from . import (
    res_users,
    availability,
    res_groups,
    res_company,
    ir_attachment,
    ir_binary,
)
