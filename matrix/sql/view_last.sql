-- The newest record of a machine: of its last run, one with an adapter before others.
-- :machine public key
-- id
SELECT r.id
FROM d_machine m
JOIN d_record r ON r.gpu = m.gpu AND r.machine = m.machine
JOIN record f ON f.id = r.id
WHERE m.machine = :machine
ORDER BY coalesce(r.run_n, -1) DESC, r.gpu = '', f.n DESC
LIMIT 1;
