import {_t} from "@web/core/l10n/translation";

const PROGRESS = ["queued", "sending", "sent", "delivered", "read"];

const STATES = {
    queued: {icon: "clock", label: _t("Waiting to be sent")},
    sending: {icon: "clock", label: _t("Sending")},
    sent: {icon: "single", label: _t("Sent")},
    delivered: {icon: "double", label: _t("Delivered")},
    read: {icon: "double", label: _t("Read")},
    failed: {icon: "failed", label: _t("Not sent")},
    unknown: {icon: "unknown", label: _t("May have been sent")},
};

export function stateFace(state) {
    return STATES[state];
}

export function isTrouble(state) {
    return state === "failed" || state === "unknown";
}

/**
 * Return whether `to` may follow `from`. RPC answers and bus deltas may arrive out of
 * order: "delivered" never goes back to "sent". After failed or unknown anything may
 * follow, since a retry starts over.
 */
export function isForward(from, to) {
    if (!from || isTrouble(from)) {
        return true;
    }
    if (isTrouble(to)) {
        return from !== "delivered" && from !== "read";
    }
    return PROGRESS.indexOf(to) >= PROGRESS.indexOf(from);
}
