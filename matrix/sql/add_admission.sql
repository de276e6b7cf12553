-- Appends how a record came here.
-- :record its n, :road, :submitter or ''
INSERT INTO admission (record, road, submitter) VALUES (:record, :road, :submitter)
ON CONFLICT DO NOTHING;
