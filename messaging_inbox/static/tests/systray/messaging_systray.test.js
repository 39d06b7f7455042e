import {describe, expect, test} from "@odoo/hoot";
import {advanceTime} from "@odoo/hoot-mock";
import {
    contains,
    getService,
    makeMockEnv,
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {MessagingSystray} from "@messaging_inbox/systray/messaging_systray";
import {
    defineInboxModels,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

async function mountSystray(session) {
    onRpc("ir.http", "lazy_session_info", () => session);
    const env = await makeMockEnv();
    await mountWithCleanup(MessagingSystray);
    env.bus.trigger("WEB_CLIENT_READY");
    await settle();
}

const COUNTERS = {mine: 1, unassigned: 2, others: 0, totals: {}, badge: 3};

test("Agents see the number of pending conversations and open the inbox by a click", async () => {
    mockService("action", {doAction: (action) => expect.step(action)});
    await mountSystray({messaging_inbox: COUNTERS});
    expect(".o-messaging-Systray .badge").toHaveText("3");
    await contains(".o-messaging-Systray button").click();
    expect.verifySteps(["messaging_inbox.messaging_inbox_action"]);
});

test("others have no icon and no live updates", async () => {
    await mountSystray({});
    expect(".o-messaging-Systray").toHaveCount(0);
    expect(getService("messaging_inbox.store").live.isStarted).toBe(false);
});

test("losing the Agent group removes the icon on any page", async () => {
    await mountSystray({messaging_inbox: COUNTERS});
    onRpc("messaging.conversation", "inbox_counters", () => {
        const errorName = "odoo.exceptions.AccessError";
        throw makeServerError({errorName, type: "AccessError", message: "No."});
    });
    onRpc("messaging.conversation", "inbox_init", () => expect.step("init"));
    await sendDelta("subscribe", {});
    expect(".o-messaging-Systray").toHaveCount(0);
    expect.verifySteps([]);
});

test("the badge follows the server's count", async () => {
    await mountSystray({messaging_inbox: COUNTERS});
    onRpc("messaging.conversation", "inbox_counters", () => ({
        ...COUNTERS,
        badge: 100,
    }));
    onRpc("messaging.conversation", "inbox_rows", () => []);
    await sendDelta("read", {conversation_id: 1, unread_count: 0});
    await advanceTime(500);
    await settle();
    expect(".o-messaging-Systray .badge").toHaveText("99+");
});
