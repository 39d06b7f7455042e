import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {fullTime} from "../core/formatting";
import {sentenceOf} from "../core/errors";
import {useService} from "@web/core/utils/hooks";

const BROWSERS = [
    {anchor: "chrome", name: "Chrome"},
    {anchor: "firefox", name: "Firefox"},
    {anchor: "safari", name: "Safari"},
    {anchor: "edge", name: "Edge"},
    {anchor: "phone", name: _t("Phone")},
];
const PERMISSIONS = {
    granted: _t("This browser shows notifications."),
    prompt: _t("This browser hasn't asked yet whether it may show notifications."),
    denied: _t("This browser blocks notifications of this site."),
    insecure: _t("Browsers only show notifications if the address begins with https."),
};
const SERVERS = {
    ok: _t("Outgoing mail is set up."),
    none: _t("No outgoing mail server is set up. Ask an administrator."),
    error: _t("The outgoing mail server refused the last mail."),
};
const STATES = {
    waiting: _t("Waiting to be sent"),
    queued: _t("Waiting to be sent"),
    sent: _t("Sent"),
    failed: _t("Failed"),
};

/** Shows why notifications don't arrive, and tests each method. */
export class NotificationDoctor extends Component {
    static template = "messaging_inbox.NotificationDoctor";
    static props = [];

    setup() {
        this.center = useService("messaging_inbox.notifications");
        this.store = useService("messaging_inbox.store");
        this.browsers = BROWSERS;
        this.isOpen = this.center.isBlocked;
        this.state = useState({answer: {}, error: "", results: {}, testing: false});
        // Not awaited: the switches work without it.
        onWillStart(() => void this.load());
    }

    async load() {
        try {
            this.state.answer = (await this.store.api.notificationSettings()).doctor;
        } catch (error) {
            this.state.error = sentenceOf(error);
        }
    }

    get permissionState() {
        return window.isSecureContext ? this.center.permission.permission : "insecure";
    }

    /** Return a row per method: whether it can work, its facts and its last result. */
    get methods() {
        const {results} = this.state;
        return [this.desktop, this.push, this.email].map((method) => ({
            ...method,
            facts: method.facts.filter(Boolean),
            result: results[method.name],
        }));
    }

    get desktop() {
        const state = this.permissionState;
        const isSilent = !this.center.ringer.isOn;
        return {
            name: "desktop",
            label: _t("Desktop, while Odoo is open"),
            isGood: state === "granted",
            facts: [
                PERMISSIONS[state],
                isSilent && _t("The sound is off in the settings of Discuss."),
            ],
            canAsk: state === "prompt",
        };
    }

    get push() {
        const {devices, last_push: last} = this.state.answer;
        return {
            name: "push",
            label: _t("Desktop and phone, while Odoo is closed"),
            isGood: devices > 0 && last?.state !== "failed",
            facts: [
                devices
                    ? _t("Registered browsers: %(count)s", {count: devices})
                    : _t("No browser is registered. Allow notifications in a browser."),
                this.lastText(last),
            ],
        };
    }

    get email() {
        const {email, mail_server: server, last_email: last} = this.state.answer;
        return {
            name: "email",
            label: _t("Email"),
            isGood: Boolean(email) && server === "ok" && last?.state !== "failed",
            facts: [
                email || _t("Your user has no valid email address."),
                SERVERS[server],
                this.lastText(last),
            ],
        };
    }

    helpLink({anchor}) {
        return `${this.state.answer.help_url}#${anchor}`;
    }

    lastText(last) {
        if (!last?.at) {
            return "";
        }
        const state = STATES[last.state] || last.state;
        const text = _t("Last notification: %(state)s, %(at)s", {
            state,
            at: fullTime(last.at),
        });
        return last.error ? `${text}. ${last.error}` : text;
    }

    async test(method) {
        this.state.testing = method;
        try {
            this.state.results[method] = await this.store.api.testNotification(method);
        } catch (error) {
            this.state.results[method] = {sent: false, message: sentenceOf(error)};
        }
        this.state.testing = false;
        await this.load();
    }
}
