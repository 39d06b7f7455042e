import {describe, expect, test} from "@odoo/hoot";
import {patchTranslations} from "@web/../tests/web_test_helpers";
import {summaryOf} from "@messaging_inbox/core/message_kinds";

describe.current.tags("headless");

test("a line for a contact card names the first and counts the others", () => {
    patchTranslations();
    const body = "Ana Ruiz\n+34 600 777 001";
    const line = (values) => String(summaryOf({kind: "contact", body, ...values}));
    expect(line({people: 3})).toBe("Contact: Ana Ruiz and 2 more");
    expect(line({people: 1})).toBe("Contact: Ana Ruiz");
    expect(line({data: {contact_text: true, contact_count: 2}})).toBe(
        "Contact: Ana Ruiz and 1 more"
    );
    expect(line({body: "", people: 0})).toBe("Contact card");
    expect(line({people: 2, unsent: true})).toBe("Deleted message");
});
