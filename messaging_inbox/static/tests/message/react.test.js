import {describe, expect, test} from "@odoo/hoot";
import {
    click,
    press,
    queryAllAttributes,
    queryAllTexts,
    queryOne,
    waitFor,
} from "@odoo/hoot-dom";
import {contains, makeServerError, onRpc} from "@web/../tests/web_test_helpers";
import {
    CHANNEL,
    COLLEAGUE,
    defineInboxModels,
    FakeInbox,
    ME,
    openInbox,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const HEART = "❤️";
const PARTY = "🎉";
const TAKES = {palette: [HEART, "👍"], any_emoji: false};
const BUTTON = "[data-action=react]";
const PALETTE = ".o-messaging-ReactionPalette";
const OURS = ".o-messaging-Reactions button";

/** A server on whose channel the provider takes reactions. */
class ReactingInbox extends FakeInbox {
    constructor(takes = TAKES) {
        super();
        this.channels = [{...CHANNEL, reactions: takes}];
        this.asked = [];
        this.refusal = "";
        onRpc("messaging.message", "action_react", ({args, kwargs}) =>
            this.react(args[0][0], kwargs.emoji)
        );
    }

    /** Queue a reaction, as the server does. */
    react(id, emoji) {
        this.asked.push(emoji);
        if (this.refusal) {
            const errorName = "odoo.exceptions.UserError";
            throw makeServerError({errorName, message: this.refusal});
        }
        const message = this.messages.find((each) => each.id === id);
        message.reaction = {emoji, failed: false, author_id: ME};
        return true;
    }

    /** Report that the provider has the reaction of a message. */
    accepted(row, message) {
        const {emoji} = message.reaction;
        const data = {reactions: emoji ? {us: emoji} : {}, us_reacted_by: ME};
        Object.assign(message, {reaction: false, data});
        return sendDelta("changed", {conversations: [row], messages: [{...message}]});
    }
}

async function show(server, values = {}, rowValues = {}) {
    const row = server.conversation({contact_name: "Marta", ...rowValues});
    const message = server.message(row, {reaction: false, ...values});
    await openInbox(server, {resId: row.id});
    return {row, message};
}

function openPalette() {
    return contains(BUTTON, {visible: false}).click();
}

test("a click reacts at once, and the reaction stays when the provider has it", async () => {
    const server = new ReactingInbox();
    const {row, message} = await show(server);
    await openPalette();
    expect(queryAllTexts(`${PALETTE} button`)).toEqual([HEART, "👍"]);
    await click(`${PALETTE} button:contains(${HEART})`);
    await settle();
    expect(PALETTE).toHaveCount(0);
    expect(server.asked).toEqual([HEART]);
    expect(OURS).toHaveText(HEART);
    expect(OURS).toHaveClass("o-waiting");
    await server.accepted(row, message);
    expect(OURS).not.toHaveClass("o-waiting");
    expect(OURS).toHaveAttribute(
        "aria-label",
        `You reacted with ${HEART}. Click to take it away`
    );
});

test("a click on our reaction takes it away, in the palette or below the message", async () => {
    const server = new ReactingInbox();
    const data = {reactions: {us: PARTY, customer: "👍"}, us_reacted_by: COLLEAGUE};
    const {row, message} = await show(server, {data});
    expect(OURS).toHaveAttribute("title", /^Ana Morales reacted with 🎉/);
    await openPalette();
    expect(queryAllAttributes(`${PALETTE} button`, "aria-pressed")).toEqual([
        "false",
        "false",
        "true",
    ]);
    await click(`${PALETTE} button:contains(${PARTY})`);
    await settle();
    expect(server.asked).toEqual([""]);
    expect(OURS).toHaveCount(0);
    expect(".o-messaging-Reactions").toHaveText("👍");
    Object.assign(message, {reaction: false, data});
    await sendDelta("changed", {conversations: [row], messages: [{...message}]});
    await click(OURS);
    await settle();
    expect(server.asked).toEqual(["", ""]);
});

test("what the server refuses is taken back and explained", async () => {
    const server = new ReactingInbox();
    await show(server);
    server.refusal = "The customer has opted out.";
    await openPalette();
    await click(`${PALETTE} button:contains(${HEART})`);
    await waitFor(".o_notification:contains(The customer has opted out.)");
    expect(".o-messaging-Reactions").toHaveCount(0);
});

test("a reaction that failed says why, and is sent again or dismissed", async () => {
    const server = new ReactingInbox();
    const {row, message} = await show(server, {data: {reactions: {us: "👍"}}});
    message.reaction = {emoji: HEART, failed: true, author_id: ME};
    const delta = {...message, reaction: {...message.reaction}};
    message.reaction.failure_reason = "The provider can't be reached.";
    await sendDelta("changed", {conversations: [row], messages: [delta]});
    await settle();
    const trouble = ".o-messaging-Trouble";
    expect(`${trouble} span`).toHaveText(
        `${HEART} wasn't sent. The provider can't be reached.`
    );
    expect(OURS).toHaveText("👍");
    await click(`${trouble} button:contains(Dismiss)`);
    await settle();
    expect(server.asked).toEqual(["👍"]);
    Object.assign(message, {reaction: delta.reaction});
    await sendDelta("changed", {conversations: [row], messages: [{...message}]});
    await settle();
    await click(`${trouble} button:contains(Retry)`);
    await settle();
    expect(server.asked).toEqual(["👍", HEART]);
    expect(trouble).toHaveCount(0);
});

test("other emojis are offered only where the provider takes them", async () => {
    await show(new ReactingInbox({...TAKES, any_emoji: true}));
    await openPalette();
    expect(`${PALETTE} [aria-label="More emojis"]`).toHaveCount(1);
    await press("Escape");
    await settle();
    expect(PALETTE).toHaveCount(0);
});

test("the keyboard reaches the button and all emojis", async () => {
    const server = new ReactingInbox();
    await show(server);
    queryOne(".o-messaging-Message").focus();
    await press("ArrowRight");
    expect("[data-action=reply]").toBeFocused();
    await press("ArrowRight");
    expect(BUTTON).toBeFocused();
    await press("Enter");
    await settle();
    expect(`${PALETTE} button:first`).toBeFocused();
    await press("ArrowLeft");
    expect(`${PALETTE} button:last`).toBeFocused();
    await press("Enter");
    await settle();
    expect(server.asked).toEqual(["👍"]);
});

test("there is no button where no reaction can be sent", async () => {
    const closed = {state: "closed"};
    const over = {reply_until: "2026-11-22 09:58:00"};
    const late = {human_agent_from: "2026-11-22 09:58:00"};
    const server = new ReactingInbox();
    for (const values of [{}, closed, over, late, {opted_out: true}]) {
        server.message(server.conversation(values), {reaction: false});
    }
    const own = server.conversation();
    server.message(own, {direction: "outbound", author_id: ME, state: "sent"});
    server.message(own, {direction: "note", author_id: ME, state: false});
    const store = await openInbox(server, {resId: server.rows[0].id});
    expect(BUTTON).toHaveCount(1);
    for (const {id} of server.rows.slice(1)) {
        await store.open(id);
        await settle();
        expect(BUTTON).toHaveCount(0);
        expect(".o-messaging-Message").toHaveCount(id === own.id ? 2 : 1);
    }
});

test("where the provider takes no reactions, there is no button", async () => {
    await show(new ReactingInbox(false), {data: {reactions: {us: "👍"}}});
    expect(BUTTON).toHaveCount(0);
    expect(OURS).toHaveCount(0);
    expect(".o-messaging-Reactions span").toHaveAttribute(
        "aria-label",
        "We reacted with 👍"
    );
});
