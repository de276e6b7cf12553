-- Appends how a record came here.
-- :id of the record, :road, :submitter or ''
INSERT INTO admission (record, road, submitter)
SELECT n, :road, :submitter FROM record WHERE id = :id
ON CONFLICT DO NOTHING;
