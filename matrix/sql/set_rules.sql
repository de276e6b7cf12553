-- :stamp of the rules by which the derived rows are made from now on
INSERT INTO d_rules (stamp) VALUES (:stamp);
