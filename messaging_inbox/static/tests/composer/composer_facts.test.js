import {describe, expect, test} from "@odoo/hoot";
import {advanceTime} from "@odoo/hoot-mock";
import {contains} from "@web/../tests/web_test_helpers";
import {
    CHANNEL,
    defineInboxModels,
    FakeInbox,
    openInbox,
    PASTED,
    sendDelta,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const TEXT = ".o-messaging-Composer-text";
const FACTS = ".o-messaging-Composer-facts";

test("a long text shows the number of messages it needs", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(TEXT).edit("x".repeat(79), {confirm: false});
    expect(FACTS).not.toHaveText(/79/);
    await contains(TEXT).edit("x".repeat(90), {confirm: false});
    expect(FACTS).toHaveText(/90 \/ 100$/);
    await contains(TEXT).edit("x".repeat(250), PASTED);
    expect(`${FACTS} .o-warning`).toHaveText("250 / 100 · 3 messages");
    await contains(TEXT).edit("x".repeat(1001), PASTED);
    expect(`${FACTS} .o-danger`).toHaveText("1001 / 100 · too long");
});

test("the length is in bytes if the provider counts bytes", async () => {
    const server = new FakeInbox();
    server.channels = [{...CHANNEL, text_bytes: 50}];
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(TEXT).edit("ñ".repeat(30), {confirm: false});
    expect(FACTS).toHaveText(/60 \/ 50 · 2 messages$/);
});

test("the channel's limits are shown before a file is chosen", async () => {
    const server = new FakeInbox();
    server.channels = [
        {
            ...CHANNEL,
            file_limits: {
                "image/png": 8 * 1024 * 1024,
                "image/gif": 1024,
                "video/mp4": 25 * 1024 * 1024,
            },
        },
    ];
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    expect("[aria-label='Attach files']").toHaveAttribute(
        "title",
        "Attach files\nPictures up to 8 MB · Videos up to 25 MB"
    );
});

test("after 24 hours Agents answer as a person, and see until when", async () => {
    const server = new FakeInbox();
    const row = server.conversation({
        human_agent_from: "2026-11-23 10:00:50",
        reply_until: "2026-11-29 10:00:50",
    });
    await openInbox(server, {resId: row.id});
    expect(`${FACTS} .o-danger`).toHaveText(
        /closes in 1m\. Then you answer as a person, until Nov 29, 2026/
    );
    await advanceTime(60000);
    expect(FACTS).toHaveText(/You answer as a person: 6d left, until Nov 29, 2026/);
    expect(`${FACTS} .o-danger`).toHaveCount(0);
    expect(TEXT).toHaveCount(1);
    await sendDelta("changed", {
        conversations: [{...row, reply_until: "2026-11-23 10:00:55"}],
    });
    expect(".o-messaging-ComposerFace").toHaveText(/reply window is over/);
});
