-- Ends a document: taken, or undone before.
RELEASE document;
