from . import (
    test_note_changed,
    test_note_chatter,
    test_note_documents,
    test_note_link,
    test_note_model,
    test_note_record,
    test_note_template,
    test_note_window,
)
