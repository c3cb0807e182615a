"""Follow-ups: what is due, what was offered, and who is in the conversation.

Why: an offer needs a moment, a reason and an answer, and one person may write on two channels.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "codes",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("code_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "code_id", name=op.f("pk_codes")),
    )
    op.create_index("ix_codes_phone", "codes", ["phone", "sent_at"], unique=False)
    op.create_table(
        "coupons",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("percent", sa.SmallInteger(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.CheckConstraint("percent BETWEEN 1 AND 90", name=op.f("ck_coupons_percent_share")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_coupons")),
        sa.UniqueConstraint(
            "customer_id", "offer_id", name=op.f("uq_coupons_customer_id_offer_id")
        ),
    )
    op.create_table(
        "decisions",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column(
            "details",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision IN ('planned', 'held', 'sent', 'not_sent', 'cancelled', 'answered')",
            name=op.f("ck_decisions_decision_known"),
        ),
        sa.PrimaryKeyConstraint("customer_id", "decision_id", name=op.f("pk_decisions")),
    )
    op.create_table(
        "due",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("due_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        sa.Column(
            "about",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('browse', 'anniversary', 'birthday')", name=op.f("ck_due_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'cancelled')", name=op.f("ck_due_state_known")
        ),
        sa.PrimaryKeyConstraint("customer_id", "due_id", name=op.f("pk_due")),
        sa.UniqueConstraint(
            "customer_id", "kind", "occurrence", name=op.f("uq_due_customer_id_kind_occurrence")
        ),
    )
    op.create_index(
        "ix_due_waiting",
        "due",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "event_messages",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_event_messages")),
    )
    op.create_table(
        "hand_overs",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("hand_over_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address_id", sa.BigInteger(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('web', 'sms')", name=op.f("ck_hand_overs_channel_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken', 'closed')", name=op.f("ck_hand_overs_state_known")
        ),
        sa.PrimaryKeyConstraint("customer_id", "hand_over_id", name=op.f("pk_hand_overs")),
    )
    op.create_index(
        "uq_hand_overs_open",
        "hand_overs",
        ["customer_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "links",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('offer', 'consent')", name=op.f("ck_links_kind_known")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_links")),
    )
    op.create_index("ix_links_customer_id", "links", ["customer_id"], unique=False)
    op.create_table(
        "merges",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("merge_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gone", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("moved", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "merge_id", name=op.f("pk_merges")),
    )
    op.create_table(
        "offers",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column(
            "about",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("address_id", sa.BigInteger(), nullable=True),
        sa.Column("concession", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("of_customer_id", sa.Text(), nullable=True),
        sa.Column("of_offer_id", sa.BigInteger(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('web', 'sms')", name=op.f("ck_offers_channel_known")),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'accepted', 'declined', 'postponed', 'bought', "
            "'cancelled', 'not_sent', 'failed')",
            name=op.f("ck_offers_state_known"),
        ),
        sa.PrimaryKeyConstraint("customer_id", "offer_id", name=op.f("pk_offers")),
        sa.UniqueConstraint(
            "customer_id",
            "campaign",
            "occurrence",
            name=op.f("uq_offers_customer_id_campaign_occurrence"),
        ),
    )
    op.create_index("ix_offers_of", "offers", ["of_customer_id", "of_offer_id"], unique=False)
    op.create_table(
        "open_chats",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "process", name=op.f("pk_open_chats")),
    )
    op.add_column("outbox", sa.Column("offer_id", sa.BigInteger(), nullable=True))
    op.add_column("outbox", sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True))
    # ### end Alembic commands ###
    op.drop_constraint(op.f("ck_consents_action_known"), "consents", type_="check")
    op.create_check_constraint(
        op.f("ck_consents_action_known"),
        "consents",
        "action IN ('requested', 'given', 'refused', 'withdrawn', 'reopened')",
    )
    op.drop_constraint(op.f("ck_outbox_purpose_known"), "outbox", type_="check")
    op.create_check_constraint(
        op.f("ck_outbox_purpose_known"),
        "outbox",
        "purpose IN ('answer', 'stop_confirmation', 'start_confirmation', 'help', "
        "'code', 'consent_request', 'consent_result', 'hand_over', 'offer')",
    )
