import {describe, expect, test} from "@odoo/hoot";
import {contains} from "@web/../tests/web_test_helpers";
import {queryRect} from "@odoo/hoot-dom";
import {
    CHANNEL,
    defineInboxModels,
    FakeInbox,
    openInbox,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("mobile");
defineInboxModels();

test("a phone shows one pane at a time, with a button back", async () => {
    const server = new FakeInbox();
    const row = server.conversation({contact_name: "Marta"});
    server.message(row);
    await openInbox(server);
    expect(".o-messaging-List").toHaveCount(1);
    expect(".o-messaging-Main").toHaveCount(0);

    await contains(".o-messaging-Row").click();
    await settle();
    expect(".o-messaging-List").toHaveCount(0);
    expect(".o-messaging-Header-name").toHaveText("Marta");
    expect(".o-messaging-Details").toHaveCount(0);

    await contains(".o-messaging-Header-details").click();
    expect(".o-messaging-Details.o-overlay").toHaveCount(1);
    await contains(".o-messaging-Details-header button").click();
    await contains(".o-messaging-Header-back").click();
    await settle();
    expect(".o-messaging-List").toHaveCount(1);
    expect(".o-messaging-Main").toHaveCount(0);
    expect(server.urls).toEqual([false, row.id, false]);
});

test("a phone shows the customer's whole number", async () => {
    const server = new FakeInbox();
    server.channels = [{...CHANNEL, name: "Repairs and spare parts of bicycles"}];
    const row = server.conversation({contact_name: "Marta"});
    await openInbox(server, {resId: row.id});
    const number = queryRect(".o-messaging-Header-subtitle bdi");
    const place = queryRect(".o-messaging-Header-title");
    expect(number.right).toBeLessThan(place.right + 1);
});
