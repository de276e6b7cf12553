-- :id of a record
-- n: its place of arrival; no row where it is not there
SELECT n FROM record WHERE id = :id;
