-- The addresses of all GPUs: most machines first, then most reports.
-- gpu
SELECT gpu FROM d_scope WHERE level = 'gpu'
ORDER BY machines DESC, reports DESC, gpu;
