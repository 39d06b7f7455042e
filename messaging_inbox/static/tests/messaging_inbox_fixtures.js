/** Values as the server sends them, for client tests. */

export const ME = 7;
export const COLLEAGUE = 8;
export const ABSENT = 9;
export const NOW = "2026-11-23 10:00:00";

export const CHANNEL = {
    id: 1,
    name: "Sales",
    kind: "whatsapp",
    address: "+34600000001",
    account_name: "Twilio",
    account_state: "connected",
    file_limits: {"image/png": 1000, "application/pdf": 5000},
    text_limit: 100,
    sends_templates: false,
    statuses: ["delivered", "read", "sent"],
};

/** Return a template as the picker gets it; `names` are its variables. */
export function makeTemplate(values = {}, names = []) {
    const name = values.name || "order_ready";
    return {
        id: 1,
        name,
        language: "en",
        language_name: "English",
        category: "utility",
        state: "approved",
        header: "",
        body: "Your order is ready.",
        footer: "",
        buttons: [],
        media_kind: "",
        media_url: "",
        takes_file: false,
        problem: "",
        variables: names.map((each) => ({
            name: each,
            label: each,
            sample: `sample of ${each}`,
            value: "",
            is_bound: false,
        })),
        ...values,
    };
}

/** Values of a conversation in the list, except its id, name and seq. */
export const ROW = {
    channel_id: 1,
    contact_phone: "+34611111111",
    contact_username: false,
    user_id: false,
    state: "open",
    last_message_at: "2026-11-23 09:58:00",
    preview: {direction: "inbound", kind: "text", body: "Hello"},
    reply_until: "2026-11-24 09:58:00",
    opted_out: false,
    can_answer: true,
    opt_out: false,
    partner_id: false,
    lead_id: false,
    unread_count: 0,
    draft: "",
    waiting_since: false,
    waiting_seq: 0,
    has_failed: false,
    tag_ids: [],
    is_snoozed: false,
    snoozed_until: false,
};

/** Values of a message, except its id and conversation. */
export const MESSAGE = {
    direction: "inbound",
    kind: "text",
    state: "received",
    body: "Hello",
    data: {},
    author_id: false,
    sent_at: "2026-11-23 09:58:00",
    error_code: false,
    client_uuid: false,
    part: false,
    event_type: false,
    event_from: false,
    event_to: false,
    reply_to: false,
    files: [],
    failure_reason: false,
    can_retry: false,
};

/** Return a message that the search found, as the server sends it. */
export function makeHit({id, direction, kind, sent_at, body}, row, query) {
    const start = body.indexOf(query);
    return {
        message_id: id,
        row,
        direction,
        kind,
        sent_at,
        author_name: "",
        excerpt: body,
        marks: [[start, start + query.length]],
        file_name: "",
    };
}

/** Options of `edit()` for long texts: typed, a thousand characters take seconds. */
export const PASTED = {confirm: false, instantly: true};
