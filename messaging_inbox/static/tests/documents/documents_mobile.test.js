import {describe, expect, test} from "@odoo/hoot";
import {queryAll} from "@odoo/hoot-dom";
import {
    CHANNEL,
    defineInboxModels,
    FakeInbox,
    openInbox,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("mobile");
defineInboxModels();

test("after the reply window, the buttons have room below the sentence", async () => {
    const server = new FakeInbox();
    server.channels = [{...CHANNEL, sends_templates: true}];
    const over = {partner_id: 7, reply_until: "2026-11-23 09:00:00"};
    const row = server.conversation(over);
    await openInbox(server, {resId: row.id});
    const face = ".o-messaging-ComposerFace";
    expect(`${face} button`).toHaveCount(2);
    const [sentence] = queryAll(`${face} .flex-grow-1`);
    for (const button of queryAll(`${face} button`)) {
        const {right, top} = button.getBoundingClientRect();
        expect(right).toBeLessThan(window.innerWidth);
        expect(top).toBeGreaterThan(sentence.getBoundingClientRect().bottom - 1);
    }
});
