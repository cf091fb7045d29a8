-- rapport export 1

CREATE TABLE "products" (
  -- one product, file "products.csv"
  "id" INTEGER PRIMARY KEY, -- integer
  "name" TEXT, -- text
  "price" TEXT -- text
) STRICT;
