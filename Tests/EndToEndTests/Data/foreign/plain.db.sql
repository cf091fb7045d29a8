CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, photo, age INTEGER);
INSERT INTO person VALUES (1, 'Ana', 'none', 41), (2, 'Bo', x'FFD8', 38);
