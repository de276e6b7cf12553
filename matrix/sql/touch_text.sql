-- The same for all GPUs that records of one source text speak of: a newer extraction
-- supersedes them.
-- :text hash of the text
INSERT INTO temp.touched (gpu)
SELECT gpu FROM d_record WHERE text = :text AND gpu <> ''
ON CONFLICT DO NOTHING;
