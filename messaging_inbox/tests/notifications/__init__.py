from . import (
    test_notification_bus,
    test_notification_cost,
    test_notification_email,
    test_notification_end,
    test_notification_help,
    test_notification_push,
    test_notification_settings,
    test_notification_table,
)
