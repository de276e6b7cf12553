-- The whole store in numbers, and its newest date.
-- records, machines, witnesses, reports, gpus, combinations, today
SELECT
	(SELECT count(*) FROM record) AS records,
	(SELECT count(DISTINCT machine) FROM d_record WHERE in_table AND measured)
		AS machines,
	(SELECT count(DISTINCT coalesce(w.witness, r.machine))
	 FROM d_record r LEFT JOIN d_witness w ON w.machine = r.machine
	 WHERE r.in_table AND r.measured) AS witnesses,
	(SELECT coalesce(sum(reports), 0) FROM d_scope WHERE level = 'gpu') AS reports,
	(SELECT count(*) FROM d_scope WHERE level = 'gpu') AS gpus,
	(SELECT count(DISTINCT combination) FROM d_record WHERE in_table) AS combinations,
	(SELECT max(date) FROM d_record) AS today;
