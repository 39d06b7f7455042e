"""The decisions about fields: what each role may read of a record that it sees."""

# Fields that Agents and managers may read of a record that they see.
FIELDS = {
    "messaging.account": """
        active can_transfer channel_count channel_ids checklist company_id
        error_message failed_receipt_count failed_receipt_ids has_channels has_history
        has_missed has_templates history_days installer_id last_error last_error_at
        last_inbound_at last_status_at meta_access_token meta_app_id meta_app_secret
        meta_human_agent meta_verify_token missed name provider reachability_warning
        receipt_ids registered_at state status template_count templates_error
        templates_synced_at transfer_ids twilio_account_sid twilio_api_key_secret
        twilio_api_key_sid twilio_auth_token twilio_shared_secret waiting warning
        webhook_url whatsapp_access_token whatsapp_app_id whatsapp_app_secret
        whatsapp_pin whatsapp_verify_token
    """,
    "messaging.account.transfer": """
        account_id from_id to_id
    """,
    "messaging.availability": """
        available changed_at first_message_id user_id
    """,
    "messaging.channel": """
        access_epoch account_id active address can_show_reading company_id daily_limit
        files_kept files_kept_unit has_history history_count history_error
        history_fetched_at installer_id kind language last_error last_error_at
        last_inbound_at last_status_at may_set_kept messages_kept messages_kept_unit
        name name_state notice notice_at notice_code provider_reference quality
        sending_paused_until sends_through_service service_name service_reference
        shows_reading status visibility warning webhooks_kept webhooks_kept_unit
    """,
    "messaging.consent": """
        channel_id channel_name conversation_id customer customer_hash erased_at
        happened_at kind message_reference number source user_id user_name words
    """,
    "messaging.conversation": """
        assignable_user_ids blank_for channel_id company_id consent_ids contact_name
        contact_phone
        contact_username dismissed_partner_ids first_reply_hours history_message_id
        identity_ids inbound_count is_snoozed kind last_inbound_at
        last_inbound_message_id last_message_at last_message_id last_message_preview
        latest_message_ids lead_id
        message_ids note_window_ids notes_due notifications_due notified_message_id
        opt_out_message_id opt_out_source opted_out opted_out_at opted_out_by_id
        outbound_count partner_id picture picture_key profile_at
        profile_due reply_until returning_user_id section
        snoozed_by_id snoozed_until starter_id state tag_ids unread_count user_id
        waiting_hours waiting_message_id waiting_since
    """,
    "messaging.identity": """
        channel_id conversation_id external_id unreachable_at
    """,
    "messaging.media": """
        attachment_id attempts content_type error expires_at message_id name next_try_at
        position state
    """,
    "messaging.message": """
        attachment_ids attempts author_id body channel_id client_uuid conversation_id
        data direction error_code error_detail event_from event_to event_type
        failure_reason file_names kind media_ids next_try_at part provider_message_id
        reason reply_to_id sent_at state
    """,
    "messaging.note.window": """
        assignee author_id body_hash conversation_id copies head_hash last_message_id
        latest_at lead_id mail_message_id message_count message_ids partner_id stale
        started_at state
    """,
    "messaging.notification": """
        conversation_id due_at kind mail_id message_id seen sent_at state user_id
    """,
    "messaging.participation": """
        conversation_id draft has_new_mention last_read_message_id mention_message_id
        start_due start_lead_id start_partner_id started_at user_id
    """,
    "messaging.reaction": """
        attempts author_id emoji error_code error_detail message_id next_try_at reason
        state
    """,
    "messaging.read.mark": """
        attempts conversation_id message_id next_try_at typing_at
    """,
    "messaging.receipt": """
        account_id attempts body error kind next_try_at state
    """,
    "messaging.refusal": """
        account_id called count last_at since
    """,
    "messaging.scheduled": """
        after_message_id attachment_ids author_id body cancel_on_answer client_uuid
        conversation_id reason reply_to_id send_at template
    """,
    "messaging.tag": """
        active color company_id name
    """,
    "messaging.template": """
        account_id active advice binding_ids bindings body buttons category channel_ids
        company_id footer header is_draft is_gone language language_choice language_name
        media_kind media_url name needs_approval provider_reference quality
        rejection_reason sample_attachment_id sample_name samples state submission_error
        submitting_at use variable_names
    """,
    "messaging.template.binding": """
        field_path source source_model template_id variable
    """,
    "messaging.tombstone": """
        hash
    """,
}

# Further fields for managers and system administrators.
MANAGER_FIELDS = {"messaging.channel": "replaced_webhook"}
# Further fields for system administrators.
SYSTEM_FIELDS = {
    "messaging.account": "api_base_url",
    "messaging.media": "url",
}

# Fields that the addon adds to models of others, and who may read them of a record that
# they may read: the rules of that model decide about the record.
EMPLOYEES = "employee system agent manager installer stranger"
_EVERYBODY = f"public portal {EMPLOYEES}"
_INTERNAL_AGENTS = "agent manager installer stranger"
_SWITCHES = [
    f"messaging_notify_{which}_{way}"
    for which in ("mine", "others", "unassigned", "assigned")
    for way in ("desktop", "email")
]
FIELDS_ELSEWHERE = {
    "bus.bus": {"messaging_about": ""},
    "crm.lead": {
        "messaging_can_start": _INTERNAL_AGENTS,
        "messaging_conversation_count": _INTERNAL_AGENTS,
        "messaging_phones": _INTERNAL_AGENTS,
    },
    "ir.attachment": {"messaging_thumbnail": EMPLOYEES},
    "mail.canned.response": {"messaging_attachment_ids": EMPLOYEES},
    "mail.push.device": {"messaging_pushed_at": "system"},
    "res.company": {"messaging_sms_button": _EVERYBODY},
    "res.config.settings": {"messaging_sms_button": "system"},
    "res.partner": {
        "messaging_can_start": _INTERNAL_AGENTS,
        "messaging_consent_ids": _INTERNAL_AGENTS,
        "messaging_conversation_count": _INTERNAL_AGENTS,
        "messaging_opt_out": _INTERNAL_AGENTS,
        "messaging_phones": _EVERYBODY,
    },
    "res.users": {
        "messaging_available": _EVERYBODY,
        "messaging_is_agent": _EVERYBODY,
        "messaging_notify_repeat": _EVERYBODY,
        **dict.fromkeys(_SWITCHES, _EVERYBODY),
    },
    "res.users.settings": {
        "messaging_notify_repeat": EMPLOYEES,
        "messaging_take_on_reply": EMPLOYEES,
        **dict.fromkeys(_SWITCHES, EMPLOYEES),
    },
}
