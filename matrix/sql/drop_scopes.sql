-- :gpu address whose verdicts are about to be made anew
DELETE FROM d_scope WHERE gpu = :gpu;
