import {_t} from "@web/core/l10n/translation";
import {ConnectionLostError, RPCError} from "@web/core/network/rpc";

const USER_FACING = /^odoo\.(exceptions|addons\.messaging_inbox)\./;

/** The sentence to show for a failed call: the server's own where it speaks to people. */
export function sentenceOf(error) {
    if (error instanceof ConnectionLostError) {
        return _t("The connection to the server was lost. Try again.");
    }
    if (error instanceof RPCError && USER_FACING.test(error.exceptionName || "")) {
        return error.data?.message || error.message;
    }
    return _t("Something went wrong on the server. Try again.");
}

/** True when the server says that this isn't for this user, or not any more. */
export function isForbidden(error) {
    return (
        error instanceof RPCError &&
        error.exceptionName === "odoo.exceptions.AccessError"
    );
}

/** True when the server has answered, so that we know that it did not act. */
export function isRefusal(error) {
    return error instanceof RPCError;
}
