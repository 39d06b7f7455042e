import {animationFrame} from "@odoo/hoot-mock";
import {
    getService,
    makeServerError,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {expect} from "@odoo/hoot";
import {MainComponentsContainer} from "@web/core/main_components_container";

const CONVERSATION = "messaging.conversation";

export const WHATSAPP = {
    id: 1,
    name: "Sales",
    kind: "whatsapp",
    kind_name: "WhatsApp",
    address: "+34600000001",
    needs_template: true,
};
export const SMS = {
    id: 2,
    name: "Reminders",
    kind: "sms",
    kind_name: "SMS",
    address: "+34600000002",
    needs_template: false,
};
export const NUMBER = {
    value: "+5511912345678",
    shown: "(11) 91234-5678",
    source: "Mobile",
    country_code: "BR",
    unreachable_on: [],
};

/** A fake of the server's methods to start; `calls` are [method, ...arguments]. */
export class FakeStart {
    channels = [WHATSAPP, SMS];
    channelId = false;
    recipients = [];
    recordName = "";
    contacts = [];
    calls = [];
    // Answers per method, used up one by one; the last resort is the usual answer.
    answers = {};

    constructor(values = {}) {
        Object.assign(this, values);
        this.serve("start_options", () => ({
            channels: this.channels,
            channel_id: this.channelId,
            recipients: this.recipients,
            record_name: this.recordName,
        }));
        this.serve("start_check", (_channel, recipient) => this.checked(recipient));
        this.serve("action_start", () => 70);
        this.serve("action_cancel_start", () => true);
        this.serve("reply", () => [700]);
        this.serve("send_template", () => [700]);
        onRpc("messaging.template", "choices", ({args, kwargs}) => {
            this.calls.push(["choices", ...args, kwargs.partner_id, kwargs.lead_id]);
            return {language: "", in_window: false, templates: this.templates || []};
        });
        onRpc("res.partner", "search_read", ({kwargs}) => {
            this.calls.push(["contacts", kwargs.domain[0][2]]);
            return this.contacts;
        });
        onRpc("messaging.conversation", "inbox_init", () => ({
            user: {id: 7, name: "Mitchell", available: true},
            is_manager: false,
            channels: [],
            users: {},
            counters: {mine: 0, unassigned: 0, others: 0, totals: {}, badge: 0},
            has_account: true,
        }));
    }

    checked(recipient, values = {}) {
        return {
            value: recipient.replace(/[^\d+]/g, ""),
            problem: "",
            conversation_id: false,
            not_on_channel: false,
            sms_channel_id: false,
            ...values,
        };
    }

    serve(method, usual) {
        onRpc(CONVERSATION, method, async ({args, kwargs}) => {
            this.calls.push([method, ...args, kwargs]);
            const answer = (this.answers[method] || []).shift();
            return answer ? answer(...args) : usual(...args);
        });
    }

    answer(method, ...answers) {
        this.answers[method] = answers;
    }

    refuse(method, message) {
        const errorName = "odoo.exceptions.UserError";
        this.answer(method, () => {
            throw makeServerError({errorName, type: "UserError", message});
        });
    }

    called(method) {
        return this.calls.filter(([name]) => name === method);
    }

    /** Return the client_uuid of each attempt to send. */
    get uuids() {
        return this.called("reply").map((call) => call.at(-1).client_uuid);
    }
}

/** Open the dialog; what happens after sending becomes a step. */
export async function openStart(props = {}) {
    await mountWithCleanup(MainComponentsContainer);
    getService("messaging_inbox.starting").open({
        onSent: (id) => expect.step(`sent ${id}`),
        ...props,
    });
    await frames();
}

export async function frames() {
    for (let frame = 0; frame < 3; frame++) {
        await animationFrame();
    }
}
