-- Takes away what the addon's tables got since 27 November 2026 (commit 0043836): so an
-- upgrade of a database from then is tried without the code of then.
DROP TABLE messaging_scheduled, messaging_read_mark, messaging_reaction,
    messaging_template_binding, messaging_template, messaging_tag CASCADE;
DROP TABLE IF EXISTS messaging_conversation_messaging_tag_rel,
    messaging_channel_messaging_template_rel, ir_attachment_messaging_scheduled_rel;
ALTER TABLE messaging_account
    DROP twilio_shared_secret_stored, DROP whatsapp_access_token_stored,
    DROP whatsapp_app_secret_stored, DROP whatsapp_pin_stored,
    DROP whatsapp_verify_token_stored, DROP whatsapp_app_id, DROP history_days,
    DROP templates_due, DROP templates_error, DROP templates_synced_at;
ALTER TABLE messaging_channel
    DROP compare_at, DROP compare_error, DROP compared_until, DROP missed_at,
    DROP missed_count, DROP daily_limit, DROP language, DROP name_state, DROP quality,
    DROP sends_through_service, DROP service_name, DROP service_reference,
    DROP shows_reading, DROP history_asked_at, DROP history_attempts,
    DROP history_count, DROP history_error, DROP history_fetched_at,
    DROP history_first_id, DROP history_last_id, DROP history_next_at,
    DROP history_since, DROP history_until;
ALTER TABLE messaging_conversation
    ADD opt_out_recorded boolean,
    DROP blank_for, DROP contact_username, DROP history_message_id, DROP is_snoozed,
    DROP opt_out_message_id, DROP opt_out_source, DROP opted_out_at,
    DROP opted_out_by_id, DROP snoozed_by_id, DROP snoozed_until, DROP starter_id,
    DROP waiting_message_id, DROP waiting_since;
ALTER TABLE messaging_identity DROP unreachable_at;
ALTER TABLE messaging_message DROP file_names;
ALTER TABLE messaging_participation
    DROP has_new_mention, DROP mention_message_id, DROP start_due,
    DROP start_lead_id, DROP start_partner_id, DROP started_at;
ALTER TABLE res_company DROP messaging_sms_button;
ALTER TABLE res_users_settings DROP messaging_take_on_reply;
