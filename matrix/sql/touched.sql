-- gpu: addresses whose verdicts are to be made anew
SELECT gpu FROM temp.touched ORDER BY gpu;
