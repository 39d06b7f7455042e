import {describe, expect, test} from "@odoo/hoot";
import {advanceTime} from "@odoo/hoot-mock";
import {press, queryAllTexts, queryFirst} from "@odoo/hoot-dom";
import {contains} from "@web/../tests/web_test_helpers";
import {FakeRecords, hitOf, openPane} from "./details_test_helpers";
import {
    defineInboxModels,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const CARD = "section[aria-labelledby=o-messaging-contact]";
const OPTION = `${CARD} [role=option]`;
const INPUT = `${CARD} input[role=combobox]`;

async function openSearch(server) {
    await openPane(server);
    await contains(`${CARD} [data-mode=link]`).click();
    await settle();
}

async function type(text) {
    await contains(INPUT).edit(text, {confirm: false});
    await advanceTime(300);
    await settle();
}

test("suggestions come first, then results for the typed text", async () => {
    const server = new FakeRecords();
    server.matches = [hitOf({id: 2, name: "Ana R."})];
    server.partner({name: "Berta Blau"});
    await openSearch(server);
    expect(INPUT).toBeFocused();
    expect(queryAllTexts(OPTION)).toEqual(["Ana R.\nBlue Ltd\nSame number"]);
    await type("berta");
    expect(queryAllTexts(OPTION)).toEqual(["Berta Blau\nBlue Ltd\n+34611111111"]);
    expect(server.callsOf("inbox_link_search")).toHaveLength(1);
    expect(server.callsOf("inbox_link_search")[0].args[1]).toBe("res.partner");
});

test("arrow keys move, Enter links, and the record gets the focus", async () => {
    const server = new FakeRecords();
    server.partner({name: "Berta One"});
    const second = server.partner({name: "Berta Two"});
    await openSearch(server);
    await type("berta");
    await press("ArrowDown");
    await settle();
    const [, active] = document.querySelectorAll(OPTION);
    expect(active).toHaveAttribute("aria-selected", "true");
    expect(INPUT).toHaveAttribute("aria-activedescendant", active.id);
    await press("Enter");
    await settle();
    await advanceTime(10);
    expect(server.callsOf("action_link")[0].kwargs.partner_id).toBe(second.id);
    expect(`${CARD} .o-messaging-Record-name`).toBeFocused();
});

test("arrow keys wrap around at both ends", async () => {
    const server = new FakeRecords();
    server.matches = [hitOf({id: 2}), hitOf({id: 3})];
    await openSearch(server);
    await press("ArrowUp");
    await settle();
    expect(`${OPTION}:last`).toHaveAttribute("aria-selected", "true");
    await press("ArrowDown");
    await settle();
    expect(`${OPTION}:first`).toHaveAttribute("aria-selected", "true");
});

test("Escape closes the search and restores the focus", async () => {
    const server = new FakeRecords();
    await openSearch(server);
    await press("Escape");
    await settle();
    await advanceTime(10);
    expect(INPUT).toHaveCount(0);
    expect(`${CARD} [data-mode=link]`).toBeFocused();
});

test("Enter links nothing until the results for the typed text arrive", async () => {
    const server = new FakeRecords();
    server.partner({name: "Berta"});
    await openSearch(server);
    await type("berta");
    await contains(INPUT).edit("carla", {confirm: false});
    await press("Enter");
    await settle();
    expect(server.callsOf("action_link")).toHaveLength(0);
});

test("no results and a failure have different messages", async () => {
    const server = new FakeRecords();
    await openSearch(server);
    expect(`${CARD} [role=status]`).toHaveText(/Type a name/);
    await type("nobody");
    expect(`${CARD} [role=status]`).toHaveText("Nothing found.");
    server.failNext("inbox_link_search", "The search is switched off.");
    await type("somebody");
    expect(`${CARD} [role=status]`).toHaveText("The search is switched off.");
});

test("a record deleted meanwhile isn't linked, and the search stays open", async () => {
    const server = new FakeRecords();
    server.partner({name: "Berta"});
    await openSearch(server);
    await type("berta");
    server.failNext("action_link", "This record no longer exists.");
    await contains(OPTION).click();
    await settle();
    expect(".o_notification").toHaveText(/no longer exists/);
    expect(queryFirst(INPUT)).toHaveValue("berta");
});
