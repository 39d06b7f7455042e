from odoo.exceptions import AccessError, UserError

from ..common import MessagingCase


class TestTags(MessagingCase):
    """Agents tag conversations; managers make the tags of their companies."""

    def setUp(self):
        super().setUp()
        self.tags = self.env["messaging.tag"].create(
            [{"name": "Urgent"}, {"name": "Quote"}]
        )
        self.urgent, self.quote = self.tags
        self.tagged = self.conversation()

    def listed(self, **filters):
        rows = self.tagged.inbox_list("unassigned", filters=filters)["rows"]
        return [row["id"] for row in rows]

    def test_tags_are_added_and_removed_and_published(self):
        self.bus()
        self.tagged.action_tag(self.tags.ids)
        self.assertEqual(self.tagged.tag_ids, self.tags)
        [(_channel, payload)] = self.bus("changed")
        [row] = payload["conversations"]
        self.assertEqual(row["tag_ids"], sorted(self.tags.ids))
        self.tagged.action_tag(remove_ids=self.urgent.ids)
        self.assertEqual(self.tagged.tag_ids, self.quote)

    def test_several_conversations_are_tagged_at_once(self):
        both = self.tagged | self.customers(1)
        both.action_tag(self.urgent.ids)
        self.assertEqual(both.mapped("tag_ids"), self.urgent)

    def test_the_list_filters_by_any_of_the_tags(self):
        self.customers(1)
        other = self.customers(1)
        self.tagged.action_tag(self.urgent.ids)
        other.action_tag(self.quote.ids)
        self.assertEqual(self.listed(tag_ids=self.urgent.ids), self.tagged.ids)
        self.assertCountEqual(
            self.listed(tag_ids=self.tags.ids), (self.tagged | other).ids
        )
        with self.assertRaisesRegex(UserError, "Invalid value for “tag_ids”"):
            self.listed(tag_ids="urgent")

    def test_a_tag_of_another_company_is_refused_and_hidden(self):
        company = self.env["res.company"].create({"name": "Far away"})
        foreign = self.tags.create({"name": "Foreign", "company_id": company.id})
        offered = self.tagged.inbox_init()["tags"]
        self.assertNotIn(foreign.id, [tag["id"] for tag in offered])
        self.assertIn(self.urgent.id, [tag["id"] for tag in offered])
        with self.assertRaises(AccessError):
            self.tagged.action_tag(foreign.ids)
        self.agent.company_ids |= company
        both = self.tagged.with_context(
            allowed_company_ids=[self.env.company.id, company.id]
        )
        with self.assertRaisesRegex(UserError, "“Foreign” belongs to another company"):
            both.action_tag(foreign.ids)

    def test_only_managers_make_tags(self):
        Tag = self.env["messaging.tag"]
        self.assertTrue(Tag.with_user(self.manager).create({"name": "New"}))
        for change in (
            lambda: Tag.with_user(self.agent).create({"name": "New"}),
            lambda: self.urgent.with_user(self.agent).write({"name": "Old"}),
            lambda: self.urgent.with_user(self.agent).unlink(),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_a_hidden_conversation_cannot_be_tagged(self):
        secret = self.conversation(channel=self.private)
        for user in (self.agent, self.manager, self.stranger, self.employee):
            with self.assertRaises(AccessError):
                secret.with_user(user).action_tag(self.urgent.ids)

    def test_tags_are_written_by_the_action_only(self):
        with self.assertRaises(AccessError):
            self.tagged.write({"tag_ids": [(4, self.urgent.id)]})

    def test_a_deleted_tag_disappears_from_its_conversations(self):
        self.tagged.action_tag(self.tags.ids)
        self.urgent.unlink()
        self.assertEqual(self.tagged.tag_ids, self.quote)
