-- The admissions of a record.
-- :n of the record
-- road, submitter
SELECT road, submitter FROM admission WHERE record = :n ORDER BY road, submitter;
