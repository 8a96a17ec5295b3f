-- 200 parents, 300 children and 100 join rows
INSERT INTO "authors" ("name", "email", "rating", "settings") VALUES (?, ?, ?, ?), … 99 more rows;
INSERT INTO "authors" ("name", "email", "rating", "settings") VALUES (?, ?, ?, ?), … 99 more rows;
INSERT INTO "posts" ("title", "views", "published_at", "version", "author_id", "editor_id") VALUES (?, ?, ?, ?, ?, ?), … 99 more rows;
INSERT INTO "posts" ("title", "views", "published_at", "version", "author_id", "editor_id") VALUES (?, ?, ?, ?, ?, ?), … 99 more rows;
INSERT INTO "posts" ("title", "views", "published_at", "version", "author_id", "editor_id") VALUES (?, ?, ?, ?, ?, ?), … 99 more rows;
INSERT INTO "post_tags" ("posts_id", "tags_id") VALUES (?, ?), … 99 more rows ON CONFLICT DO NOTHING;

-- 300 dirty rows of one entity
WITH "v"("0", "1", "2", "3") AS (VALUES (?, ?, ?, ?), … 299 more rows) UPDATE "posts" SET "title" = "v"."2", "version" = "v"."3" FROM "v" WHERE "posts"."id" = "v"."0" AND "posts"."version" = "v"."1";

-- 300 dirty rows without a version
WITH "v"("0", "1") AS (VALUES (?, ?), … 299 more rows) UPDATE "tags" SET "name" = "v"."1" FROM "v" WHERE "tags"."id" = "v"."0";

-- 300 removed rows with a version
DELETE FROM "posts" AS "t0" WHERE ("t0"."id", "t0"."version") IN (SELECT value ->> 0, value ->> 1 FROM json_each(?));

-- a parent chain of three
WITH RECURSIVE "k"("n") AS (SELECT 1 UNION ALL SELECT "k"."n" + 1 FROM "k" WHERE "k"."n" < CAST(? AS INTEGER)) SELECT "k"."n" + (SELECT COALESCE(MAX("t"."id"), 0) FROM "topics" AS "t") FROM "k";
INSERT INTO "topics" ("id", "name", "parent_id") VALUES (?, ?, ?), (?, ?, ?), (?, ?, ?);

-- a circle over two tables
INSERT INTO "countries" ("name", "capital_id") VALUES (?, ?);
INSERT INTO "cities" ("name", "country_id") VALUES (?, ?);
UPDATE "countries" SET "capital_id" = ? WHERE "countries"."id" = ?;

-- a circle over two tables is removed
UPDATE "countries" SET "capital_id" = ? WHERE "countries"."id" = ?;
DELETE FROM "cities" AS "t0" WHERE "t0"."id" IN (SELECT value FROM json_each(?));
DELETE FROM "countries" AS "t0" WHERE "t0"."id" IN (SELECT value FROM json_each(?));

-- a child moves to another parent
UPDATE "sheets" SET "document_id" = ? WHERE "sheets"."id" = ?;

-- a collection of children is replaced
INSERT INTO "sheets" ("body", "document_id") VALUES (?, ?);
DELETE FROM "sheets" AS "t0" WHERE "t0"."id" IN (SELECT value FROM json_each(?));

-- links change
DELETE FROM "post_tags" AS "t0" WHERE ("t0"."posts_id", "t0"."tags_id") IN (SELECT value ->> 0, value ->> 1 FROM json_each(?));
INSERT INTO "post_tags" ("posts_id", "tags_id") VALUES (?, ?) ON CONFLICT DO NOTHING;

-- a row between two others, with a column of its own
INSERT INTO "usages" ("count", "document_id", "word_id") VALUES (?, ?, ?);

-- two rows swap a unique value
WITH "v"("0", "1") AS (VALUES (?, ?), (?, ?)) UPDATE "tags" SET "name" = "v"."1" FROM "v" WHERE "tags"."id" = "v"."0";
WITH "v"("0", "1") AS (VALUES (?, ?), (?, ?)) UPDATE "tags" SET "name" = "v"."1" FROM "v" WHERE "tags"."id" = "v"."0";

-- three rows rotate a unique value
WITH "v"("0", "1") AS (VALUES (?, ?), (?, ?), (?, ?)) UPDATE "tags" SET "name" = "v"."1" FROM "v" WHERE "tags"."id" = "v"."0";
WITH "v"("0", "1") AS (VALUES (?, ?), (?, ?), (?, ?)) UPDATE "tags" SET "name" = "v"."1" FROM "v" WHERE "tags"."id" = "v"."0";

-- a removed row gives its unique value to a new one
DELETE FROM "tags" AS "t0" WHERE "t0"."id" IN (SELECT value FROM json_each(?));
INSERT INTO "tags" ("name") VALUES (?);

-- a changed row gives its unique value to a new one
UPDATE "tags" SET "name" = ? WHERE "tags"."id" = ?;
INSERT INTO "tags" ("name") VALUES (?);

-- a row switch: a removed key comes back
DELETE FROM "words" AS "t0" WHERE "t0"."id" IN (SELECT value FROM json_each(?));
INSERT INTO "words" ("id", "name") VALUES (?, ?);

-- a versioned row is changed, another removed, a third is new
INSERT INTO "comments" ("body", "post_id") VALUES (?, ?);
UPDATE "posts" SET "views" = ?, "version" = ? WHERE "posts"."id" = ? AND "posts"."version" = ?;
DELETE FROM "posts" AS "t0" WHERE ("t0"."id", "t0"."version") IN (SELECT value ->> 0, value ->> 1 FROM json_each(?));

-- nothing changed
