const CONVERSATION = "messaging.conversation";
const LEAD = "crm.lead";
const OFFERED = 8;

/** The right pane's RPC calls: the records linked to a conversation. */
export class RecordsApi {
    constructor(orm) {
        this.orm = orm;
        this.quiet = orm.silent;
    }

    details(id) {
        return this.quiet.call(CONVERSATION, "inbox_details", [id]);
    }

    // Linking -----------------------------------------------------------------

    suggestions(id) {
        return this.quiet.call(CONVERSATION, "inbox_suggestions", [id]);
    }

    search(id, model, query) {
        return this.quiet.call(CONVERSATION, "inbox_link_search", [id, model, query], {
            limit: OFFERED,
        });
    }

    link(id, links) {
        return this.orm.call(CONVERSATION, "action_link", [[id]], links);
    }

    unlinkPartner(id) {
        return this.orm.call(CONVERSATION, "action_unlink_partner", [[id]]);
    }

    unlinkLead(id) {
        return this.orm.call(CONVERSATION, "action_unlink_lead", [[id]]);
    }

    notThisPerson(id, partnerId) {
        return this.orm.call(CONVERSATION, "action_not_this_person", [[id]], {
            partner_id: partnerId,
        });
    }

    // Documents ---------------------------------------------------------------

    documents(id, query) {
        return this.quiet.call(CONVERSATION, "inbox_documents", [id], {query});
    }

    attachDocument(id, model, documentId) {
        const args = [id, model, documentId];
        return this.orm.call(CONVERSATION, "inbox_attach_document", args);
    }

    documentLink(id, model, documentId) {
        const args = [id, model, documentId];
        return this.orm.call(CONVERSATION, "inbox_document_link", args);
    }

    // Creating ----------------------------------------------------------------

    partnerDefaults(id) {
        return this.quiet.call(CONVERSATION, "inbox_partner_defaults", [id]);
    }

    partnerDuplicates(id, values) {
        return this.quiet.call(CONVERSATION, "inbox_partner_duplicates", [id, values]);
    }

    createPartner(id, values) {
        return this.orm.call(CONVERSATION, "action_create_partner", [[id], values]);
    }

    leadDefaults(id, type) {
        return this.quiet.call(CONVERSATION, "inbox_lead_defaults", [id, type]);
    }

    leadDuplicates(id, values) {
        return this.quiet.call(CONVERSATION, "inbox_lead_duplicates", [id, values]);
    }

    createLead(id, values, type) {
        return this.orm.call(CONVERSATION, "action_create_lead", [[id], values, type]);
    }

    // The deal ----------------------------------------------------------------

    writeLead(leadId, values) {
        return this.orm.write(LEAD, [leadId], values);
    }

    setWon(leadId) {
        return this.orm.call(LEAD, "action_set_won", [[leadId]]);
    }

    restore(leadId) {
        return this.orm.call(LEAD, "action_restore", [[leadId]]);
    }

    async salespeople(query) {
        const found = await this.quiet.call("res.users", "name_search", [query], {
            domain: [["share", "=", false]],
            limit: OFFERED,
        });
        return found.map(([id, name]) => ({id, name}));
    }

    activityDone(activityId) {
        return this.orm.call("mail.activity", "action_feedback", [[activityId]]);
    }
}
