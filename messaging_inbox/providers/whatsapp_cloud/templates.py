"""Reads, creates and submits templates."""

from __future__ import annotations

from ..events import Template
from .app import App


def templates(app: App) -> list[Template]:
    """Return all templates of the account's business accounts."""
    raise NotImplementedError


def create(app: App, template: Template) -> Template:
    """Create a template, which submits it, and return it with its state."""
    raise NotImplementedError
