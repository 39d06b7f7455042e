import {describe, expect, test} from "@odoo/hoot";
import {press} from "@odoo/hoot-dom";
import {contains} from "@web/../tests/web_test_helpers";
import {FakeRecords, openPane} from "./details_test_helpers";
import {
    defineInboxModels,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("mobile");
defineInboxModels();

test("the details cover the messages, with a button back", async () => {
    const server = new FakeRecords();
    await openPane(server);
    expect(".o-messaging-Details").toHaveCount(0);
    await contains(".o-messaging-Header-details").click();
    await settle();
    expect(".o-messaging-Details.o-overlay").toHaveCount(1);
    expect("[aria-label='Back to the messages']").toBeFocused();
    await contains("[data-mode=partner]").click();
    await settle();
    await press("Escape");
    await settle();
    expect(".o-messaging-CreateForm").toHaveCount(0);
    expect(".o-messaging-Details").toHaveCount(1);
    await press("Escape");
    await settle();
    expect(".o-messaging-Details").toHaveCount(0);
    expect(".o-messaging-Header-details").toBeFocused();
});
