-- The matrix, store version 1. Applied once to an empty file by store.c; later changes are
-- appended as migrate_NNN.sql.
--
-- Two kinds of tables. Facts (record, admission) are only ever appended to. Derived tables
-- (d_*) follow from the facts alone, whatever their order, repetition or merging: WITHOUT
-- ROWID, natural keys, integers and text, no time of ingest. `dxgmatrix ingest --rebuild`
-- makes them anew, and their .dump is the same bytes.
--
-- Words: a GPU is the address of its page, "8086-7d51", or "10de-geforce-rtx-4090" until
-- its PCI id is known. Unknown parts are NULL, in keys ''. Dates are YYYY-MM-DD; a
-- report's may be YYYY-MM. Versions are in the normal forms of dxgmatrix-record(5).

-- ---- facts --------------------------------------------------------------------------

-- One document as it came: a run of one machine on one adapter, or what a public text
-- says of one. Written by ingest.c, never changed.
CREATE TABLE record (
	n     INTEGER PRIMARY KEY,  -- order of arrival here; in no derived table
	id    TEXT NOT NULL UNIQUE, -- "sha256:" and 64 digits, of the canonical form
	bytes BLOB NOT NULL         -- canonical form (RFC 8785) with id and sig
) STRICT;

-- How a record came here; one that came by several roads has several rows. Written by
-- ingest.c.
CREATE TABLE admission (
	record    INTEGER NOT NULL REFERENCES record (n),
	road      TEXT NOT NULL, -- "file", "run", …
	submitter TEXT NOT NULL, -- who brought it, where the road knows: a git account or a
	                         -- keyed hash of network and month; '' else. All keys of one
	                         -- submitter are one witness.
	PRIMARY KEY (record, road, submitter)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER record_stays BEFORE UPDATE ON record
BEGIN SELECT raise(ABORT, 'facts are not changed'); END;
CREATE TRIGGER record_remains BEFORE DELETE ON record
BEGIN SELECT raise(ABORT, 'facts are not deleted'); END;
CREATE TRIGGER admission_stays BEFORE UPDATE ON admission
BEGIN SELECT raise(ABORT, 'facts are not changed'); END;
CREATE TRIGGER admission_remains BEFORE DELETE ON admission
BEGIN SELECT raise(ABORT, 'facts are not deleted'); END;

-- ---- derived, a row or two per record -----------------------------------------------

-- The stamp of the rules and shipped tables (rules.h) by which all derived rows were
-- made: one row. Another stamp than the program's means: make them anew. Written by
-- ingest.c.
CREATE TABLE d_rules (
	stamp TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- What verdicts and pages need of each record. Written by extract.c.
CREATE TABLE d_record (
	gpu         TEXT NOT NULL,    -- '': no adapter, or one without id and name
	combination TEXT NOT NULL,    -- address of its page: 12 digits of its key's hash
	id          TEXT NOT NULL,    -- of the record
	measured    INTEGER NOT NULL, -- 1: signed, of a machine; 0: a report
	in_table    INTEGER NOT NULL, -- 0: no GPU, not WSL2, or a software adapter
	machine     TEXT,             -- measured: its public key
	reporter    TEXT,             -- report: its author, where not known its address,
	                              -- else its text, else its id
	text        TEXT,             -- harvested: hash of what was read
	extraction  INTEGER NOT NULL, -- version of the tool that read or measured:
	                              -- major * 1000000 + minor * 1000 + patch
	date        TEXT,
	run_n       INTEGER,          -- counter of that machine
	vendor      TEXT,             -- of the adapter: "8086"
	pci         TEXT,             -- "8086:7d51"
	name        TEXT,
	driver      TEXT,             -- four parts
	driver_public TEXT,           -- another spelling, where only that was read
	wsl         TEXT,             -- four parts
	kernel      TEXT,             -- base: "6.6.87.2"
	windows     TEXT,             -- "10.0.…"
	distro      TEXT,
	packages    TEXT NOT NULL,    -- hash of the guest's packages, '' for none known
	url         TEXT,             -- harvested: where it can be read
	door        TEXT NOT NULL,    -- readings of DXG, two letters (verdict.h): to fence, copy
	PRIMARY KEY (gpu, combination, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX d_record_combination ON d_record (combination);
CREATE INDEX d_record_text ON d_record (text, extraction, coalesce(date, ''), gpu, id)
WHERE text IS NOT NULL;

-- The reports that are heard. One source text counts once, by its newest extraction: of
-- the newest tool, then of the newest date, then for each GPU the last id.
CREATE VIEW heard AS
SELECT * FROM d_record r
WHERE in_table AND NOT measured
  AND NOT EXISTS (
	SELECT 1 FROM d_record newer
	WHERE newer.text = r.text AND newer.extraction > r.extraction)
  AND NOT EXISTS (
	SELECT 1 FROM d_record newer
	WHERE newer.text = r.text AND newer.extraction = r.extraction
	  AND coalesce(newer.date, '') > coalesce(r.date, ''))
  AND NOT EXISTS (
	SELECT 1 FROM d_record newer
	WHERE newer.text = r.text AND newer.extraction = r.extraction
	  AND coalesce(newer.date, '') = coalesce(r.date, '')
	  AND newer.gpu = r.gpu AND newer.id > r.id);

-- What each record says of each interface. Written by extract.c.
CREATE TABLE d_result (
	gpu       TEXT NOT NULL,
	interface TEXT NOT NULL,
	record    TEXT NOT NULL,    -- id
	combination TEXT NOT NULL,  -- as in d_record, whose row this finds
	readings  TEXT NOT NULL,    -- a letter per rung in the order of record/rung.h, the
	                            -- letters of verdict.h; '' where no rung was run
	working   INTEGER NOT NULL, -- of a report: it says that this interface works
	failing   INTEGER NOT NULL, -- of a report: it says that it does not
	cpu       INTEGER NOT NULL, -- of a report: it says that only the CPU answers
	outcome   TEXT NOT NULL,    -- the one claimed, else that of the highest rung tried
	PRIMARY KEY (gpu, interface, record)
) STRICT, WITHOUT ROWID;

-- Which GPUs a machine has, so that a change of its witness finds them. Written by
-- extract.c.
CREATE TABLE d_machine (
	machine TEXT NOT NULL, -- public key
	gpu     TEXT NOT NULL,
	PRIMARY KEY (machine, gpu)
) STRICT, WITHOUT ROWID;

-- The submitter behind a machine; a machine without one is its own witness. Of several
-- submitters the first in the order of text, so that arrival plays no part. Written by
-- extract.c.
CREATE TABLE d_witness (
	machine TEXT PRIMARY KEY,
	witness TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- ---- derived, per GPU ---------------------------------------------------------------

-- The verdict of a scope on DXG, and what stands beside it. Levels: "exact" knows driver,
-- wsl, kernel and windows; "cell" driver and wsl; "driver" the driver; "gpu" none of
-- them; parts outside the level are ''. Written by derive.c.
CREATE TABLE d_scope (
	gpu        TEXT NOT NULL,
	level      TEXT NOT NULL,
	driver     TEXT NOT NULL,
	wsl        TEXT NOT NULL,
	kernel     TEXT NOT NULL,
	windows    TEXT NOT NULL,
	rules      INTEGER NOT NULL, -- version of the rules
	verdict    TEXT NOT NULL,    -- word of verdict.h
	good       INTEGER NOT NULL, -- witnesses with a good reading
	bad        INTEGER NOT NULL, -- … with a bad one; one witness may be both
	noisy      INTEGER NOT NULL, -- of the good: never without unfamiliar failures
	flaky      INTEGER NOT NULL, -- of the bad: only now good, now bad
	once       INTEGER NOT NULL, -- bad once, not repeated: not counted
	cpu        INTEGER NOT NULL, -- CPU only: not counted
	exceptions INTEGER NOT NULL, -- witnesses on the side that the verdict outweighs
	copy       INTEGER NOT NULL, -- of the good: witnesses proved up to a device copy
	machines   INTEGER NOT NULL, -- measured
	witnesses  INTEGER NOT NULL,
	first      TEXT,             -- dates of their records
	newest     TEXT,
	reports    INTEGER NOT NULL, -- authors who report of it
	working    INTEGER NOT NULL, -- … that some interface works
	failing    INTEGER NOT NULL, -- … that some interface fails
	cpu_only   INTEGER NOT NULL, -- … that on some interface only the CPU answers
	newest_report TEXT,
	PRIMARY KEY (gpu, level, driver, wsl, kernel, windows)
) STRICT, WITHOUT ROWID;

-- The verdict of a scope on an interface. Written by derive.c.
CREATE TABLE d_interface (
	gpu       TEXT NOT NULL,
	level     TEXT NOT NULL,
	driver    TEXT NOT NULL,
	wsl       TEXT NOT NULL,
	kernel    TEXT NOT NULL,
	windows   TEXT NOT NULL,
	interface TEXT NOT NULL,
	rules     INTEGER NOT NULL,
	height    TEXT,             -- highest rung clean or noisy with all it needs
	conflict  TEXT,             -- lowest rung on which machines disagree
	broken    TEXT,             -- lowest rung that is broken
	machines  INTEGER NOT NULL, -- that tried it
	working   INTEGER NOT NULL, -- reports, as in d_scope
	failing   INTEGER NOT NULL,
	cpu_only  INTEGER NOT NULL,
	PRIMARY KEY (gpu, level, driver, wsl, kernel, windows, interface)
) STRICT, WITHOUT ROWID;

-- The verdict of a scope on a rung. A row for every rung that some record holds. The
-- counts are as in d_scope. Written by derive.c.
CREATE TABLE d_rung (
	gpu        TEXT NOT NULL,
	level      TEXT NOT NULL,
	driver     TEXT NOT NULL,
	wsl        TEXT NOT NULL,
	kernel     TEXT NOT NULL,
	windows    TEXT NOT NULL,
	interface  TEXT NOT NULL,
	rung       TEXT NOT NULL,
	rules      INTEGER NOT NULL,
	verdict    TEXT NOT NULL,
	good       INTEGER NOT NULL,
	bad        INTEGER NOT NULL,
	noisy      INTEGER NOT NULL,
	flaky      INTEGER NOT NULL,
	once       INTEGER NOT NULL,
	cpu        INTEGER NOT NULL,
	exceptions INTEGER NOT NULL,
	PRIMARY KEY (gpu, level, driver, wsl, kernel, windows, interface, rung)
) STRICT, WITHOUT ROWID;
