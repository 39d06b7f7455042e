from werkzeug.exceptions import abort

from odoo import http
from odoo.api import SUPERUSER_ID
from odoo.http import Response, request

from ..models.account.account import WEBHOOK_PATH
from ..providers.errors import InvalidPayload, InvalidSignature
from ..providers.events import WebhookRequest
from ..tools.transactions import read_committed

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def _longest_body(_controller):
    """Return the maximum body length; Odoo calls this before it reads the body.

    Requests without a plausible signature are refused here, before their body costs
    anything.
    """
    received = request.httprequest
    account = _account(received.path.rpartition("/")[2])
    if account is None:
        _refuse(404)
    if received.method != "POST":
        return 0
    provider = account.provider
    if not provider.looks_signed(received.headers):
        _refuse(403)
    if received.mimetype == FORM:
        return _longest_form(received, provider)
    # No provider posts multipart forms: their parts can't be signed.
    return _refuse(403) if received.mimetype == MULTIPART else provider.max_body


def _longest_form(received, provider):
    """Return the maximum length; refuse too many fields, which are slow to parse."""
    if not provider.max_form:
        _refuse(403)
    received.max_content_length = provider.max_form
    if received.get_data(parse_form_data=False).count(b"&") >= provider.max_fields:
        _refuse(403)
    return provider.max_form


def _refuse(status):
    abort(Response(status=status))


def _account(token):
    env = request.env(user=SUPERUSER_ID, su=True)
    return env["messaging.account"]._webhook_account(token)


class MessagingWebhook(http.Controller):
    """The webhook of all providers: find the account, verify, process, answer."""

    # auth none: providers have no user. csrf off: the requests are signed instead.
    @http.route(
        f"{WEBHOOK_PATH}<string:token>",
        type="http",
        auth="none",
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
        readonly=False,
        max_content_length=_longest_body,
    )
    def webhook(self, token, **_params):
        read_committed(request.env.cr)
        env = request.env(user=SUPERUSER_ID, su=True)
        account = _account(token)
        if account is None:
            return Response(status=404)
        provider, webhook_request = account.provider, _webhook_request(account.url)
        answer = provider.handshake(webhook_request)
        if answer is not None:
            if answer.status == 200:
                env["messaging.receipt"]._keep_handshake(account.id)
            return _response(answer)
        try:
            provider.verify(webhook_request)
        except InvalidSignature:
            env["messaging.refusal"]._count(account.id)
            return Response(status=403)
        self._process(env, account, webhook_request)
        return _response(provider.ack)

    def _process(self, env, account, webhook_request):
        try:
            events = account.provider.parse(webhook_request)
        except InvalidPayload as error:
            env["messaging.receipt"]._keep(account.id, webhook_request, error)
            return
        env["messaging.ingest"]._receive_request(account.id, webhook_request, events)


def _webhook_request(webhook_url):
    """Return Odoo's request as a ``WebhookRequest``.

    The provider signed the address that it was given. Behind a proxy, no header
    reproduces it reliably: so the stored address comes first.
    """
    received = request.httprequest
    query = received.query_string.decode("latin-1")
    urls = (f"{webhook_url}?{query}" if query else webhook_url, received.url)
    return WebhookRequest(
        method=received.method,
        urls=urls,
        headers={name.lower(): value for name, value in received.headers.items()},
        query=tuple(received.args.items(multi=True)),
        form=tuple(received.form.items(multi=True)),
        body=b"" if received.mimetype == FORM else received.get_data(),
    )


def _response(answer):
    return Response(answer.body, status=answer.status, content_type=answer.content_type)
