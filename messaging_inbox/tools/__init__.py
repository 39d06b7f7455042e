"""Plain Python that models and controllers share: no model of Odoo stands here."""
