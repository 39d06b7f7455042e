from . import (
    test_background,
    test_folding,
    test_media_types,
    test_phone_matching,
    test_pictures,
    test_private_logs,
    test_side_by_side,
    test_time_limit,
    test_watched,
    test_whatsapp_formatting,
    test_within_time,
)
