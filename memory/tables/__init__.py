"""The tables: constraints live here, verbs in the module of their noun. Every per-customer table
leads with `customer_id`, so that the store can be distributed by it; the listed exceptions are in
ARCHITECTURE.md.
"""

from __future__ import annotations

from memory.tables.company import hand_overs as hand_overs
from memory.tables.company import open_chats as open_chats
from memory.tables.company import staff_accesses as staff_accesses
from memory.tables.company import staff_alarms as staff_alarms
from memory.tables.company import staff_tokens as staff_tokens
from memory.tables.company import voice_items as voice_items
from memory.tables.done import event_messages as event_messages
from memory.tables.done import events as events
from memory.tables.done import order_lines as order_lines
from memory.tables.done import orders as orders
from memory.tables.done import point_balances as point_balances
from memory.tables.done import points as points
from memory.tables.live import clock as clock
from memory.tables.live import imports as imports
from memory.tables.live import parts as parts
from memory.tables.live import products as products
from memory.tables.live import releases as releases
from memory.tables.live import shop as shop
from memory.tables.messages import inbox as inbox
from memory.tables.messages import outbox as outbox
from memory.tables.offered import coupons as coupons
from memory.tables.offered import decisions as decisions
from memory.tables.offered import due as due
from memory.tables.offered import links as links
from memory.tables.offered import offers as offers
from memory.tables.permission import consents as consents
from memory.tables.permission import permissions as permissions
from memory.tables.permission import suppressions as suppressions
from memory.tables.said import conversations as conversations
from memory.tables.said import facts as facts
from memory.tables.said import muted_topics as muted_topics
from memory.tables.said import turns as turns
from memory.tables.said import word_frequencies as word_frequencies
from memory.tables.schema import metadata as metadata
from memory.tables.who import address_lookup as address_lookup
from memory.tables.who import addresses as addresses
from memory.tables.who import codes as codes
from memory.tables.who import customers as customers
from memory.tables.who import erasures as erasures
from memory.tables.who import merges as merges
from memory.tables.who import sessions as sessions
