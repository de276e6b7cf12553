-- Begins a document: whole or not at all.
SAVEPOINT document;
