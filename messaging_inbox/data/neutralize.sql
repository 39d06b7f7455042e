-- A copy of a database must never write to customers: remove secrets, connections and
-- queued messages. The webhook address stays, so that no wrong one gets registered.
UPDATE messaging_account
   SET state = 'draft',
       error_message = NULL,
       api_base_url = NULL;
-- The secrets of all providers: their columns end in _stored.
DO $$
DECLARE
    secret record;
BEGIN
    FOR secret IN
        SELECT table_name, column_name
          FROM information_schema.columns
         WHERE table_schema = current_schema
           AND table_name IN ('messaging_account', 'messaging_channel')
           AND column_name LIKE '%\_stored'
    LOOP
        EXECUTE format(
            'UPDATE %I SET %I = NULL', secret.table_name, secret.column_name);
    END LOOP;
END $$;
-- Tokens that let a monitoring ask for our queues.
DELETE FROM res_users_apikeys WHERE scope = 'messaging_inbox.monitoring';
-- Rows may contain access tokens of Pages.
DELETE FROM messaging_connect;
UPDATE messaging_message
   SET state = 'failed',
       reason = 'other',
       error_code = NULL,
       error_detail = 'not sent from a copy of the database',
       next_try_at = NULL
 WHERE direction = 'outbound' AND state IN ('queued', 'sending');
UPDATE messaging_scheduled
   SET reason = 'Not sent from a copy of the database.'
 WHERE reason IS NULL;
UPDATE messaging_reaction
   SET state = 'failed',
       reason = 'other',
       error_code = NULL,
       error_detail = 'not sent from a copy of the database',
       next_try_at = NULL
 WHERE state <> 'failed';
UPDATE messaging_read_mark SET next_try_at = NULL;
UPDATE messaging_media
   SET state = 'failed', error = 'Not downloaded in a copy of the database.',
       next_try_at = NULL
 WHERE state = 'pending';
DELETE FROM messaging_notification WHERE state = 'waiting';
UPDATE messaging_conversation SET notifications_due = FALSE WHERE notifications_due;
