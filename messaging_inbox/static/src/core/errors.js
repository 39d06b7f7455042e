import {_t} from "@web/core/l10n/translation";
import {ConnectionLostError, RPCError} from "@web/core/network/rpc";

const USER_FACING = /^odoo\.(exceptions|addons\.messaging_inbox)\./;

/** Return the sentence to show for a failed call: the server's, if meant for users. */
export function sentenceOf(error) {
    if (error instanceof ConnectionLostError) {
        return _t("The connection to the server was lost. Try again.");
    }
    if (error instanceof RPCError && USER_FACING.test(error.exceptionName || "")) {
        return error.data?.message || error.message;
    }
    return _t("Something went wrong on the server. Try again.");
}

/** Return whether the server denied access. */
export function isForbidden(error) {
    return (
        error instanceof RPCError &&
        error.exceptionName === "odoo.exceptions.AccessError"
    );
}

/** Return whether a colleague has answered since the user last saw the conversation. */
export function isOvertaken(error) {
    return (
        error instanceof RPCError &&
        Boolean(error.exceptionName?.endsWith(".AnsweredMeanwhile"))
    );
}

/** Return whether the server answered with an error: then it did nothing. */
export function isRefusal(error) {
    return error instanceof RPCError;
}
