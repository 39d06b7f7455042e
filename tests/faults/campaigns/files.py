"""The filestore is full while customers send files."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.support.phone import file
from tests.e2e.test_media import png
from tests.faults.campaigns.registry import LeftOut, fault
from tests.nodes.load import Written
from tests.waiting import eventually
from tools.dev.places import FILESTORES

ROOM = 256 * 1024 * 1024
SIZE = 200 * 1024
FILES = 3


@dataclass
class Disk:
    """A disk in memory; ``path`` is where it is mounted."""

    path: Path

    def fill(self):
        """Shrink it to what is on it; a write in between refuses that."""
        eventually(self._shrink, what="a full disk")

    def _shrink(self):
        found = os.statvfs(self.path)
        try:
            self._resize((found.f_blocks - found.f_bfree) * found.f_frsize)
        except LeftOut:
            return False
        return True

    def empty(self):
        self._resize(ROOM)

    def _resize(self, size):
        _mount("-o", f"remount,size={size}", self.path)


def _mount(*arguments):
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise LeftOut(f"It needs a disk of its own: {done.stderr.strip()}")


@contextmanager
def small_disk(ground):
    """Put the filestore on a disk of its own, and back; only root may do so."""
    folder = FILESTORES / ground.database.name
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name(f"{folder.name}-disk")
    aside.mkdir()
    try:
        _mount("-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", aside)
        shutil.copytree(folder, aside, dirs_exist_ok=True)
        _mount("--bind", aside, folder)
        try:
            yield Disk(aside)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
            shutil.copytree(aside, folder, dirs_exist_ok=True)
            subprocess.run(["umount", "--lazy", aside], check=True)
    finally:
        aside.rmdir()


@fault("the disk of the filestore is full while files arrive", 16, around=small_disk)
def filestore_full(ground, disk):
    disk.fill()
    try:
        for customer, _conversation in ground.random.sample(ground.spare, FILES):
            _send_file(ground, customer)
        ground.seconds(0.3, 1)
    finally:
        disk.empty()


def _send_file(ground, customer):
    content = png() + os.urandom(SIZE)
    media = [file("picture.png", content, "image/png")]
    answer = ground.phone.write(customer, media=media)
    [message], [webhook] = answer["messages"], answer["webhooks"]
    written = Written("", sid=message["sid"], tries=webhook["attempts"])
    written.taken, written.content = webhook["status"] == 200, content
    ground.load.inbound.append(written)
