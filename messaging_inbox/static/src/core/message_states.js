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
 * Answers and bus deltas overtake one another: a delivered message never goes back to
 * sent. Failed and unknown are left by a retry, so anything may follow them.
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
