-- The same for one interface: a letter of readings per rung.
-- :gpu address, :interface
-- voter, machine, combination, conditions, date, readings
SELECT coalesce(w.witness, r.machine) AS voter, r.machine, r.combination,
       r.packages AS conditions, r.date, s.readings
FROM d_record r
JOIN d_result s ON s.gpu = r.gpu AND s.interface = :interface AND s.record = r.id
LEFT JOIN d_witness w ON w.machine = r.machine
WHERE r.gpu = :gpu AND r.in_table AND r.measured AND s.readings <> ''
ORDER BY voter, r.machine, r.combination, conditions, r.run_n, r.date, r.id;
