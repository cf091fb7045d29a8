CREATE TABLE customers (
  CustomerID INTEGER PRIMARY KEY, name TEXT NOT NULL, City TEXT, joined DATE,
  value DECIMAL(10,2), contactable BOOLEAN, stage TEXT, shoe_size REAL, owner TEXT);
INSERT INTO customers VALUES
  (1, 'Nordlys AS', 'Oslo', '2024-01-31', 12400.5, 1, 'platinum', 42.5, 'Ana'),
  (2, 'Åsa Öberg', NULL, '2024-02-29', 7, 0, 'welcoming', 38, NULL),
  (3, 'Björk', '', NULL, NULL, NULL, NULL, NULL, 'Bo');
CREATE TABLE Product (code TEXT PRIMARY KEY, title TEXT, price MONEY, picture BLOB) WITHOUT ROWID;
INSERT INTO Product VALUES ('R10', 'Rope 10 m', 24.5, x'00'), ('H1', 'Harness', 79.9, NULL);
CREATE TABLE "Order" (
  number INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers,
  placed DATETIME, total NUMERIC(12,2), note);
INSERT INTO "Order" VALUES
  (100, 1, '2024-03-01 10:00:00', 49, 'urgent'), (101, 1, '2024-03-02 11:30:00', 79.9, 7),
  (102, 2, '2024-03-03 12:00:00', 24.5, NULL);
CREATE TABLE "Order Line" (
  order_number INTEGER REFERENCES "Order" (number), line INTEGER, product_code TEXT
    REFERENCES Product (code), quantity INTEGER,
  cost REAL GENERATED ALWAYS AS (quantity * 1.125), PRIMARY KEY (order_number, line));
INSERT INTO "Order Line" (order_number, line, product_code, quantity) VALUES
  (100, 1, 'R10', 2), (101, 1, 'H1', 1), (102, 1, 'R10', 1);
CREATE TABLE parcel (
  id INTEGER PRIMARY KEY, order_number INTEGER, line INTEGER, sent TIMESTAMP, weight,
  FOREIGN KEY (order_number, line) REFERENCES "Order Line" (order_number, line));
INSERT INTO parcel VALUES
  (1, 100, 1, 1709287200, 1.25), (2, 101, 1, 1709373600, 2), (3, NULL, 1, NULL, 3.5);
CREATE TABLE staff (
  login TEXT PRIMARY KEY NOT NULL, boss TEXT REFERENCES staff, best_friend TEXT REFERENCES staff,
  team_id INTEGER REFERENCES team, born REAL);
CREATE TABLE team (id INTEGER PRIMARY KEY, lead TEXT REFERENCES staff (login), "select" TEXT);
INSERT INTO team VALUES (1, 'ana', 'x'), (2, 'bo', NULL);
INSERT INTO staff VALUES ('ana', NULL, 'bo', 1, 36.6), ('bo', 'ana', NULL, 1, 37), ('cy', 'bo', 'ana', 2, NULL);
CREATE TABLE visit (customer_id INTEGER REFERENCES customers, "day" TEXT, either TEXT, code TEXT);
INSERT INTO visit VALUES (1, '2024-05-01', '01/02/2024', '0123'), (9, '2024-05-02', '03/04/2024', 'x');
CREATE VIEW rich AS SELECT * FROM customers WHERE value > 1000;
CREATE VIRTUAL TABLE search USING fts5 (body);
