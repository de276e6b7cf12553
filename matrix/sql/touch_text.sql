-- Remembers a source text: a newer extraction of it supersedes the older ones, whatever
-- GPU they speak of (touch_texts.sql).
-- :text hash of the text
INSERT INTO temp.touched_text (text) VALUES (:text) ON CONFLICT DO NOTHING;
