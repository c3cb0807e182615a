-- A shop after its first weeks, at revision 0001: people with a log-in, with a number, with neither, and
-- one who turned out to be another; texts in every state.

INSERT INTO customers (customer_id, language, name, country, time_zone, created_at, merged_into) VALUES
  ('cus_seoyeon', 'ko', '김서연', 'KR', 'Asia/Seoul', '2026-10-01 03:00+00', NULL),
  ('cus_ann', 'en', 'Ann O''Neil', 'US', 'America/Los_Angeles', '2026-10-02 18:00+00', NULL),
  ('cus_visitor', NULL, NULL, NULL, NULL, '2026-11-20 09:12:33.123456+00', NULL),
  ('cus_gone', 'ko', NULL, NULL, NULL, '2026-10-05 03:00+00', 'cus_seoyeon');

INSERT INTO addresses (customer_id, address_id, kind, value, proof, proved_at, stopped_at, created_at) VALUES
  ('cus_seoyeon', 1, 'login', 'demo-001', 'shop', '2026-10-01 03:00+00', NULL, '2026-10-01 03:00+00'),
  ('cus_seoyeon', 2, 'phone', '+821023456789', 'inbound', '2026-10-05 03:00+00', NULL, '2026-10-01 03:00+00'),
  ('cus_seoyeon', 3, 'email', 'seoyeon@example.com', 'shop', '2026-10-01 03:00+00', NULL, '2026-10-01 03:00+00'),
  ('cus_ann', 4, 'login', 'demo-002', 'shop', '2026-10-02 18:00+00', NULL, '2026-10-02 18:00+00'),
  ('cus_ann', 5, 'phone', '+15035550142', 'inbound', '2026-10-09 18:00+00', '2026-11-01 18:00+00', '2026-10-02 18:00+00'),
  ('cus_ann', 6, 'phone', '+15035550143', 'none', NULL, NULL, '2026-10-03 18:00+00');
SELECT setval(pg_get_serial_sequence('addresses', 'address_id'), 6);

INSERT INTO address_lookup (kind, value, customer_id, address_id)
  SELECT kind, value, customer_id, address_id FROM addresses;

INSERT INTO sessions (token_digest, customer_id, proof, created_at, expires_at, revoked_at) VALUES
  (sha256('token of seoyeon'), 'cus_seoyeon', 'shop', '2026-11-20 03:00+00', '2099-01-01 00:00+00', NULL),
  (sha256('token of a visitor'), 'cus_visitor', 'none', '2026-11-20 09:12+00', '2099-01-01 00:00+00', NULL),
  (sha256('token of long ago'), 'cus_ann', 'shop', '2026-10-02 18:00+00', '2026-11-02 18:00+00', '2026-10-03 18:00+00');

INSERT INTO conversations (customer_id, last_seq, tracker) VALUES
  ('cus_seoyeon', 4, '{"sender_id": "cus_seoyeon", "events": [{"event": "slot", "name": "shoe_size", "value": "270"}]}'),
  ('cus_ann', 2, NULL),
  ('cus_visitor', 0, NULL),
  ('cus_gone', 0, NULL);

INSERT INTO turns (customer_id, seq, direction, channel, text, payload, language, intent, confidence, entities, at) VALUES
  ('cus_seoyeon', -1, 'in', 'sms', '발볼이 넓은 등산화 있어요?', '{}', 'ko', 'ask_product', 0.91, '[{"entity": "category", "value": "hiking_shoes"}]', '2026-10-05 03:00+00'),
  ('cus_seoyeon', 0, 'out', 'sms', '네, 능선 GTX가 있어요.', '{}', 'ko', NULL, NULL, NULL, '2026-10-05 03:00:02+00'),
  ('cus_seoyeon', 1, 'in', 'web', '저는 270 신어요 👟', '{}', 'ko', 'tell_size', 0.99, '[{"entity": "size", "value": "270"}]', '2026-11-20 03:01+00'),
  ('cus_seoyeon', 2, 'out', 'web', '270으로 기억할게요.', '{"buttons": [{"title": "추천", "text": "추천해 주세요"}]}', 'ko', NULL, NULL, NULL, '2026-11-20 03:01:01+00'),
  ('cus_seoyeon', 3, 'in', 'web', '추천해 주세요', '{}', 'ko', 'ask_recommendation', 0.97, '[]', '2026-11-20 03:02+00'),
  ('cus_seoyeon', 4, 'out', 'web', '이건 어떠세요?', '{"cards": [{"product_id": "ridge-gtx", "title": "능선 GTX", "price": "189,000원"}]}', 'ko', NULL, NULL, NULL, '2026-11-20 03:02:01+00'),
  ('cus_ann', 1, 'in', 'sms', 'Do you have the Ridge in 9.5?', '{}', 'en', 'ask_stock', 0.88, NULL, '2026-10-09 18:00+00'),
  ('cus_ann', 2, 'out', 'sms', 'Yes — two left.', '{}', 'en', NULL, NULL, NULL, '2026-10-09 18:00:02+00');

INSERT INTO facts (customer_id, fact_id, subject, kind, value, said, source, source_seq, confidence, valid_from, valid_to) VALUES
  ('cus_seoyeon', 1, 'self', 'shoe_size', '265', '265요', 'said', -1, 0.9, '2026-10-05 03:00+00', '2026-11-20 03:01+00'),
  ('cus_seoyeon', 2, 'self', 'shoe_size', '270', '저는 270 신어요', 'said', 1, 1, '2026-11-20 03:01+00', NULL),
  ('cus_seoyeon', 3, 'self', 'anniversary', '{"month": 12, "day": 24, "year": 2015}', NULL, 'shop', NULL, 1, '2026-10-01 03:00+00', NULL),
  ('cus_seoyeon', 4, 'wife', 'shoe_size', '240', '아내는 240이에요', 'said', 1, 1, '2026-11-20 03:01+00', NULL),
  ('cus_ann', 5, 'self', 'width', '"wide"', NULL, 'import', NULL, 1, '2026-10-02 18:00+00', NULL);
SELECT setval(pg_get_serial_sequence('facts', 'fact_id'), 5);

INSERT INTO events (customer_id, event_id, name, properties, occurred_at) VALUES
  ('cus_seoyeon', 1, 'Product Viewed', '{"product_id": "ridge-gtx"}', '2026-11-20 02:50+00'),
  ('cus_seoyeon', 2, 'Order Completed', '{"order_id": "A-1", "product_ids": ["ridge-gtx"]}', '2026-10-06 03:00+00'),
  ('cus_visitor', 7, 'Page Viewed', '{}', '2026-11-20 09:12+00');
SELECT setval(pg_get_serial_sequence('events', 'event_id'), 7);

INSERT INTO orders (customer_id, order_id, ordered_at, total, currency) VALUES
  ('cus_seoyeon', 'A-1', '2026-10-06 03:00+00', 189000, 'KRW'),
  ('cus_ann', 'B-1', '2026-10-10 18:00+00', 318.50, 'USD');

INSERT INTO order_lines (customer_id, order_id, line, product_id, sku, quantity, unit_price) VALUES
  ('cus_seoyeon', 'A-1', 1, 'ridge-gtx', 'RDG-GRY-270-W', 1, 189000),
  ('cus_ann', 'B-1', 1, 'ridge-gtx', 'RDG-GRY-275-R', 2, 159.25),
  ('cus_ann', 'B-1', 2, 'socks', NULL, 1, 0);

INSERT INTO consents (customer_id, consent_id, address_id, purpose, action, evidence, at) VALUES
  ('cus_seoyeon', 1, 2, 'marketing', 'given', '{"channel": "sms", "said": "동의", "text": "광고 수신에 동의하시나요?"}', '2026-10-05 03:05+00'),
  ('cus_seoyeon', 2, 2, 'night', 'refused', '{"channel": "sms", "said": "아니요"}', '2026-10-05 03:06+00'),
  ('cus_ann', 3, 5, 'marketing', 'given', '{"channel": "sms", "said": "YES"}', '2026-10-09 18:05+00'),
  ('cus_ann', 4, 5, 'marketing', 'withdrawn', '{"channel": "sms", "said": "STOP"}', '2026-11-01 18:00+00'),
  ('cus_ann', 5, 5, 'texts', 'withdrawn', '{"channel": "sms", "said": "STOP"}', '2026-11-01 18:00+00');
SELECT setval(pg_get_serial_sequence('consents', 'consent_id'), 5);

INSERT INTO permissions (customer_id, marketing, changed_at) VALUES
  ('cus_seoyeon', 'given', '2026-10-05 03:05+00'),
  ('cus_ann', 'refused', '2026-11-01 18:00+00'),
  ('cus_visitor', 'none', '2026-11-20 09:12+00'),
  ('cus_gone', 'none', '2026-10-05 03:00+00');

INSERT INTO inbox (inbox_id, channel, provider_id, customer_id, seq, text, address_id, proof, state, attempts, error, at, received_at, retry_at, done_at) VALUES
  (1, 'sms', 'SM01', 'cus_seoyeon', -1, '발볼이 넓은 등산화 있어요?', 2, 'inbound', 'done', 1, NULL, '2026-10-05 03:00+00', '2026-10-05 03:00+00', '2026-10-05 03:00+00', '2026-10-05 03:00:02+00'),
  (2, 'sms', 'SM02', 'cus_ann', 1, 'Do you have the Ridge in 9.5?', 5, 'inbound', 'done', 2, 'timeout', '2026-10-09 18:00+00', '2026-10-09 18:00+00', '2026-10-09 18:00+00', '2026-10-09 18:00:02+00'),
  (3, 'web', 'web-3', 'cus_seoyeon', 3, '추천해 주세요', NULL, 'shop', 'ready', 0, NULL, '2026-11-20 03:02+00', '2026-11-20 03:02+00', '2026-11-20 03:02+00', NULL),
  (4, 'web', 'web-4', 'cus_ann', 2, '…', NULL, 'none', 'failed', 5, 'ValueError', '2026-11-20 03:02+00', '2026-11-20 03:02+00', '2026-11-20 03:02+00', NULL);
SELECT setval(pg_get_serial_sequence('inbox', 'inbox_id'), 4);

INSERT INTO outbox (outbox_id, key, customer_id, address_id, channel, message_class, purpose, body, state, reason, attempts, retry_at, not_after, lease_until, provider_id, provider_status, error_code, at, created_at, sent_at) VALUES
  (1, 'answer:1', 'cus_seoyeon', 2, 'sms', 'reply', 'answer', '네, 능선 GTX가 있어요.', 'delivered', 'answered', 1, '2026-10-05 03:00+00', NULL, '2026-10-05 03:01+00', 'SMout1', 'delivered', NULL, '2026-10-05 03:00:02+00', '2026-10-05 03:00:02+00', '2026-10-05 03:00:03+00'),
  (2, 'answer:2', 'cus_ann', 5, 'sms', 'reply', 'answer', 'Yes — two left.', 'unknown', 'no_answer', 1, '2026-10-09 18:00+00', NULL, '2026-10-09 18:01+00', NULL, NULL, NULL, '2026-10-09 18:00:02+00', '2026-10-09 18:00:02+00', NULL),
  (3, 'stop_confirmation:9', 'cus_ann', 5, 'sms', 'service', 'stop_confirmation', 'You will get no more texts.', 'rejected', 'opted_out', 1, '2026-11-01 18:00+00', '2026-11-01 18:05+00', NULL, 'SMout3', 'failed', 21610, '2026-11-01 18:00+00', '2026-11-01 18:00+00', NULL),
  (4, 'answer:3', 'cus_seoyeon', 2, 'sms', 'reply', 'answer', '곧 알려 드릴게요.', 'ready', NULL, 0, '2026-11-20 03:02+00', NULL, NULL, NULL, NULL, NULL, '2026-11-20 03:02+00', '2026-11-20 03:02+00', NULL);
SELECT setval(pg_get_serial_sequence('outbox', 'outbox_id'), 4);

INSERT INTO releases (release_id, inputs_digest, files, words, model, model_digest, is_live, created_at) VALUES
  (1, 'aa', '{"domain.yml": "version: \"3.1\""}', '{"utter_greet": [{"text": "안녕하세요"}]}', '\x0001ff', encode(sha256('\x0001ff'), 'hex'), false, '2026-10-01 00:00+00'),
  (2, 'bb', '{"domain.yml": "version: \"3.1\""}', '{"utter_greet": [{"text": "어서 오세요"}]}', '\x00ff', encode(sha256('\x00ff'), 'hex'), true, '2026-11-01 00:00+00');
SELECT setval(pg_get_serial_sequence('releases', 'release_id'), 2);

INSERT INTO products (product_id, position, product, added_on) VALUES
  ('ridge-gtx', 0, '{"product_id": "ridge-gtx", "category": "hiking_shoes", "brand": "Larkstone", "name": {"ko": "능선 GTX", "en": "Ridge GTX"}, "price": {"KRW": "189000", "USD": "159.25"}, "variants": [{"sku": "RDG-GRY-270-W", "size": "270", "size_us": "9", "width": "wide", "colour": "grey", "stock": 2}]}', '2024-03-01');

INSERT INTO shop (shop_id, name, store, digest, people_loaded) VALUES
  (1, 'DemoShop', '{"name": {"ko": "숲길", "en": "Trailhead"}, "time_zone": {"ko": "Asia/Seoul", "en": "America/Los_Angeles"}}', 'abc', true);

INSERT INTO clock (clock_id, "offset") VALUES (1, '3 days 02:00:00');

INSERT INTO parts (part, pid, state, started_at, beat_at) VALUES
  ('web', 4242, 'ready', '2026-11-20 00:00+00', '2026-11-20 09:13+00');
