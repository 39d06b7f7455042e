"""What belongs to the conversations in other tables, written by the database itself."""

# By table: the column of a conversation that names the record, and the columns that
# differ from the example, with their values.
COPIES = {
    "res_partner": (
        "partner_id",
        {
            "name": "c.contact_name",
            "complete_name": "c.contact_name",
            "commercial_partner_id": "c.partner_id",
            "phone": "c.contact_phone",
            "phone_sanitized": "c.contact_phone",
            "messaging_phones": "c.contact_phone",
        },
    ),
    "crm_lead": (
        "lead_id",
        {
            "name": "'Bikes for ' || c.contact_name",
            "phone_state": "CASE WHEN c.contact_phone > '' THEN 'correct' END",
            # Won on the day on which it came
            "date_closed": "CASE WHEN example.date_closed > '-infinity'"
            " THEN c.create_date END",
            "contact_name": "c.contact_name",
            "phone": "c.contact_phone",
            "phone_sanitized": "c.contact_phone",
            "messaging_phones": "c.contact_phone",
        },
    ),
}
COPY = """
    INSERT INTO {table} (id, create_date, write_date, {columns})
    SELECT c.{link}, c.create_date, c.create_date, {values}
      FROM messaging_conversation c
      JOIN messaging_channel channel ON channel.id = c.channel_id
      JOIN LATERAL (SELECT (%(examples)s::jsonb->channel.company_id::text) AS ids) AS e
           ON TRUE
      JOIN {table} example ON example.id
           = (e.ids->>(c.id %% jsonb_array_length(e.ids)))::int
     WHERE c.id >= %(first)s AND c.{link} IS NOT NULL
"""
BLACKLIST = """
    INSERT INTO phone_blacklist (number, active, create_date, write_date)
    SELECT contact_phone, TRUE, min(opted_out_at), min(opted_out_at)
      FROM messaging_conversation WHERE opted_out AND contact_phone IS NOT NULL
     GROUP BY contact_phone ON CONFLICT DO NOTHING
"""
# What was written before they became Agents isn't unread.
NEWCOMERS = """
    UPDATE messaging_availability a
       SET first_message_id = (SELECT max(id) FROM messaging_message
                                WHERE id >= %(message)s AND sent_at <= %(joined)s)
     WHERE user_id = %(user)s
"""


def copy_records(cursor, table, examples, first):
    """Copy an example for each linked conversation.

    ``examples``: {company: ids}. ``first``: the id of the first conversation.
    """
    link, values = COPIES[table]
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
        " AND column_name <> ALL(%s)",
        [table, ["id", "create_date", "write_date"]],
    )
    columns = [name for (name,) in cursor.fetchall()]
    statement = COPY.format(
        table=table,
        link=link,
        columns=", ".join(columns),
        values=", ".join(values.get(name, f"example.{name}") for name in columns),
    )
    cursor.execute(statement, {"examples": examples, "first": first})
