-- Shift the demo conversations to the present, in a copy of an older database. Their
-- times are relative to the time of loading, which is the account's create_date.
WITH age AS (
    SELECT now() AT TIME ZONE 'UTC' - account.create_date AS span
      FROM messaging_account account
      JOIN ir_model_data data ON data.res_id = account.id
     WHERE data.module = 'messaging_inbox' AND data.name = 'demo_account'
), demo AS (
    SELECT res_id AS id FROM ir_model_data
     WHERE module = 'messaging_inbox' AND name LIKE 'demo\_conversation\_%'
), moved AS (
    UPDATE messaging_message message
       SET sent_at = sent_at + span, next_try_at = next_try_at + span
      FROM age WHERE conversation_id IN (SELECT id FROM demo)
), conversations AS (
    UPDATE messaging_conversation conversation
       SET create_date = create_date + span,
           last_message_at = last_message_at + span,
           waiting_since = waiting_since + span,
           last_inbound_at = last_inbound_at + span
      FROM age WHERE id IN (SELECT id FROM demo)
)
UPDATE messaging_account account SET create_date = now() AT TIME ZONE 'UTC'
  FROM ir_model_data data
 WHERE data.res_id = account.id
   AND data.module = 'messaging_inbox' AND data.name = 'demo_account';
