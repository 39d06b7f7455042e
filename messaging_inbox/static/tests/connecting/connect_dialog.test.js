import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {click, queryAllTexts} from "@odoo/hoot-dom";
import {Deferred, animationFrame} from "@odoo/hoot-mock";
import {getService, mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";
import {defineInboxModels} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";
import {MainComponentsContainer} from "@web/core/main_components_container";

describe.current.tags("desktop");
defineInboxModels();

function row(id, verdict, values = {}) {
    const isHarmless = ["free", "ours"].includes(verdict);
    return {
        id,
        name: "",
        kind: "SMS",
        address: `+34600${String(id).padStart(6, "0")}`,
        webhook_url: "",
        posts_here: verdict === "ours",
        verdict,
        note: "",
        is_ticked: isHarmless,
        can_be_ticked: isHarmless || verdict === "other",
        ...values,
    };
}

async function open(rows, isConnected = false) {
    await mountWithCleanup(MainComponentsContainer);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "messaging_inbox.connect",
        params: {dialog_id: 7, rows, is_connected: isConnected},
    });
    await animationFrame();
}

async function press(selector) {
    await click(selector);
    await animationFrame();
}

function badges() {
    return queryAllTexts(".o-messaging-ConnectDialog li .badge");
}

let asked = [];
let answers = [];
beforeEach(() => {
    asked = [];
    answers = [];
    onRpc("messaging.connect", "action_connect_numbers", async ({args}) => {
        asked.push(args);
        const errors = Object.fromEntries(args[1].map((id) => [id, ""]));
        return {...errors, ...(await answers.shift()?.())};
    });
});

test("each number shows its webhook, and is ticked if nothing else uses it", async () => {
    await open([
        row(0, "free"),
        row(1, "ours", {name: "Shop"}),
        row(2, "other", {webhook_url: "https://bot.example/in", note: "Taken."}),
        row(3, "problem", {note: "It is OFFLINE."}),
    ]);
    expect(badges()).toEqual(["Free", "Ours", "Another program", "Can't be used"]);
    expect("li:eq(0)").toHaveText(/\+34600000000[\s\S]*Sends messages nowhere yet/);
    expect("li:eq(1)").toHaveText(/Shop[\s\S]*Already sends messages here/);
    expect("li:eq(2)").toHaveText(
        /Sends messages to\s+https:\/\/bot.example\/in[\s\S]*Taken\./
    );
    expect("li input:checked").toHaveCount(2);
    expect("li:eq(3) input").not.toBeEnabled();
    expect(".modal-footer .btn-primary").toHaveText("Connect 2 channels");
    await press("label:contains(All that are free) input");
    expect(".modal-footer .btn-primary").toHaveText("Connect the account only");
    await press("li:eq(2) input");
    await press(".modal-footer .btn-primary");
    expect(asked).toEqual([[[7], [2]]]);
});

test("many numbers are connected a few at a time, with progress", async () => {
    const second = new Deferred();
    answers = [() => ({}), () => second];
    await open(Array.from({length: 12}, (_each, id) => row(id, "free")));
    await press(".modal-footer .btn-primary");
    expect("[role=status]").toHaveText("Connecting 12 of 12");
    expect(badges().slice(6, 10)).toEqual([
        ...["Connected", "Connected", "Connecting…", "Connecting…"],
    ]);
    second.resolve({11: "It posts nowhere."});
    await animationFrame();
    expect("[role=status]").toHaveText("11 connected, 1 failed");
    expect(asked.map(([, ids]) => ids.length)).toEqual([8, 4]);
    // Failed numbers come first, with the reason.
    expect("li:eq(0)").toHaveText(/000011[\s\S]*It posts nowhere\./);
    await press("button:contains(Retry the failed ones)");
    expect(asked[2]).toEqual([[7], [11]]);
    expect("[role=status]").toHaveText("12 connected");
});

test("closing the dialog midway connects no further numbers", async () => {
    const first = new Deferred();
    answers = [() => first];
    await open(Array.from({length: 12}, (_each, id) => row(id, "free")));
    await press(".modal-footer .btn-primary");
    await press("button:contains(Stop)");
    expect(".modal").toHaveCount(0);
    first.resolve({});
    await animationFrame();
    expect(asked).toHaveLength(1);
});

test("a failing server is reported for each number, which can be tried again", async () => {
    answers = [() => Promise.reject(new Error("down"))];
    await open([row(0, "free")]);
    await press(".modal-footer .btn-primary");
    expect("li:eq(0)").toHaveText(/Something went wrong on the server/);
    await press("button:contains(Retry the failed ones)");
    expect("[role=status]").toHaveText("1 connected");
});

test("a connected account can't be submitted without a number", async () => {
    await open([row(0, "other")], true);
    expect(".modal-footer .btn-primary").not.toBeEnabled();
});

test("connecting only the account closes the dialog", async () => {
    await open([row(0, "other")]);
    await press(".modal-footer .btn-primary");
    expect(asked).toEqual([[[7], []]]);
    expect(".modal").toHaveCount(0);
});
