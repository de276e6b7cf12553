-- A scope: its verdict on DXG and what stands beside it.
-- :gpu, :level, :driver, :wsl, :kernel, :windows
-- the columns of d_scope
SELECT * FROM d_scope
WHERE gpu = :gpu AND level = :level AND driver = :driver AND wsl = :wsl
  AND kernel = :kernel AND windows = :windows;
