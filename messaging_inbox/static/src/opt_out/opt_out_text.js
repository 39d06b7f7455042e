import {_t} from "@web/core/l10n/translation";
import {fullTime} from "../core/formatting";

function sentenceOf({source, user_id: userId}, store) {
    switch (source) {
        case "agent":
            return _t("%(user)s recorded that the customer opted out", {
                user: userId ? store.nameOf(userId) : _t("A colleague"),
            });
        case "provider":
            return _t("The provider blocks messages: the customer opted out there");
        case "blacklist":
            return _t("The customer's number is on the phone blacklist");
        default:
            return _t("The customer opted out");
    }
}

/** Return who opted the customer out and when, in one line; "" if they didn't. */
export function optOutText({opted_out: isOut, opt_out: proof}, store) {
    if (!isOut) {
        return "";
    }
    const sentence = sentenceOf(proof || {}, store);
    return proof?.at
        ? _t("%(sentence)s on %(date)s", {sentence, date: fullTime(proof.at)})
        : String(sentence);
}

/** Return what a manager must know before recording an opt-in; "" if nothing. */
export function blockWarning({opt_out: proof}, channel) {
    if (proof?.source === "provider") {
        return _t(
            "The provider blocks this customer, too, until they send START. Your messages will fail until then."
        );
    }
    return channel?.blocks_after_stop && (proof?.source || "customer") === "customer"
        ? _t(
              "The provider may block this customer, too, until they send START. Your messages would fail until then."
          )
        : "";
}
