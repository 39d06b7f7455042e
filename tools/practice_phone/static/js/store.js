/** The data of the page. The server sends every change; a reconnect reloads all. */

const SHOWN = ["delivered", "read", "played", "failed", "undelivered"];

export const store = {
    accounts: [],
    lines: [],
    customers: [],
    contents: [],
    templates: [],
    services: [],
    messages: new Map(),
    conversations: new Map(),
    odooUrl: "",
    online: true,
    loaded: false,
    selected: {customer: "", line: ""},
};

export const KINDS = {
    whatsapp: "WhatsApp",
    sms: "SMS",
    messenger: "Messenger",
    instagram: "Instagram",
};

/** Messenger and Instagram. */
export function isMeta(line) {
    return ["messenger", "instagram"].includes(line?.kind);
}

/** A WhatsApp number that is connected straight from Meta. */
export function isCloud(line) {
    return accountOf(line)?.provider === "whatsapp_cloud";
}

/** Lines where customers can react, edit and unsend, and the shop can write outside. */
export function hasGestures(line) {
    return isMeta(line) || isCloud(line);
}

export function accountOf(line) {
    return store.accounts.find((each) => each.sid === line?.account_sid);
}

/** Returns what people call the line's service. */
export function kindOf(line) {
    return isCloud(line) ? "WhatsApp (Meta)" : KINDS[line.kind];
}

const listeners = new Set();
let waiting = false;
let early = null;
let newestLoad = null;
let byCustomer = null;

export function onChange(listener) {
    listeners.add(listener);
}

/** Draws several changes of one tick once. */
export function changed() {
    byCustomer = null;
    if (waiting) {
        return;
    }
    waiting = true;
    queueMicrotask(() => {
        waiting = false;
        listeners.forEach((listener) => listener());
    });
}

export async function call(method, path, body) {
    const isForm = body instanceof FormData;
    const response = await fetch(`/control${path}`, {
        method,
        body: body && !isForm ? JSON.stringify(body) : body,
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
        throw new Error(answer.error || `The phone answered ${response.status}.`);
    }
    return answer;
}

/**
 * Applies changes that arrive during a load twice rather than losing them. Of several
 * loads only the newest counts, so that a late answer can't undo a newer one.
 */
async function load() {
    const thisLoad = (newestLoad = Symbol("load"));
    early = [];
    const state = await call("GET", "/state");
    if (thisLoad !== newestLoad) {
        return;
    }
    store.accounts = state.accounts;
    store.lines = state.lines;
    store.customers = state.customers;
    store.contents = state.contents;
    store.templates = state.templates;
    store.services = state.services;
    store.messages = new Map(state.messages.map((each) => [each.sid, each]));
    store.conversations = new Map(Object.entries(state.conversations));
    store.odooUrl = state.odoo_url;
    store.loaded = true;
    const missed = early;
    early = null;
    missed?.forEach(apply);
    changed();
}

export function listen() {
    const source = new EventSource("/control/events");
    source.onopen = () => setOnline(true);
    source.onerror = () => setOnline(false);
    source.onmessage = (event) => apply(JSON.parse(event.data));
}

async function setOnline(online) {
    store.online = online;
    changed();
    if (online) {
        await load();
    }
}

function apply(event) {
    const {kind, value} = event;
    early?.push(event);
    const tables = {
        customer: store.customers,
        line: store.lines,
        content: store.contents,
        template: store.templates,
        service: store.services,
    };
    if (kind === "message") {
        store.messages.set(value.sid, value);
    } else if (kind === "conversation") {
        store.conversations.set(`${value.line_sid}/${value.customer_id}`, value);
    } else if (tables[kind]) {
        replace(tables[kind], kind === "customer" ? "id" : "sid", value);
    } else {
        load();
    }
    changed();
}

function replace(rows, key, value) {
    const index = rows.findIndex((row) => row[key] === value[key]);
    if (index < 0) {
        rows.push(value);
    } else {
        rows[index] = value;
    }
}

// -- what is selected ---------------------------------------------------------

export function select(customer, line = "") {
    store.selected = {customer, line};
    const hash = customer ? `#/${customer}${line ? `/${line}` : ""}` : "#/";
    if (location.hash !== hash) {
        history.pushState(null, "", hash);
    }
    changed();
}

export function readHash() {
    const [, customer = "", line = ""] = location.hash.split("/");
    store.selected = {customer, line};
    changed();
}

export function currentCustomer() {
    return store.customers.find((each) => each.id === store.selected.customer);
}

/** Returns a customer's lines: SMS needs a number, WhatsApp a number or its own id. */
export function linesOf(customer) {
    const isOnWhatsapp = customer.whatsapp === "on";
    const needs = {
        sms: customer.phone,
        whatsapp: isOnWhatsapp && (customer.phone || customer.bsuid),
    };
    return store.lines.filter((line) => !(line.kind in needs) || needs[line.kind]);
}

export function currentLine() {
    const customer = currentCustomer();
    if (!customer) {
        return undefined;
    }
    const lines = linesOf(customer);
    return (
        lines.find((line) => line.sid === store.selected.line) ||
        lastLine(customer, lines)
    );
}

function lastLine(customer, lines) {
    const last = messagesOf(customer.id).at(-1);
    return lines.find((line) => line.sid === last?.line_sid) || lines[0];
}

/** Returns the messages on the phone, without those not yet delivered. */
export function messagesOf(customerId, lineSid = "") {
    byCustomer ||= sorted();
    const messages = byCustomer.get(customerId) || [];
    return messages.filter((each) => !lineSid || each.line_sid === lineSid);
}

function sorted() {
    const groups = new Map(store.customers.map((each) => [each.id, []]));
    const messages = [...store.messages.values()]
        .filter((each) => each.direction === "inbound" || SHOWN.includes(each.status))
        .sort((one, other) => one.created_at - other.created_at);
    for (const message of messages) {
        groups.get(message.customer_id)?.push(message);
    }
    return groups;
}

export function isLost(message) {
    return message.direction === "outbound" && Boolean(message.error_code);
}

export function isUnread(message) {
    return message.direction === "outbound" && !message.seen && !isLost(message);
}

export function lineOf(message) {
    return store.lines.find((line) => line.sid === message.line_sid);
}

export function serviceOf(line) {
    return store.services.find((each) => each.line_sids.includes(line.sid));
}

/** Tells whether Twilio drops what customers write, for want of a webhook. */
export function isDropping(line) {
    const service = serviceOf(line);
    return service && !service.use_inbound_webhook_on_number && !service.inbound_url;
}

export function conversationOf(customer, line) {
    return store.conversations.get(`${line.sid}/${customer.id}`);
}
