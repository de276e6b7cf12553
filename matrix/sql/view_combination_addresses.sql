-- combination: addresses of all combination pages
SELECT DISTINCT combination FROM d_record WHERE in_table ORDER BY combination;
