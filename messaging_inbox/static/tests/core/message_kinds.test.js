import {describe, expect, test} from "@odoo/hoot";
import {patchTranslations} from "@web/../tests/web_test_helpers";
import {summaryOf} from "@messaging_inbox/core/message_kinds";

describe.current.tags("headless");

test("the summary of contact cards names the first and counts the others", () => {
    patchTranslations();
    const body = "Ana Ruiz\n+34 600 777 001";
    const line = (values) => String(summaryOf({kind: "contact", body, ...values}));
    const contacts = (count) => ({name: "Ana Ruiz", count, is_text: true});
    expect(line({contacts: contacts(3)})).toBe("Contact: Ana Ruiz and 2 more");
    expect(line({contacts: contacts(1)})).toBe("Contact: Ana Ruiz");
    const data = {contact_text: true, contact_count: 2, contacts: [{name: "Ana Ruiz"}]};
    expect(line({data})).toBe("Contact: Ana Ruiz and 1 more");
    expect(line({body: "", data: {}})).toBe("Contact card");
    expect(line({contacts: contacts(2), unsent: true})).toBe("Deleted message");
});

test("the summary of a text with a contact card names the contact", () => {
    patchTranslations();
    const message = {kind: "document", body: "Call her"};
    const line = (values) => String(summaryOf({...message, ...values}));
    expect(line({contacts: {name: "Ana Ruiz", count: 1, is_text: false}})).toBe(
        "Contact: Ana Ruiz · Call her"
    );
    const data = {contact_count: 1, contacts: [{name: "Ana Ruiz"}]};
    expect(line({data})).toBe("Contact: Ana Ruiz · Call her");
});

test("a summary has no formatting signs if the bubble draws them", () => {
    const said = {kind: "text", body: "*Now* or `never`", direction: "inbound"};
    expect(summaryOf(said, {kind: "whatsapp"})).toBe("Now or never");
    expect(summaryOf(said, {kind: "sms"})).toBe(said.body);
    expect(summaryOf({...said, direction: "note"}, {kind: "whatsapp"})).toBe(said.body);
});
