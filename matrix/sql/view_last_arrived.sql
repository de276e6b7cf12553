-- The measured record that came in last.
-- id
SELECT f.id
FROM d_record r
JOIN record f ON f.id = r.id
WHERE r.measured
ORDER BY f.n DESC LIMIT 1;
