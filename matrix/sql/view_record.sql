-- Records whose id begins so: two at most, to tell whether it is unique.
-- :low the beginning, :high behind its last
-- id, bytes
SELECT id, bytes FROM record WHERE id >= :low AND id < :high ORDER BY id LIMIT 2;
