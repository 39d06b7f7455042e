import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {fullTime, shortDuration} from "../core/formatting";
import {replyWindowOf} from "../core/reply_window";
import {smsSegments} from "./sms_segments";
import {useService} from "@web/core/utils/hooks";

const COUNTER_FROM = 0.8;
const HOUR = 60 * 60 * 1000;
const MOST_PARTS = 10;

/** Facts for writing: who will read it, how long replies are allowed, how much fits. */
export class ComposerFacts extends Component {
    static template = "messaging_inbox.ComposerFacts";
    static props = {conversation: Object};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.conversation = useState(this.props.conversation);
    }

    get row() {
        return this.conversation.row;
    }

    // How long ---------------------------------------------------------------------

    get replyWindow() {
        return replyWindowOf(this.row, this.store.now);
    }

    get timeLeft() {
        const {left, freeLeft, isLate} = this.replyWindow;
        return isLate ? left : freeLeft;
    }

    get countdown() {
        const {human_agent_from: lateFrom, reply_until: until} = this.row;
        if (!until) {
            return "";
        }
        const values = {left: shortDuration(this.timeLeft), until: fullTime(until)};
        if (this.replyWindow.isLate) {
            return _t("You answer as a person: %(left)s left, until %(until)s", values);
        }
        return lateFrom
            ? _t(
                  "Reply window closes in %(left)s. Then you answer as a person, until %(until)s",
                  values
              )
            : _t("Reply window closes in %(left)s", values);
    }

    get urgency() {
        if (this.timeLeft < HOUR) {
            return "o-danger";
        }
        return this.timeLeft < 4 * HOUR ? "o-warning" : "";
    }

    // How much ---------------------------------------------------------------------

    /** Return the length as the provider counts it: in characters or in bytes. */
    get length() {
        const {body} = this.conversation.draft;
        const isInBytes = this.conversation.channel?.text_bytes;
        return isInBytes ? new TextEncoder().encode(body).length : [...body].length;
    }

    get limit() {
        const {text_bytes: bytes, text_limit: characters} =
            this.conversation.channel || {};
        return bytes || characters || 0;
    }

    /** Return how many SMS are billed; "" with a file, which makes it an MMS. */
    get segments() {
        const {body, files} = this.conversation.draft;
        if (this.conversation.channel?.kind !== "sms" || files.length) {
            return "";
        }
        const characters = [...body.trim()];
        const size = this.limit || characters.length || 1;
        const messages = [];
        for (let start = 0; start < characters.length; start += size) {
            messages.push(smsSegments(characters.slice(start, start + size).join("")));
        }
        const count = messages.reduce((sum, each) => sum + each.count, 0);
        const [{encoding, perSegment} = {}] = messages;
        return (
            count && {
                text: _t("%(count)s SMS", {count}),
                title: _t("%(encoding)s: %(perSegment)s characters each", {
                    encoding,
                    perSegment,
                }),
            }
        );
    }

    get parts() {
        return Math.ceil(this.length / this.limit);
    }

    get isTooLong() {
        return this.parts > MOST_PARTS;
    }

    get counter() {
        const {length, limit, parts} = this;
        if (!limit || length <= limit * COUNTER_FROM) {
            return "";
        }
        const counter = `${length} / ${limit}`;
        if (this.isTooLong) {
            return _t("%(counter)s · too long", {counter});
        }
        return parts > 1
            ? _t("%(counter)s · %(parts)s messages", {counter, parts})
            : counter;
    }
}
