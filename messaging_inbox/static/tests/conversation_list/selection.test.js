import {describe, expect, test} from "@odoo/hoot";
import {click, keyDown, keyUp, press, queryAllTexts} from "@odoo/hoot-dom";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {contains} from "@web/../tests/web_test_helpers";
import {
    COLLEAGUE,
    defineInboxModels,
    FakeInbox,
    ME,
    openInbox,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const BAR = ".o-messaging-SelectionBar";
const TOAST = ".o_notification";

class FakeMany extends FakeInbox {
    refused = [];

    action_apply([ids, action, value]) {
        const undo = ids.map((id) => {
            const found = this.rows.find((each) => each.id === id);
            return {ids: [id], action, value: found.user_id, expected: value};
        });
        this.change(ids, action, value);
        return {undo, changed: ids.length - this.refused.length, refused: this.refused};
    }

    action_undo([steps]) {
        steps.forEach(({ids, action, value}) => this.change(ids, action, value));
        return {changed: steps.length, refused: []};
    }

    change(ids, action, value) {
        const rows = this.rows.filter(({id}) => ids.includes(id));
        const names = {assign: "user_id", state: "state"};
        rows.forEach((each) => (each[names[action] || action] = value));
    }
}

/** Return a server with four unassigned conversations: "1" is the newest. */
function four() {
    const server = new FakeMany();
    const rows = ["4", "3", "2", "1"].map((contact_name) =>
        server.conversation({contact_name})
    );
    return [server, ...rows.reverse()];
}

function row({id}) {
    return `.o-messaging-Row[data-id="${id}"]`;
}

async function clickWith(key, target) {
    await keyDown(key);
    await click(target);
    await keyUp(key);
    await animationFrame();
}

async function refresh() {
    await settle();
    await advanceTime(1000);
    await settle();
}

function checked() {
    return queryAllTexts(".o-messaging-Row.o-checked .o-messaging-Row-name");
}

test("a checkbox, Ctrl and Shift select without opening", async () => {
    const [server, one, two, three, four_] = four();
    const store = await openInbox(server);
    expect(BAR).toHaveCount(0);
    await contains(`${row(one)} .o-messaging-Row-check`, {visible: false}).click();
    expect(checked()).toEqual(["1"]);
    await clickWith("Control", row(three));
    expect(checked()).toEqual(["1", "3"]);
    await clickWith("Shift", row(four_));
    expect(checked()).toEqual(["1", "3", "4"]);
    expect(`${BAR}-count`).toHaveText("3 selected");
    expect(store.activeId).toBe(false);
    await clickWith("Control", row(three));
    expect(checked()).toEqual(["1", "4"]);
    await contains(`${BAR}-clear`).click();
    expect(BAR).toHaveCount(0);
    expect(row(two)).toHaveAttribute("aria-checked", "false");
});

test("keys select: X, Shift and arrows, Ctrl+A, Escape", async () => {
    const [server, one] = four();
    await openInbox(server);
    await contains(row(one)).focus();
    await press("x");
    await animationFrame();
    expect(checked()).toEqual(["1"]);
    await press(["shift", "ArrowDown"]);
    await press(["shift", "ArrowDown"]);
    await animationFrame();
    expect(checked()).toEqual(["1", "2", "3"]);
    await press(["ctrl", "a"]);
    await animationFrame();
    expect(checked()).toEqual(["1", "2", "3", "4"]);
    await press("Escape");
    await animationFrame();
    expect(checked()).toEqual([]);
});

test("many are assigned at once, and undo gives them back", async () => {
    const [server, one, two] = four();
    two.user_id = COLLEAGUE;
    const store = await openInbox(server);
    store.setFolded("others", false);
    await settle();
    await clickWith("Control", row(one));
    await clickWith("Control", row(two));
    await contains(`${BAR} .o-messaging-Assignee`).click();
    await contains(".o-messaging-AssigneeMenu .o-dropdown-item:contains(me)").click();
    await refresh();
    const [call] = server.callsOf("action_apply");
    expect(call.args).toEqual([[one.id, two.id], "assign", ME]);
    expect("#o-messaging-section-mine .o-messaging-Row").toHaveCount(2);
    expect(BAR).toHaveCount(0);
    expect(TOAST).toHaveText(/Assigned to you: 2 conversations/);
    await contains(`${TOAST} button:contains(Undo)`).click();
    await refresh();
    expect("#o-messaging-section-mine .o-messaging-Row").toHaveCount(0);
    expect("#o-messaging-section-others .o-messaging-Row").toHaveCount(1);
    expect(TOAST).toHaveCount(0);
});

test("a refusal names the conversation and the reason", async () => {
    const [server, one, two] = four();
    server.refused = [{name: "2", reason: "It is gone."}];
    await openInbox(server);
    await clickWith("Control", row(one));
    await clickWith("Control", row(two));
    await contains(`${BAR}-state`).click();
    await settle();
    expect(`${TOAST}:contains("Closed: 1")`).toHaveCount(1);
    expect(`${TOAST}:contains("2: It is gone.")`).toHaveCount(1);
});

test("keys of the header act on the selection", async () => {
    const [server, one, two] = four();
    await openInbox(server);
    await contains(row(one)).click();
    await settle();
    await clickWith("Control", row(two));
    await press(["alt", "shift", "m"]);
    await settle();
    expect(server.callsOf("action_assign")).toHaveLength(0);
    expect(server.callsOf("action_apply")[0].args).toEqual([[two.id], "assign", ME]);
});
