-- What reports say of one interface.
-- :gpu address, :interface
-- voter, machine, combination, conditions, date, readings as in claims_on_gpu.sql
SELECT r.reporter AS voter, r.reporter AS machine, r.combination,
       r.id AS conditions, r.date,
       substr('-g', 1 + s.working, 1) || substr('-g', 1 + s.failing, 1)
       || substr('-g', 1 + s.cpu, 1) AS readings
FROM d_result s
CROSS JOIN heard r
  ON r.gpu = s.gpu AND r.combination = s.combination AND r.id = s.record
WHERE s.gpu = :gpu AND s.interface = :interface
ORDER BY voter, r.combination, r.id;
