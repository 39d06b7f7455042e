from odoo.tests import HttpCase, tagged

OURS = "registration.getNotifications({tag: options.tag})"
ODOOS = "async function handlePushEvent(notification)"


@tagged("post_install", "-at_install")
class TestServiceWorker(HttpCase):
    """The service worker, which runs when no tab is open."""

    def worker(self):
        return self.url_open("/web/service-worker.js").text

    def test_our_listener_runs_before_odoos(self):
        self.authenticate("admin", "admin")
        worker = self.worker()
        self.assertIn(OURS, worker)
        self.assertLess(worker.index(OURS), worker.index(ODOOS))

    def test_visitors_do_not_get_our_code(self):
        self.assertNotIn(OURS, self.worker())
