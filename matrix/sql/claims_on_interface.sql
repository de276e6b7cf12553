-- What reports say of one interface.
-- :gpu address, :interface
-- voter, machine, combination, conditions, date, readings as in claims_on_gpu.sql
SELECT r.reporter AS voter, r.reporter AS machine, r.combination,
       r.id AS conditions, r.date,
       substr('-g', 1 + s.working, 1) || substr('-g', 1 + s.failing, 1)
       || substr('-g', 1 + s.cpu, 1) AS readings
FROM heard r
JOIN d_result s ON s.gpu = r.gpu AND s.interface = :interface AND s.record = r.id
WHERE r.gpu = :gpu
ORDER BY voter, r.combination, r.id;
