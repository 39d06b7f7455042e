/** Meta's faults: revoked tokens, a dropped Page. */

import {h} from "./dom.js";
import {accountOf, call, isMeta} from "./store.js";

const PASSWORD_CHANGED = 460;

/** Changes whenever this section must be drawn again. */
export function troubleKey(line) {
    return line && accountOf(line)?.token_error;
}

export function trouble(line) {
    const page = line.page_sid || line.sid;
    const drop = () => call("PATCH", `/lines/${page}`, {subscribed_fields: []});
    return [
        tokens(line),
        isMeta(line) &&
            line.webhook_url &&
            h("button.link", {type: "button", onclick: drop}, "Let Meta drop the Page"),
    ].filter(Boolean);
}

function tokens(line) {
    const account = accountOf(line);
    const change = (event) =>
        call("POST", "/accounts", {
            sid: account.sid,
            token_error: event.target.checked ? 0 : PASSWORD_CHANGED,
        });
    return h(
        "label.switch",
        null,
        h(
            "span",
            null,
            h("strong", null, "Access tokens"),
            h("small", null, "Meta accepts requests with them")
        ),
        h("input", {
            type: "checkbox",
            role: "switch",
            name: "tokens",
            checked: !account.token_error,
            onchange: change,
        }),
        h("i", {"aria-hidden": "true"})
    );
}
