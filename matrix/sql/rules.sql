-- stamp: of the rules by which the derived rows were made; no row in a new store
SELECT stamp FROM d_rules;
