-- The names of a GPU, the one most records use first.
-- :gpu address
-- name (NULL: records without one), vendor, pci
SELECT name, max(vendor) AS vendor, max(pci) AS pci
FROM d_record
WHERE gpu = :gpu AND in_table
GROUP BY name
ORDER BY name IS NULL, count(*) DESC, name;
