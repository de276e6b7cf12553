-- What reports say of a GPU as a whole.
-- :gpu address
-- voter (reporter), machine (the same), combination, conditions (id), date,
-- readings: 'g' where some interface works, fails, has only the CPU; '-' else
SELECT r.reporter AS voter, r.reporter AS machine, r.combination,
       r.id AS conditions, r.date,
       substr('-g', 1 + coalesce(s.working, 0), 1)
       || substr('-g', 1 + coalesce(s.failing, 0), 1)
       || substr('-g', 1 + coalesce(s.cpu, 0), 1) AS readings
FROM heard r
LEFT JOIN (
	SELECT record, max(working) AS working, max(failing) AS failing, max(cpu) AS cpu
	FROM d_result WHERE gpu = :gpu GROUP BY record) s ON s.record = r.id
WHERE r.gpu = :gpu
ORDER BY voter, r.combination, r.id;
