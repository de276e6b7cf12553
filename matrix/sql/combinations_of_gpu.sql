-- The combinations that records in the table have of a GPU.
-- :gpu address
-- combination address; driver, wsl, kernel, windows (NULL unknown); pci
SELECT combination, driver, wsl, kernel, windows, pci
FROM d_record
WHERE gpu = :gpu AND in_table
GROUP BY combination
ORDER BY driver, wsl, kernel, windows, combination;
