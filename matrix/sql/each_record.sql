-- Every record in order of arrival.
-- n, id, bytes
SELECT n, id, bytes FROM record ORDER BY n;
