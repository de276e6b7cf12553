-- The witness behind a machine: the first submitter in the order of text.
-- :machine public key, :witness submitter
INSERT INTO d_witness (machine, witness) VALUES (:machine, :witness)
ON CONFLICT DO UPDATE SET witness = excluded.witness
WHERE excluded.witness < witness;
