-- A copy of a database must never answer customers: no secret, no connection, nothing
-- waiting to leave. The webhook address stays, so that nobody re-registers a wrong one.
UPDATE messaging_account
   SET state = 'draft',
       error_message = NULL,
       api_base_url = NULL;
-- Secrets of every provider, whichever there are: each is kept in a column of this name.
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
-- It may hold the tokens of Pages.
DELETE FROM messaging_connect;
UPDATE messaging_message
   SET state = 'failed',
       reason = 'other',
       error_code = NULL,
       error_detail = 'not in a copy of the database',
       next_try_at = NULL
 WHERE direction = 'outbound' AND state IN ('queued', 'sending');
UPDATE messaging_media
   SET state = 'failed', error = 'Not in a copy of the database.', next_try_at = NULL
 WHERE state = 'pending';
DELETE FROM messaging_notification WHERE state = 'waiting';
UPDATE messaging_conversation SET notifications_due = FALSE WHERE notifications_due;
