const CONVERSATION = "messaging.conversation";
const PARTNER = "res.partner";
const OFFERED = 8;

/** The RPC calls that start a conversation; `links` is {partnerId, leadId}. */
export class StartingApi {
    constructor(orm) {
        this.quiet = orm.silent;
    }

    options(links) {
        return this.quiet.call(CONVERSATION, "start_options", [], idsOf(links));
    }

    check(channelId, recipient, links) {
        const args = [channelId, recipient];
        return this.quiet.call(CONVERSATION, "start_check", args, idsOf(links));
    }

    start(channelId, recipient, links) {
        const args = [channelId, recipient];
        return this.quiet.call(CONVERSATION, "action_start", args, idsOf(links));
    }

    cancel(id) {
        return this.quiet.call(CONVERSATION, "action_cancel_start", [[id]]);
    }

    templates(channelId, links) {
        const args = [channelId];
        return this.quiet.call("messaging.template", "choices", args, idsOf(links));
    }

    contacts(query) {
        const domain = [["complete_name", "ilike", query]];
        const fields = ["display_name", "phone"];
        return this.quiet.searchRead(PARTNER, domain, fields, {limit: OFFERED});
    }
}

function idsOf({partnerId, leadId}) {
    return {partner_id: partnerId || false, lead_id: leadId || false};
}
