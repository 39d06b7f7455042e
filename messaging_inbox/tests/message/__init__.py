from . import (
    test_after_commit,
    test_cards,
    test_contact_cards,
    test_escaping,
    test_gate_at_claim,
    test_media,
    test_media_route,
    test_outbox,
    test_retry,
    test_story,
    test_template_sending,
    test_upload,
)
