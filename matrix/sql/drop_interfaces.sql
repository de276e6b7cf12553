-- :gpu address whose verdicts are about to be made anew
DELETE FROM d_interface WHERE gpu = :gpu;
