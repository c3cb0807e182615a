-- The same shop some weeks later, at revision 0002: offers, codes, coupons, a person who was called, and
-- two customers who became one.

INSERT INTO codes (customer_id, code_id, phone, salt, digest, tries, sent_at, expires_at, closed_at) VALUES
  ('cus_visitor', 1, '+821034567890', '\x01', '\x02', 1, '2026-11-25 03:00+00', '2026-11-25 03:10+00', NULL),
  ('cus_seoyeon', 2, '+821023456789', '\x03', '\x04', 0, '2026-11-24 03:00+00', '2026-11-24 03:10+00', '2026-11-24 03:01+00');
SELECT setval(pg_get_serial_sequence('codes', 'code_id'), 2);

INSERT INTO due (customer_id, due_id, kind, occurrence, about, due_at, latest, state, reason, created_at, closed_at) VALUES
  ('cus_seoyeon', 1, 'anniversary', '2026', '{"month": 12, "day": 24, "year": 2015, "date": "2026-12-24"}', '2026-12-17 01:00+00', '2026-12-23 11:00+00', 'waiting', NULL, '2026-11-01 00:00+00', NULL),
  ('cus_seoyeon', 2, 'browse', '1', '{"product_id": "ridge-gtx", "category": "hiking_shoes"}', '2026-11-20 04:50+00', NULL, 'done', NULL, '2026-11-20 02:50+00', '2026-11-20 04:51+00'),
  ('cus_ann', 3, 'browse', '2', '{"product_id": "ridge-gtx", "category": "hiking_shoes"}', '2026-11-21 04:50+00', NULL, 'cancelled', 'refused', '2026-11-20 02:50+00', '2026-11-20 04:51+00');
SELECT setval(pg_get_serial_sequence('due', 'due_id'), 3);

INSERT INTO offers (customer_id, offer_id, campaign, occurrence, product_id, category, about, language, text, state, reason, channel, address_id, concession, of_customer_id, of_offer_id, planned_at, opened_at, closed_at) VALUES
  ('cus_seoyeon', 1, 'browse', '1', 'ridge-gtx', 'hiking_shoes', '{"size": "270", "width": "wide"}', 'ko', '능선 GTX 270이 두 켤레 남았어요.', 'open', NULL, 'sms', 2, 1, NULL, NULL, '2026-11-20 04:51+00', '2026-11-20 04:52+00', NULL),
  ('cus_visitor', 2, 'browse', '1', 'ridge-gtx', 'hiking_shoes', '{}', 'ko', '능선 GTX', 'open', NULL, 'web', NULL, 0, 'cus_seoyeon', 1, '2026-11-20 09:12+00', '2026-11-20 09:12+00', NULL),
  ('cus_ann', 3, 'browse', '2', 'ridge-gtx', 'hiking_shoes', '{}', 'en', 'The Ridge GTX', 'cancelled', 'refused', NULL, NULL, 0, NULL, NULL, '2026-11-20 04:51+00', NULL, '2026-11-20 04:51+00');
SELECT setval(pg_get_serial_sequence('offers', 'offer_id'), 3);

UPDATE outbox SET offer_id = 1 WHERE outbox_id = 1;
INSERT INTO outbox (outbox_id, key, customer_id, address_id, channel, message_class, purpose, body, state, attempts, retry_at, offer_id, hold_until, not_after, at, created_at) VALUES
  (5, 'offer:1', 'cus_seoyeon', 2, 'sms', 'advertisement', 'offer', '(광고)[숲길] 능선 GTX', 'ready', 0, '2026-11-20 12:30+00', 1, '2026-11-20 23:00+00', '2026-11-21 11:58+00', '2026-11-20 12:30+00', '2026-11-20 12:30+00'),
  (6, 'code:1', 'cus_seoyeon', 2, 'sms', 'requested', 'code', '[숲길] 인증번호 123456', 'cancelled', 0, '2026-11-24 03:00+00', NULL, NULL, '2026-11-24 03:10+00', '2026-11-24 03:00+00', '2026-11-24 03:00+00');
SELECT setval(pg_get_serial_sequence('outbox', 'outbox_id'), 6);

INSERT INTO consents (customer_id, consent_id, address_id, purpose, action, evidence, at) VALUES
  ('cus_seoyeon', 6, 2, 'night', 'requested', '{"text": "밤에도 받으시겠어요?", "digest": "d", "version": 2, "language": "ko"}', '2026-11-24 03:00+00');
SELECT setval(pg_get_serial_sequence('consents', 'consent_id'), 6);

INSERT INTO decisions (customer_id, decision_id, campaign, occurrence, decision, reason, channel, details, at) VALUES
  ('cus_seoyeon', 1, 'browse', '1', 'planned', 'planned', 'sms', '{"product_id": "ridge-gtx"}', '2026-11-20 04:51+00'),
  ('cus_seoyeon', 2, 'browse', '1', 'held', 'quiet_hours', 'sms', '{"until": "2026-11-20T23:00:00+00:00"}', '2026-11-20 12:30+00'),
  ('cus_ann', 3, 'browse', '2', 'cancelled', 'refused', NULL, '{}', '2026-11-20 04:51+00');
SELECT setval(pg_get_serial_sequence('decisions', 'decision_id'), 3);

INSERT INTO links (token_digest, customer_id, kind, address_id, offer_id, created_at, expires_at, opened_at) VALUES
  (sha256('offer-token'), 'cus_seoyeon', 'offer', 2, 1, '2026-11-20 04:52+00', '2027-01-19 04:52+00', '2026-11-20 09:12+00'),
  (sha256('consent-token'), 'cus_seoyeon', 'consent', 2, NULL, '2026-11-24 03:00+00', '2027-01-23 03:00+00', NULL);

INSERT INTO coupons (code, customer_id, offer_id, percent, product_id, issued_at, expires_at, redeemed_at, order_id) VALUES
  ('SUP-7K2M', 'cus_seoyeon', 1, 10, 'ridge-gtx', '2026-11-20 05:00+00', '2026-11-27 05:00+00', NULL, NULL),
  ('SUP-9Q4X', 'cus_ann', 3, 15, 'ridge-gtx', '2026-10-09 05:00+00', '2026-10-16 05:00+00', '2026-10-10 18:00+00', 'B-1');

INSERT INTO event_messages (message_id, received_at) VALUES
  ('segment-1', '2026-11-20 02:50+00'), ('segment-2', '2026-11-20 02:51+00');

INSERT INTO hand_overs (customer_id, hand_over_id, state, channel, address_id, said, taken_by, asked_at, taken_at, closed_at) VALUES
  ('cus_ann', 1, 'taken', 'sms', 5, 'I want to talk to a person', 'mina', '2026-11-20 18:00+00', '2026-11-20 18:05+00', NULL),
  ('cus_seoyeon', 2, 'closed', 'web', NULL, '상담원 연결해 주세요', 'mina', '2026-11-19 03:00+00', '2026-11-19 03:05+00', '2026-11-19 03:15+00');
SELECT setval(pg_get_serial_sequence('hand_overs', 'hand_over_id'), 2);

INSERT INTO merges (customer_id, merge_id, gone, proof, moved, at) VALUES
  ('cus_seoyeon', 1, 'cus_gone', 'code', '{"turns": [-1, 0], "addresses": [2], "facts": [1]}', '2026-11-20 03:00+00');
SELECT setval(pg_get_serial_sequence('merges', 'merge_id'), 1);

INSERT INTO open_chats (customer_id, process, seen_at) VALUES
  ('cus_seoyeon', 'web-4242', '2026-11-20 03:02+00');
