-- The records with a page: of each combination the newest, measured before reports.
-- :limit per combination
-- id
SELECT id FROM (
	SELECT id, row_number() OVER (
		PARTITION BY gpu, combination
		ORDER BY measured DESC, coalesce(date, '') DESC,
		         coalesce(run_n, -1) DESC, id) AS place
	FROM d_record)
WHERE place <= :limit
ORDER BY id;
