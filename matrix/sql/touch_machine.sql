-- The same for all GPUs of a machine.
-- :machine public key
INSERT INTO temp.touched (gpu)
SELECT gpu FROM d_machine WHERE machine = :machine AND gpu <> ''
ON CONFLICT DO NOTHING;
