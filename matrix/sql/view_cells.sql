-- The scopes of a level of a GPU: drivers, or cells driver × WSL.
-- :gpu address, :level
-- the columns of d_scope
SELECT * FROM d_scope WHERE gpu = :gpu AND level = :level ORDER BY driver, wsl;
