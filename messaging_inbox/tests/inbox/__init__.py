from . import (
    test_bad_values,
    test_cost,
    test_cost_of_pane,
    test_creating,
    test_details,
    test_inbox_rpc,
    test_link_search,
    test_search_numbers,
    test_search_words,
    test_sections,
    test_suggestions,
    test_template_choices,
)
