-- :gpu address
-- interface
SELECT DISTINCT interface FROM d_result WHERE gpu = :gpu ORDER BY interface;
