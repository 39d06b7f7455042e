import {animationFrame, mockDate} from "@odoo/hoot-mock";
import {
    getService,
    makeServerError,
    MockServer,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {waitForChannels, waitNotifications} from "@bus/../tests/bus_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {sectionOf} from "@messaging_inbox/core/conversation_list";
import {Inbox} from "@messaging_inbox/inbox/inbox";
import {
    ABSENT,
    CHANNEL,
    COLLEAGUE,
    makeHit,
    ME,
    MESSAGE,
    NOW,
    ROW,
} from "./messaging_inbox_fixtures";

export * from "./messaging_inbox_fixtures";

const CONVERSATION = "messaging.conversation";

export function defineInboxModels() {
    defineMailModels();
}

/** A fake of the server's RPC methods, in memory; `calls` records the calls. */
export class FakeInbox {
    constructor() {
        this.rows = [];
        this.messages = [];
        this.channels = [CHANNEL];
        this.isManager = false;
        this.canDelete = false;
        this.providerUrl = "";
        this.details = {};
        this.templates = [];
        this.tags = [];
        this.customerLanguage = "";
        this.failures = {};
        this.calls = [];
        this.urls = [];
        this.nextId = 1000;
        this.install();
    }

    conversation(values = {}) {
        const id = this.nextId++;
        const row = {
            ...ROW,
            id,
            contact_name: `Customer ${id}`,
            seq: this.nextId++,
            ...values,
        };
        this.rows.push(row);
        return row;
    }

    message(row, values = {}) {
        const message = {
            ...MESSAGE,
            id: this.nextId++,
            conversation_id: row.id,
            ...values,
        };
        this.messages.push(message);
        return message;
    }

    messagesOf(id) {
        return this.messages.filter((message) => message.conversation_id === id);
    }

    // The methods of the contract ----------------------------------------------

    inbox_presence() {
        return true;
    }

    inbox_init() {
        return {
            user: {id: ME, name: "Mitchell", available: true},
            is_manager: this.isManager,
            channels: this.channels,
            users: {[ME]: "Mitchell", [COLLEAGUE]: "Ana Morales", [ABSENT]: "Chloé"},
            counters: this.inbox_counters(),
            has_account: true,
            tags: this.tags,
        };
    }

    inbox_counters() {
        const total = (section) => this.rowsOf(section).length;
        const unread = (section) =>
            this.rowsOf(section).filter((row) => row.unread_count).length;
        return {
            mine: unread("mine"),
            unassigned: unread("unassigned"),
            others: unread("others"),
            totals: {
                mine: total("mine"),
                unassigned: total("unassigned"),
                others: total("others"),
            },
            waiting: Object.fromEntries(
                ["mine", "unassigned", "others"].map((section) => [
                    section,
                    this.rowsOf(section).filter((row) => row.waiting_since).length,
                ])
            ),
            badge: unread("mine") + unread("unassigned"),
        };
    }

    rowsOf(section) {
        return this.rows.filter((row) => !section || sectionOf(row, ME) === section);
    }

    inbox_list(
        [section],
        {query, channel_id: channelId, filters, order, before, limit}
    ) {
        const isWanted = (id) => filters.tag_ids?.includes(id);
        const isByWait = order === "waiting";
        const waitOf = (row) => row.waiting_seq || Infinity;
        const cursorOf = (row) => (isByWait ? row.waiting_seq || -row.seq : row.seq);
        const found = this.rowsOf(section)
            .filter((row) => !channelId || row.channel_id === channelId)
            .filter((row) => row.contact_name.toLowerCase().includes(query))
            .filter((row) => !filters.unanswered || row.waiting_since)
            .filter((row) => !filters.unread || row.unread_count)
            .filter((row) => !filters.failed || row.has_failed)
            .filter(({tag_ids: ids}) => ids.some(isWanted) || !filters.tag_ids)
            .sort((a, b) => (isByWait && waitOf(a) - waitOf(b)) || b.seq - a.seq);
        const start = before
            ? found.findIndex((row) => cursorOf(row) === before) + 1
            : 0;
        const rows = found.slice(start, start + limit);
        return {
            rows,
            has_more: found.length > start + limit,
            cursor: rows.length && cursorOf(rows.at(-1)),
        };
    }

    inbox_rows([ids]) {
        return this.rows.filter((row) => ids.includes(row.id));
    }

    inbox_open([id]) {
        const row = this.rows.find((candidate) => candidate.id === id);
        if (!row) {
            return {deleted: true};
        }
        const messages = this.messagesOf(id);
        return {
            row,
            messages: messages.slice(-30),
            has_more: messages.length > 30,
            scheduled: [],
            details: this.inbox_details([id]),
        };
    }

    inbox_details() {
        return {
            can_delete: this.canDelete,
            provider_name: "Acme",
            provider_url: this.providerUrl,
            opened_at: "2026-11-20 08:00:00",
            can: {create_partner: true, create_lead: true, create_deal: true},
            proposed_assignee: false,
            pipeline: false,
            partner: false,
            lead: false,
            ...this.details,
        };
    }

    inbox_other_conversations() {
        return [];
    }

    inbox_suggestions() {
        return {partners: [], leads: []};
    }

    inbox_around([id, messageId]) {
        const messages = this.messagesOf(id);
        const position = messages.findIndex((message) => message.id === messageId);
        return {
            messages: messages.slice(Math.max(0, position - 29), position + 31),
            has_older: position > 29,
            has_newer: messages.length > position + 31,
        };
    }

    inbox_find([id, query]) {
        const found = this.messagesOf(id).filter(({body}) => body.includes(query));
        return {ids: found.map((message) => message.id).reverse(), has_more: false};
    }

    inbox_search_messages([query]) {
        const hits = this.messages
            .filter(({body}) => body.includes(query))
            .map((message) => {
                const row = this.rows.find(({id}) => id === message.conversation_id);
                return makeHit(message, row, query);
            });
        return {hits: hits.reverse(), has_more: false, is_recent_only: false};
    }

    inbox_messages([id, before], {after} = {}) {
        if (after) {
            const newer = this.messagesOf(id).filter((message) => message.id > after);
            return {messages: newer.slice(0, 30), has_more: newer.length > 30};
        }
        const older = this.messagesOf(id).filter((message) => message.id < before);
        return {messages: older.slice(-30), has_more: older.length > 30};
    }

    inbox_message_values([ids]) {
        return this.messages.filter((message) => ids.includes(message.id));
    }

    inbox_assignees() {
        return [
            {id: ME, name: "Mitchell", available: true},
            {id: COLLEAGUE, name: "Ana Morales", available: true},
            {id: ABSENT, name: "Chloé", available: false},
        ];
    }

    reply(
        [[id]],
        {body, attachment_ids: files, client_uuid: uuid, reply_to_id: quoted}
    ) {
        const known = this.messages.filter((message) => message.client_uuid === uuid);
        if (known.length) {
            return known.map((message) => message.id);
        }
        const values = {
            direction: "outbound",
            state: "queued",
            author_id: ME,
            client_uuid: uuid,
            sent_at: NOW,
        };
        const row = {id};
        const parts = [...(body ? [{body}] : []), ...files.map(() => ({body: ""}))];
        const quote = this.messages.find((message) => message.id === quoted);
        return parts.map(
            (part, index) =>
                this.message(row, {
                    ...values,
                    ...part,
                    part: index,
                    reply_to: (index === 0 && quote) || false,
                }).id
        );
    }

    send_template([[id]], {template_id: templateId, client_uuid: uuid}) {
        const known = this.messages.filter((message) => message.client_uuid === uuid);
        if (known.length) {
            return known.map((message) => message.id);
        }
        const {body} = this.templates.find((each) => each.id === templateId);
        const values = {direction: "outbound", state: "queued", author_id: ME};
        const sent = {client_uuid: uuid, part: 0, sent_at: NOW, body: `Sent: ${body}`};
        return [this.message({id}, {...values, ...sent}).id];
    }

    choices() {
        const {templates, customerLanguage: language} = this;
        return {language, in_window: true, templates};
    }

    action_note(
        [[id]],
        {body, client_uuid: uuid, mention_ids: mentionIds, attachment_ids: ids}
    ) {
        return this.message(
            {id},
            {
                direction: "note",
                state: false,
                author_id: ME,
                client_uuid: uuid,
                sent_at: NOW,
                body,
                data: {mention_ids: mentionIds},
                files: ids.map((fileId) => ({id: fileId, state: "ready", name: "a"})),
            }
        ).id;
    }

    change(id, values) {
        const row = this.rows.find((candidate) => candidate.id === id);
        Object.assign(row, values);
        return true;
    }

    action_assign([[id]], {user_id: userId, expected_user_id: expected}) {
        const {user_id: assignee} = this.rows.find((row) => row.id === id);
        if (assignee !== expected) {
            const message = `User ${assignee} already has this conversation.`;
            throw makeServerError({errorName: "odoo.exceptions.UserError", message});
        }
        return this.change(id, {user_id: userId});
    }

    action_opt_out([[id]]) {
        const proof = {source: "agent", at: "2026-11-23 09:59:00", user_id: ME};
        return this.change(id, {opted_out: true, opt_out: proof});
    }

    action_undo_opt_out([[id]]) {
        return this.change(id, {opted_out: false, opt_out: false});
    }

    action_opt_in([[id]]) {
        return this.change(id, {opted_out: false, opt_out: false});
    }

    action_tag([[id]], {add_ids: added, remove_ids: removed}) {
        const {tag_ids: before} = this.rows.find((row) => row.id === id);
        const tags = [...before, ...added].filter((tag) => !removed.includes(tag));
        return this.change(id, {tag_ids: tags});
    }

    action_close([[id]]) {
        return this.change(id, {state: "closed"});
    }

    action_reopen([[id]]) {
        return this.change(id, {state: "open"});
    }

    action_mark_read([[id]]) {
        return this.change(id, {unread_count: 0});
    }

    action_mark_unread([[id]]) {
        return this.change(id, {unread_count: 1});
    }

    inbox_save_draft() {
        return true;
    }

    unlink([ids]) {
        this.rows = this.rows.filter((row) => !ids.includes(row.id));
        return true;
    }

    // Plumbing -------------------------------------------------------------------

    install() {
        const methods = this.methodNames().filter((name) =>
            /^(inbox_|action_|reply$|send_template$|unlink$)/.test(name)
        );
        for (const method of new Set([...methods, "choices"])) {
            const model = method === "choices" ? "messaging.template" : CONVERSATION;
            onRpc(model, method, ({args, kwargs}) => {
                this.calls.push({method, args, kwargs});
                this.failIfAsked(method);
                // Copy, as JSON does: client and server share no objects.
                return JSON.parse(JSON.stringify(this[method](args, kwargs) ?? true));
            });
        }
    }

    methodNames() {
        const proto = Object.getPrototypeOf(this);
        const base = Object.getOwnPropertyNames(FakeInbox.prototype);
        return [...Object.getOwnPropertyNames(proto), ...base];
    }

    callsOf(method) {
        return this.calls.filter((call) => call.method === method);
    }

    /** Let the next call of the method fail with a message. */
    failNext(method, message, type = "UserError") {
        this.failures[method] = {message, type};
    }

    /** Let all further calls of the method fail for lack of access. */
    forbid(method, message) {
        this.failures[method] = {message, type: "AccessError", isPermanent: true};
    }

    failIfAsked(method) {
        const failure = this.failures[method];
        if (!failure) {
            return;
        }
        const {message, type, isPermanent} = failure;
        if (!isPermanent) {
            delete this.failures[method];
        }
        const errorName = `odoo.exceptions.${type}`;
        throw makeServerError({errorName, type, message});
    }
}

/** Mount the inbox with a fake server; return its store. */
export async function openInbox(server, {resId, params} = {}) {
    mockDate(NOW, 0);
    const props = {
        action: {params},
        actionId: 1,
        resId,
        updateActionState: ({resId: shown}) => server.urls.push(shown),
    };
    await mountWithCleanup(Inbox, {props});
    await settle();
    return getService("messaging_inbox.store");
}

/** Wait until the server's answers have arrived and are rendered. */
export async function settle() {
    for (let frame = 0; frame < 3; frame++) {
        await animationFrame();
    }
}

/** Send payloads to every open inbox, as bus notifications of one transaction. */
export async function sendDelta(type, ...payloads) {
    const name = `messaging_inbox/${type}`;
    await waitForChannels(["messaging_inbox"]);
    MockServer.env["bus.bus"]._sendmany(
        payloads.map((payload) => ["messaging_inbox", name, payload])
    );
    await waitNotifications([name]);
    await settle();
}
