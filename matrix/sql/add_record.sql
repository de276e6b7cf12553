-- Appends a fact; one that is there stays as it is.
-- :id text, :bytes canonical form
-- n: its place of arrival; no row where it was there
INSERT INTO record (id, bytes) VALUES (:id, :bytes) ON CONFLICT DO NOTHING RETURNING n;
