/** What Meta reports of a WhatsApp number; each change reaches Odoo. */

import {h} from "./dom.js";
import {call} from "./store.js";

const QUALITIES = [
    ["GREEN", "High"],
    ["YELLOW", "Medium"],
    ["RED", "Low"],
];

export function number(line) {
    const change = (event) =>
        call("POST", `/numbers/${line.sid}`, {quality_rating: event.target.value});
    const now = line.facts.quality_rating || "GREEN";
    const options = QUALITIES.map(([value, text]) =>
        h("option", {value, selected: value === now}, text)
    );
    return h(
        "label.pick",
        null,
        h("strong", null, "Quality of the number"),
        h("select", {name: "quality", onchange: change}, options)
    );
}
