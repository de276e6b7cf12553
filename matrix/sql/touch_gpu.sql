-- Remembers that the verdicts of a GPU are to be made anew.
-- :gpu address
INSERT INTO temp.touched (gpu) VALUES (:gpu) ON CONFLICT DO NOTHING;
