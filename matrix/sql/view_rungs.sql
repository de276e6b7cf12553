-- The rungs of all interfaces of a scope.
-- :gpu, :level, :driver, :wsl, :kernel, :windows
-- the columns of d_rung
SELECT * FROM d_rung
WHERE gpu = :gpu AND level = :level AND driver = :driver AND wsl = :wsl
  AND kernel = :kernel AND windows = :windows
ORDER BY interface, rung;
