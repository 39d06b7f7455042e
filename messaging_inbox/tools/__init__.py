"""Plain Python shared by models and controllers, without Odoo models."""
