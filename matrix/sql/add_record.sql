-- Appends a fact; one that is there stays as it is.
-- :id text, :bytes canonical form
INSERT INTO record (id, bytes) VALUES (:id, :bytes) ON CONFLICT DO NOTHING;
