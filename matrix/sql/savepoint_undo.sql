-- Undoes what was written of a document.
ROLLBACK TO document;
