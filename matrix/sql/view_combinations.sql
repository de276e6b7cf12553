-- The combinations of a GPU.
-- :gpu address, :combination address or NULL for all
-- combination, driver, wsl, kernel, windows, is_full, machines, reports, records, newest
SELECT r.combination, r.driver, r.wsl, r.kernel, r.windows,
       r.pci IS NOT NULL AND r.driver IS NOT NULL AND r.wsl IS NOT NULL
       AND r.kernel IS NOT NULL AND r.windows IS NOT NULL AS is_full,
       count(DISTINCT r.machine) AS machines,
       (SELECT count(DISTINCT h.reporter) FROM heard h
        WHERE h.gpu = r.gpu AND h.combination = r.combination) AS reports,
       count(*) AS records,
       max(r.date) AS newest
FROM d_record r
WHERE r.gpu = :gpu AND r.in_table
  AND (:combination IS NULL OR r.combination = :combination)
GROUP BY r.combination
ORDER BY r.combination;
