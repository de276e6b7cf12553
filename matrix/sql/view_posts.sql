-- The posts behind the reports on a GPU, those of one reporter together, newest first.
-- :gpu address
-- reporter, id, url, date, driver, driver_public, wsl, kernel, windows, distro,
-- from_tool: 1 for an unsigned record, nobody's text
SELECT reporter, id, url, date, driver, driver_public, wsl, kernel, windows, distro,
       text IS NULL AND url IS NULL AND reporter = id AS from_tool
FROM heard
WHERE gpu = :gpu
ORDER BY reporter, coalesce(date, '') DESC, id;
