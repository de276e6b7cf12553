-- :machine public key, :gpu address
INSERT INTO d_machine (machine, gpu) VALUES (:machine, :gpu) ON CONFLICT DO NOTHING;
