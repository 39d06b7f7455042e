/** Dialogs: a new phone, a location, a contact, a tapped button. */

import {h, iconButton} from "./dom.js";
import {call} from "./store.js";

/**
 * Shows a form; resolves with the result of `save`, or null when it is closed.
 * The form shows a refusal and keeps its values.
 */
function ask(title, fields, action, save) {
    const problem = h("p.problem", {role: "alert", hidden: true});
    const dialog = h("dialog.question", {"aria-label": title});
    const cancel = () => dialog.close();
    const form = h(
        "form",
        {method: "dialog"},
        h("header", null, h("h2", null, title), iconButton("close", "Close", cancel)),
        fields,
        problem,
        h("footer", null, h("button.primary", {type: "submit"}, action))
    );
    dialog.append(form);
    document.body.append(dialog);
    dialog.showModal();
    return new Promise((resolve) => {
        form.addEventListener("submit", async (event) => {
            event.preventDefault();
            try {
                const answer = await save(Object.fromEntries(new FormData(form)));
                resolve(answer);
                dialog.close();
            } catch (error) {
                problem.textContent = error.message;
                problem.hidden = false;
            }
        });
        dialog.addEventListener("close", () => {
            dialog.remove();
            resolve(null);
        });
    });
}

function field(label, name, props = {}, hint = "") {
    const input = h("input", {name, type: "text", autocomplete: "off", ...props});
    return h(
        "label.question-field",
        null,
        h("span", null, label),
        input,
        hint && h("small", null, hint)
    );
}

export function askForPhone() {
    const fields = [
        field("Name", "name", {
            placeholder: "Marta Vidal",
            required: true,
            autofocus: true,
        }),
        field(
            "Phone number",
            "phone",
            {placeholder: "+34 600 100 200", type: "tel"},
            "Optional. Without a number: Messenger and Instagram only."
        ),
        field(
            "WhatsApp id",
            "bsuid",
            {placeholder: "ES.4566546130240823"},
            "Optional. Without a number: a customer who hides it."
        ),
    ];
    return ask("Add a phone", fields, "Add", async (values) => {
        const phone = values.phone.replace(/[\s()./-]/g, "");
        const body = {...values, phone, bsuid: values.bsuid.trim()};
        const {customer} = await call("POST", "/customers", body);
        return customer;
    });
}

export function askForLocation() {
    const number = {inputMode: "decimal", required: true};
    const fields = [
        field("Name", "label", {value: "Plaça de Catalunya", autofocus: true}),
        field("Address", "address", {value: "08002 Barcelona"}),
        field("Latitude", "latitude", {value: "41.38701", ...number}),
        field("Longitude", "longitude", {value: "2.17004", ...number}),
    ];
    return ask("Send a location", fields, "Send", (values) => {
        const place = {
            ...values,
            latitude: Number(values.latitude),
            longitude: Number(values.longitude),
        };
        if (![place.latitude, place.longitude].every(Number.isFinite)) {
            throw new Error("Latitude and longitude must be numbers like 41.387.");
        }
        return place;
    });
}

export function askForContact() {
    const fields = [
        field("Name", "name", {
            placeholder: "Marta Vidal",
            required: true,
            autofocus: true,
        }),
        field("Phone number", "phone", {placeholder: "+34600100200", type: "tel"}),
    ];
    return ask("Send a contact", fields, "Send", (values) => values);
}

export function askForText(title, label, action, value = "") {
    const text = h("textarea", {
        name: "text",
        rows: 3,
        required: true,
        autofocus: true,
    });
    text.value = value;
    const fields = [h("label.question-field", null, h("span", null, label), text)];
    return ask(title, fields, action, (values) => values.text.trim());
}

export function askForAd() {
    const fields = [
        field("Title of the ad", "ad_title", {
            value: "Spring sale: city bikes",
            required: true,
            autofocus: true,
        }),
        field("What the customer writes", "body", {
            value: "Is it still available?",
            required: true,
        }),
    ];
    return ask("Arrive from an ad", fields, "Send", (values) => {
        const ad = {source: "ADS", type: "OPEN_THREAD", ad_id: "6045246247433"};
        const referral = {...ad, ads_context_data: {ad_title: values.ad_title}};
        return {body: values.body, fields: {referral}};
    });
}

/** Shows the rows of a list; resolves with the chosen one's text, or null. */
export function chooseRow(title, rows) {
    return new Promise((resolve) => {
        const dialog = h("dialog.question", {"aria-label": title});
        const choose = (text) => {
            resolve(text);
            dialog.close();
        };
        const buttons = rows.map(({text, value}) =>
            h(
                "button.row-choice",
                {type: "button", onclick: () => choose(text)},
                h("strong", null, text),
                value && h("small", null, value)
            )
        );
        const close = iconButton("close", "Close", () => dialog.close());
        const form = h(
            "form",
            {method: "dialog"},
            h("header", null, h("h2", null, title), close),
            buttons
        );
        dialog.append(form);
        dialog.addEventListener("close", () => {
            dialog.remove();
            resolve(null);
        });
        document.body.append(dialog);
        dialog.showModal();
    });
}

const CHOICES = {
    button: "A button",
    list: "A list item",
    postback: "A menu button",
};

export function askForChoice(types) {
    const kinds = types
        .map((value) => [value, CHOICES[value]])
        .map(([value, text], index) =>
            h(
                "label",
                null,
                h("input", {type: "radio", name: "type", value, checked: index === 0}),
                text
            )
        );
    const fields = [
        h("fieldset", null, h("legend", null, "The customer taps"), kinds),
        field("Button text", "text", {
            placeholder: "Confirm",
            required: true,
            autofocus: true,
        }),
        field("Payload", "id", {placeholder: "confirm-order-1042"}),
    ];
    return ask("Send a button reply", fields, "Send", (values) => values);
}

export function confirmRemoval(customer) {
    const text = `This removes ${customer.name}'s phone and its messages. Odoo keeps its own copy.`;
    return ask("Remove this phone?", [h("p", null, text)], "Remove", () => true);
}
