-- gpu: addresses of all GPU pages
SELECT gpu FROM d_scope WHERE level = 'gpu' ORDER BY gpu;
