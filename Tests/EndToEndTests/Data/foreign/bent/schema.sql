-- rapport export 1

CREATE TABLE "deals" (
  -- one deal, file "deals.csv"
  "id" INTEGER PRIMARY KEY, -- integer
  "amount" REAL -- euros
) STRICT;
