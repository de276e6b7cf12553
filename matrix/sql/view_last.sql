-- The records of a machine's last run: those with an adapter before others, then as they came.
-- :machine public key
-- id
WITH own AS (
	SELECT r.id, r.gpu, r.run_n
	FROM d_machine m
	JOIN d_record r ON r.gpu = m.gpu AND r.machine = m.machine
	WHERE m.machine = :machine)
SELECT own.id
FROM own
JOIN record f ON f.id = own.id
WHERE own.run_n IS (SELECT max(run_n) FROM own)
ORDER BY own.gpu = '', f.n;
