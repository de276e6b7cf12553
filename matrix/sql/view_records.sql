-- The records of a combination: measured before reports, newest first.
-- :gpu address, :combination address, :limit rows
-- id, date, url, measured, in_table, machine, run_n, superseded
SELECT r.id, r.date, r.url, r.measured, r.in_table, r.machine, r.run_n,
       NOT r.measured AND NOT EXISTS (SELECT 1 FROM heard h
            WHERE h.gpu = r.gpu AND h.combination = r.combination AND h.id = r.id)
       AS superseded
FROM d_record r
WHERE r.gpu = :gpu AND r.combination = :combination AND r.in_table
ORDER BY r.measured DESC, coalesce(r.date, '') DESC, coalesce(r.run_n, -1) DESC, r.id
LIMIT :limit;
