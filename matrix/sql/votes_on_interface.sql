-- The same for one interface: a letter of readings per rung.
-- :gpu address, :interface
-- From results to their records, in this order and by the key: one hostile record names
-- thousands of interfaces, and each walks only the results that name it.
-- voter, machine, combination, conditions, date, readings
SELECT coalesce(w.witness, r.machine) AS voter, r.machine, r.combination,
       r.packages AS conditions, r.date, s.readings
FROM d_result s
CROSS JOIN d_record r NOT INDEXED
  ON r.gpu = s.gpu AND r.combination = s.combination AND r.id = s.record
LEFT JOIN d_witness w ON w.machine = r.machine
WHERE s.gpu = :gpu AND s.interface = :interface AND s.readings <> ''
  AND r.in_table AND r.measured
ORDER BY voter, r.machine, r.combination, conditions, r.run_n, r.date, r.id;
