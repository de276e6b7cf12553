-- What the reports on a GPU say of its interfaces.
-- :gpu address
-- reporter, interface, working, failing, outcome
SELECT r.reporter, s.interface, s.working, s.failing, s.outcome
FROM d_result s
CROSS JOIN heard r
  ON r.gpu = s.gpu AND r.combination = s.combination AND r.id = s.record
WHERE s.gpu = :gpu
ORDER BY r.reporter, s.interface, r.id;
