-- version: of the rules by which the derived rows were made; no row in a new store
SELECT version FROM d_rules;
