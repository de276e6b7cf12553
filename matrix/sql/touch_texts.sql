-- The same for all GPUs that records of the remembered source texts speak of, once for
-- all of them: thousands of records may name one text.
INSERT INTO temp.touched (gpu)
SELECT gpu FROM d_record
WHERE text IN (SELECT text FROM temp.touched_text) AND gpu <> ''
ON CONFLICT DO NOTHING;
