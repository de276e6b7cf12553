-- What the reports on a GPU say of its interfaces.
-- :gpu address
-- reporter, interface, working, failing, outcome
SELECT r.reporter, s.interface, s.working, s.failing, s.outcome
FROM heard r
JOIN d_result s ON s.gpu = r.gpu AND s.record = r.id
WHERE r.gpu = :gpu
ORDER BY r.reporter, s.interface, r.id;
