-- The runs of every machine with a GPU, oldest first within equal conditions.
-- :gpu address
-- voter (witness), machine, combination, conditions, date, readings: of DXG to fence, to copy,
-- and a third that counts every machine
SELECT coalesce(w.witness, r.machine) AS voter, r.machine, r.combination,
       r.packages AS conditions, r.date, r.door || 'g' AS readings
FROM d_record r LEFT JOIN d_witness w ON w.machine = r.machine
WHERE r.gpu = :gpu AND r.in_table AND r.measured
ORDER BY voter, r.machine, r.combination, conditions, r.run_n, r.date, r.id;
