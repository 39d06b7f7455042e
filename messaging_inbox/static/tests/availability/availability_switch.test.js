import {describe, expect, test} from "@odoo/hoot";
import {
    contains,
    getService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {UserMenu} from "@web/webclient/user_menu/user_menu";
import {
    defineInboxModels,
    ME,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const ITEM = ".o-dropdown--menu .o-messaging-Availability";
const COUNTERS = {mine: 0, unassigned: 0, others: 0, totals: {}, badge: 0};

/** Open the user menu of an Agent; the server returns `available`. */
async function openUserMenu(available) {
    onRpc("res.users", "read", () => [{id: ME, messaging_available: available}]);
    await mountWithCleanup(UserMenu);
    const store = getService("messaging_inbox.store");
    store.startForAgent(COUNTERS);
    await contains(".o_user_menu button").click();
    await settle();
    return store;
}

test("the user menu shows the user's availability and switches it", async () => {
    onRpc("res.users", "action_messaging_set_available", ({kwargs}) => {
        expect.step(kwargs.available);
        return true;
    });
    await openUserMenu(false);
    expect(ITEM).toHaveText("Unavailable for conversations");
    expect(`${ITEM} .o-available`).toHaveCount(0);
    await contains(ITEM).click();
    await settle();
    expect.verifySteps([true]);
    expect(ITEM).toHaveText("Available for conversations");
    expect(ITEM).toHaveAttribute("aria-checked", "true");
    expect(`${ITEM} .o-available`).toHaveCount(1);
});

test("the switch in the user menu follows the other tabs", async () => {
    const store = await openUserMenu(true);
    expect(`${ITEM} .o-available`).toHaveCount(1);
    await sendDelta("availability", {user_id: store.user.id, available: false});
    expect(`${ITEM} .o-available`).toHaveCount(0);
});

test("a refused switch shows the reason and keeps its state", async () => {
    await openUserMenu(true);
    getService("messaging_inbox.store").api.setAvailable = () => {
        throw new Error("no answer");
    };
    await contains(ITEM).click();
    await settle();
    expect(".o_notification").toHaveCount(1);
    expect(`${ITEM} .o-available`).toHaveCount(1);
});

test("only Agents have the switch", async () => {
    await mountWithCleanup(UserMenu);
    await contains(".o_user_menu button").click();
    expect(".o-dropdown--menu").toHaveCount(1);
    expect(ITEM).toHaveCount(0);
});
