import {describe, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {contains} from "@web/../tests/web_test_helpers";
import {
    defineInboxModels,
    FakeInbox,
    openInbox,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

class FakeOthers extends FakeInbox {
    others = [];

    inbox_other_conversations() {
        return this.others;
    }
}

const OTHERS = ".o-messaging-Others .o-messaging-Row";

test("the customer's other conversations are shown, and a click opens one", async () => {
    const server = new FakeOthers();
    const other = server.conversation({contact_name: "Ana by SMS", state: "closed"});
    const row = server.conversation({contact_name: "Ana"});
    server.others = [other];
    await openInbox(server, {resId: row.id});
    expect(queryAllTexts(`${OTHERS} .o-messaging-Row-name`)).toEqual(["Ana by SMS"]);
    expect(OTHERS).toHaveText(/Closed/);
    await contains(OTHERS).click();
    await settle();
    expect(".o-messaging-Header-name").toHaveText("Ana by SMS");
});

test("without others, or if they can't be loaded, there is no card", async () => {
    const server = new FakeOthers();
    const row = server.conversation();
    server.failNext("inbox_other_conversations", "No");
    await openInbox(server, {resId: row.id});
    expect(".o-messaging-Others").toHaveCount(0);
    expect(".o-messaging-Details").toHaveCount(1);
});
