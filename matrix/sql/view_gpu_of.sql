-- The GPU that a combination has.
-- :combination address
-- gpu
SELECT gpu FROM d_record WHERE combination = :combination AND in_table LIMIT 1;
