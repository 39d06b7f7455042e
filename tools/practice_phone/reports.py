"""Reports to Odoo about one of its messages, and the faults injected into them."""

import asyncio


class Reports:
    """The reports about one message; a provider posts each by `_post(*report)`."""

    def __init__(self, phone, message, fault=None):
        self.phone, self.message, self.fault = phone, message, fault
        self.trouble = fault.callbacks if fault else ""
        self._held = []

    async def deliver(self, *report):
        if self.trouble == "drop":
            return
        if self.trouble == "reorder":
            self._held.append(report)
            return
        if self.trouble == "delay":
            await asyncio.sleep(self.fault.seconds)
        copies = 2 if self.trouble == "duplicate" else 1
        await asyncio.gather(*(self._post(*report) for _ in range(copies)))

    async def release(self):
        """Post the reports held back by `reorder`, the last one first."""
        for report in reversed(self._held):
            await self._post(*report)
        self._held = []

    async def _post(self, *report):
        raise NotImplementedError
