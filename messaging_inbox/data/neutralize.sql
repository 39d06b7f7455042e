-- A copy of a database must never answer customers: no secret, no connection, nothing
-- waiting to leave. The webhook address stays, so that nobody re-registers a wrong one.
UPDATE messaging_account
   SET state = 'draft',
       error_message = NULL,
       api_base_url = NULL,
       meta_app_secret_stored = NULL,
       meta_access_token_stored = NULL,
       meta_verify_token_stored = md5(random()::text),
       twilio_auth_token_stored = NULL,
       twilio_api_key_secret_stored = NULL;
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
