import {browser} from "@web/core/browser/browser";
import {RecordsApi} from "./records_api";
import {user} from "@web/core/user";

const CONVERSATION = "messaging.conversation";
const SCHEDULED = "messaging.scheduled";

/** The inbox's RPC calls, one method per call. */
export class InboxApi {
    constructor(orm) {
        this.orm = orm;
        this.quiet = orm.silent;
        this.records = new RecordsApi(orm);
    }

    init() {
        return this.quiet.call(CONVERSATION, "inbox_init");
    }

    counters() {
        return this.quiet.call(CONVERSATION, "inbox_counters");
    }

    list({section, query, channelId, filters, order, before, limit}) {
        return this.quiet.call(CONVERSATION, "inbox_list", [section], {
            query,
            channel_id: channelId,
            filters,
            order,
            before,
            limit,
        });
    }

    rows(ids) {
        return this.quiet.call(CONVERSATION, "inbox_rows", [ids]);
    }

    /** Return the rows of a contact's, lead's or deal's conversations. */
    linked(model, id) {
        return this.quiet.call(CONVERSATION, "inbox_linked", [model, id]);
    }

    /** Load a conversation; `ahead` of its opening, which marks nothing as seen. */
    open(id, ahead = false) {
        return this.quiet.call(CONVERSATION, "inbox_open", [id], {ahead});
    }

    messagesBefore(id, messageId) {
        return this.quiet.call(CONVERSATION, "inbox_messages", [id, messageId]);
    }

    messagesAfter(id, messageId) {
        return this.quiet.call(CONVERSATION, "inbox_messages", [id], {
            after: messageId,
        });
    }

    around(id, messageId) {
        return this.quiet.call(CONVERSATION, "inbox_around", [id, messageId]);
    }

    find(id, query) {
        return this.quiet.call(CONVERSATION, "inbox_find", [id, query]);
    }

    searchMessages({query, before, filters}) {
        return this.quiet.call(CONVERSATION, "inbox_search_messages", [query], {
            before,
            filters,
        });
    }

    messageValues(ids) {
        return this.quiet.call(CONVERSATION, "inbox_message_values", [ids]);
    }

    /** Return who may get all of the conversations. */
    assignees(ids) {
        return this.quiet.call(CONVERSATION, "inbox_assignees", [ids]);
    }

    saveDraft(id, body) {
        return this.quiet.call(CONVERSATION, "inbox_save_draft", [id, body]);
    }

    convertFile(id, attachmentId) {
        return this.quiet.call(CONVERSATION, "inbox_convert_file", [id, attachmentId]);
    }

    otherConversations(id) {
        return this.quiet.call(CONVERSATION, "inbox_other_conversations", [id]);
    }

    cannedReplies() {
        return this.quiet.call(CONVERSATION, "inbox_canned_replies");
    }

    useCannedReply(id, cannedId) {
        return this.orm.call(CONVERSATION, "inbox_use_canned_reply", [id, cannedId]);
    }

    reply(id, {body, attachmentIds, clientUuid, replyToId, expectedLastId, place}) {
        return this.quiet.call(CONVERSATION, "reply", [[id]], {
            body,
            attachment_ids: attachmentIds,
            client_uuid: clientUuid,
            reply_to_id: replyToId,
            expected_last_id: expectedLastId,
            place,
        });
    }

    /** Return the places to offer: `{label, address, latitude, longitude}`. */
    places(id) {
        return this.quiet.call(CONVERSATION, "inbox_places", [id]);
    }

    /** Queue a message made of a template; `values` maps its variables to texts. */
    sendTemplate(id, {templateId, values, clientUuid, attachmentIds, expectedLastId}) {
        return this.quiet.call(CONVERSATION, "send_template", [[id]], {
            template_id: templateId,
            values,
            client_uuid: clientUuid,
            attachment_ids: attachmentIds,
            expected_last_id: expectedLastId,
        });
    }

    templateChoices(channelId, conversationId) {
        return this.quiet.call("messaging.template", "choices", [], {
            channel_id: channelId,
            conversation_id: conversationId,
        });
    }

    note(id, {body, attachmentIds, clientUuid, mentionIds}) {
        return this.quiet.call(CONVERSATION, "action_note", [[id]], {
            body,
            attachment_ids: attachmentIds,
            client_uuid: clientUuid,
            mention_ids: mentionIds,
        });
    }

    presence(id, state, isNew, isNote) {
        return this.quiet.call(CONVERSATION, "inbox_presence", [id, state], {
            is_new: isNew,
            at: Date.now(),
            is_note: isNote,
        });
    }

    /** Report as `presence` does, from a page that may be about to close. */
    leavePage(id) {
        const method = "inbox_presence";
        const kwargs = {at: Date.now()};
        const params = {model: CONVERSATION, method, args: [id, "gone"], kwargs};
        const body = JSON.stringify({jsonrpc: "2.0", method: "call", params});
        browser.navigator.sendBeacon(
            `/web/dataset/call_kw/${CONVERSATION}/${method}`,
            new Blob([body], {type: "application/json"})
        );
    }

    scheduled(id) {
        return this.quiet.call(CONVERSATION, "inbox_scheduled", [id]);
    }

    schedule(id, message) {
        return this.orm.call(CONVERSATION, "action_schedule", [[id]], message);
    }

    sendScheduledNow(id) {
        return this.orm.call(SCHEDULED, "action_send_now", [[id]]);
    }

    reschedule(id, sendAt) {
        return this.orm.call(SCHEDULED, "action_reschedule", [[id], sendAt]);
    }

    takeBackScheduled(id) {
        return this.orm.call(SCHEDULED, "action_take_back", [[id]]);
    }

    discardScheduled(id) {
        return this.orm.call(SCHEDULED, "action_discard", [[id]]);
    }

    assign(id, userId, expectedUserId) {
        return this.orm.call(CONVERSATION, "action_assign", [[id]], {
            user_id: userId,
            expected_user_id: expectedUserId,
        });
    }

    snooze(id, until) {
        return this.orm.call(CONVERSATION, "action_snooze", [[id]], {until});
    }

    unsnooze(id) {
        return this.orm.call(CONVERSATION, "action_unsnooze", [[id]]);
    }

    tag(id, addIds, removeIds) {
        return this.orm.call(CONVERSATION, "action_tag", [[id]], {
            add_ids: addIds,
            remove_ids: removeIds,
        });
    }

    /** Create a tag, as managers may; return it. */
    async createTag(name) {
        const fields = ["name", "color"];
        const [id] = await this.orm.create("messaging.tag", [{name}]);
        const [tag] = await this.orm.read("messaging.tag", [id], fields);
        return tag;
    }

    /** Change many conversations; the answer says what undoes it. */
    apply(ids, action, value) {
        return this.orm.call(CONVERSATION, "action_apply", [ids, action, value]);
    }

    undo(steps) {
        return this.orm.call(CONVERSATION, "action_undo", [steps]);
    }

    close(id) {
        return this.orm.call(CONVERSATION, "action_close", [[id]]);
    }

    optOut(id) {
        return this.orm.call(CONVERSATION, "action_opt_out", [[id]]);
    }

    undoOptOut(id) {
        return this.orm.call(CONVERSATION, "action_undo_opt_out", [[id]]);
    }

    optIn(id, reason) {
        return this.orm.call(CONVERSATION, "action_opt_in", [[id]], {reason});
    }

    reopen(id) {
        return this.orm.call(CONVERSATION, "action_reopen", [[id]]);
    }

    markRead(id) {
        return this.quiet.call(CONVERSATION, "action_mark_read", [[id]]);
    }

    markUnread(id) {
        return this.orm.call(CONVERSATION, "action_mark_unread", [[id]]);
    }

    remove(id) {
        return this.orm.unlink(CONVERSATION, [id]);
    }

    retryMessage(id) {
        return this.orm.call("messaging.message", "action_retry", [[id]]);
    }

    react(id, emoji) {
        return this.orm.call("messaging.message", "action_react", [[id]], {emoji});
    }

    retryDownload(mediaId) {
        return this.orm.call("messaging.media", "action_retry", [[mediaId]]);
    }

    async isAvailable(userId) {
        const fields = ["messaging_available"];
        const [answer] = await this.quiet.read("res.users", [userId], fields);
        return answer.messaging_available;
    }

    setAvailable(userId, available) {
        return this.orm.call(
            "res.users",
            "action_messaging_set_available",
            [[userId]],
            {available}
        );
    }

    notificationSettings() {
        return this.quiet.call("res.users", "messaging_notification_settings", [
            [user.userId],
        ]);
    }

    saveNotifications(values) {
        return this.orm.call("res.users", "action_messaging_save_notifications", [
            [user.userId],
            values,
        ]);
    }

    testNotification(method) {
        return this.orm.call("res.users", "action_messaging_test_notification", [
            [user.userId],
            method,
        ]);
    }

    removeFile(attachmentId) {
        return this.quiet.unlink("ir.attachment", [attachmentId]);
    }
}
