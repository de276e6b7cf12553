-- What one record says of each interface.
-- :gpu address, :record id
-- interface, readings, outcome
SELECT s.interface, s.readings, s.outcome
FROM d_interface i
CROSS JOIN d_result s ON s.gpu = i.gpu AND s.interface = i.interface AND s.record = :record
WHERE i.gpu = :gpu AND i.level = 'gpu'
ORDER BY s.interface;
