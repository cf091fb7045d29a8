CREATE TABLE deals(id INTEGER PRIMARY KEY, name TEXT, closed DATE);
INSERT INTO deals VALUES (1, 'first', '2026-01-31'), (2, 'second', NULL);
