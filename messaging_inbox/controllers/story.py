from odoo import http
from odoo.http import Response, request

# Seconds: long enough to leave a conversation and come back.
MAX_AGE = 300


class MessagingStory(http.Controller):
    """Shows agents the story that a customer replied to, fetched on demand."""

    @http.route(
        "/messaging/story/<int:message_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def story(self, message_id, **_params):
        messages = request.env["messaging.message"]
        message = messages.has_access("read") and messages.search(
            [("id", "=", message_id)]
        )
        story = message and message._story()
        if not story:
            return Response(status=404)
        content, mimetype = story
        headers = {
            "Cache-Control": f"private, max-age={MAX_AGE}",
            "Content-Type": mimetype,
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, headers=headers)
