-- 200 parents, 300 children and 100 join rows
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 0 FROM "authors" AS "t") INSERT INTO "authors" ("id", "name", "email", "rating", "settings") SELECT COALESCE("m:list".value ->> 0, "m:keys:0"."k" + ("m:list".value ->> 1)), "m:list".value ->> 2, "m:list".value ->> 3, "m:list".value ->> 4, "m:list".value ->> 5 FROM json_each(?) AS "m:list", "m:keys:0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
WITH "m:keys:1"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 0 FROM "posts" AS "t"), "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 200 FROM "authors" AS "t") INSERT INTO "posts" ("id", "title", "views", "published_at", "version", "author_id", "editor_id") SELECT COALESCE("m:list".value ->> 0, "m:keys:1"."k" + ("m:list".value ->> 1)), "m:list".value ->> 2, "m:list".value ->> 3, "m:list".value ->> 4, "m:list".value ->> 5, COALESCE("m:list".value ->> 6, "m:keys:0"."k" + ("m:list".value ->> 7)), "m:list".value ->> 8 FROM json_each(?) AS "m:list", "m:keys:1", "m:keys:0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
WITH "m:keys:1"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 300 FROM "posts" AS "t") INSERT INTO "post_tags" ("posts_id", "tags_id") SELECT COALESCE("m:list".value ->> 0, "m:keys:1"."k" + ("m:list".value ->> 1)), "m:list".value ->> 2 FROM json_each(?) AS "m:list", "m:keys:1" WHERE TRUE ON CONFLICT DO NOTHING;
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 200 FROM "authors" AS "t"), "m:keys:1"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 300 FROM "posts" AS "t") SELECT CAST("m:keys:0"."k" AS TEXT) AS "k0", CAST("m:keys:1"."k" AS TEXT) AS "k1" FROM "m:keys:0", "m:keys:1";

-- 300 dirty rows of one entity
WITH "m:rows"("0", "1", "2", "3") AS (SELECT "m:list".value ->> 0, "m:list".value ->> 1, "m:list".value ->> 2, "m:list".value ->> 3 FROM json_each(?) AS "m:list") UPDATE "posts" SET "title" = "m:rows"."2", "version" = "m:rows"."3" FROM "m:rows" WHERE "posts"."id" = "m:rows"."0" AND "posts"."version" = "m:rows"."1";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;

-- 300 dirty rows without a version
WITH "m:rows"("0", "1") AS (SELECT "m:list".value ->> 0, "m:list".value ->> 1 FROM json_each(?) AS "m:list") UPDATE "tags" SET "name" = "m:rows"."1" FROM "m:rows" WHERE "tags"."id" = "m:rows"."0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;

-- 300 removed rows with a version
DELETE FROM "posts" WHERE ("posts"."id", "posts"."version") IN (SELECT "m:list".value ->> 0, "m:list".value ->> 1 FROM json_each(?) AS "m:list");
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;

-- a parent chain of three
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 0 FROM "topics" AS "t") INSERT INTO "topics" ("id", "name", "parent_id") SELECT COALESCE("m:list".value ->> 0, "m:keys:0"."k" + ("m:list".value ->> 1)), "m:list".value ->> 2, COALESCE("m:list".value ->> 3, "m:keys:0"."k" + ("m:list".value ->> 4)) FROM json_each(?) AS "m:list", "m:keys:0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 3 FROM "topics" AS "t") SELECT CAST("m:keys:0"."k" AS TEXT) AS "k0" FROM "m:keys:0";

-- a circle over two tables
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 0 FROM "countries" AS "t") INSERT INTO "countries" ("id", "name", "capital_id") SELECT COALESCE("m:list".value ->> 0, "m:keys:0"."k" + ("m:list".value ->> 1)), "m:list".value ->> 2, "m:list".value ->> 3 FROM json_each(?) AS "m:list", "m:keys:0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
WITH "m:keys:1"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 0 FROM "cities" AS "t"), "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 1 FROM "countries" AS "t") INSERT INTO "cities" ("id", "name", "country_id") SELECT COALESCE("m:list".value ->> 0, "m:keys:1"."k" + ("m:list".value ->> 1)), "m:list".value ->> 2, COALESCE("m:list".value ->> 3, "m:keys:0"."k" + ("m:list".value ->> 4)) FROM json_each(?) AS "m:list", "m:keys:1", "m:keys:0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 1 FROM "countries" AS "t"), "m:keys:1"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 1 FROM "cities" AS "t"), "m:rows"("0", "1") AS (SELECT COALESCE("m:list".value ->> 0, "m:keys:0"."k" + ("m:list".value ->> 1)), COALESCE("m:list".value ->> 2, "m:keys:1"."k" + ("m:list".value ->> 3)) FROM json_each(?) AS "m:list", "m:keys:0", "m:keys:1") UPDATE "countries" SET "capital_id" = "m:rows"."1" FROM "m:rows" WHERE "countries"."id" = "m:rows"."0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 1 FROM "countries" AS "t"), "m:keys:1"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 1 FROM "cities" AS "t") SELECT CAST("m:keys:0"."k" AS TEXT) AS "k0", CAST("m:keys:1"."k" AS TEXT) AS "k1" FROM "m:keys:0", "m:keys:1";

-- a circle over two tables is removed
WITH "m:rows"("0", "1") AS (SELECT "m:list".value ->> 0, "m:list".value ->> 1 FROM json_each(?) AS "m:list") UPDATE "countries" SET "capital_id" = "m:rows"."1" FROM "m:rows" WHERE "countries"."id" = "m:rows"."0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
DELETE FROM "cities" WHERE "cities"."id" IN (SELECT "m:list".value FROM json_each(?) AS "m:list");
DELETE FROM "countries" WHERE "countries"."id" IN (SELECT "m:list".value FROM json_each(?) AS "m:list");

-- a child moves to another parent
WITH "m:rows"("0", "1") AS (SELECT "m:list".value ->> 0, "m:list".value ->> 1 FROM json_each(?) AS "m:list") UPDATE "sheets" SET "document_id" = "m:rows"."1" FROM "m:rows" WHERE "sheets"."id" = "m:rows"."0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;

-- a collection of children is replaced
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 0 FROM "sheets" AS "t") INSERT INTO "sheets" ("id", "body", "document_id") SELECT COALESCE("m:list".value ->> 0, "m:keys:0"."k" + ("m:list".value ->> 1)), "m:list".value ->> 2, "m:list".value ->> 3 FROM json_each(?) AS "m:list", "m:keys:0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
DELETE FROM "sheets" WHERE "sheets"."id" IN (SELECT "m:list".value FROM json_each(?) AS "m:list");
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 1 FROM "sheets" AS "t") SELECT CAST("m:keys:0"."k" AS TEXT) AS "k0" FROM "m:keys:0";

-- links change
DELETE FROM "post_tags" WHERE ("post_tags"."posts_id", "post_tags"."tags_id") IN (SELECT "m:list".value ->> 0, "m:list".value ->> 1 FROM json_each(?) AS "m:list");
INSERT INTO "post_tags" ("posts_id", "tags_id") SELECT "m:list".value ->> 0, "m:list".value ->> 1 FROM json_each(?) AS "m:list" WHERE TRUE ON CONFLICT DO NOTHING;

-- a row between two others, with a column of its own
INSERT INTO "usages" ("count", "document_id", "word_id") SELECT "m:list".value ->> 0, "m:list".value ->> 1, "m:list".value ->> 2 FROM json_each(?) AS "m:list";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;

-- two rows swap a unique value
WITH "m:rows"("0", "1") AS (SELECT "m:list".value ->> 0, "m:list".value ->> 1 FROM json_each(?) AS "m:list") UPDATE "tags" SET "name" = "m:rows"."1" FROM "m:rows" WHERE "tags"."id" = "m:rows"."0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
WITH "m:rows"("0", "1") AS (SELECT "m:list".value ->> 0, "m:list".value ->> 1 FROM json_each(?) AS "m:list") UPDATE "tags" SET "name" = "m:rows"."1" FROM "m:rows" WHERE "tags"."id" = "m:rows"."0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;

-- three rows rotate a unique value
WITH "m:rows"("0", "1") AS (SELECT "m:list".value ->> 0, "m:list".value ->> 1 FROM json_each(?) AS "m:list") UPDATE "tags" SET "name" = "m:rows"."1" FROM "m:rows" WHERE "tags"."id" = "m:rows"."0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
WITH "m:rows"("0", "1") AS (SELECT "m:list".value ->> 0, "m:list".value ->> 1 FROM json_each(?) AS "m:list") UPDATE "tags" SET "name" = "m:rows"."1" FROM "m:rows" WHERE "tags"."id" = "m:rows"."0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;

-- a removed row gives its unique value to a new one
DELETE FROM "tags" WHERE "tags"."id" IN (SELECT "m:list".value FROM json_each(?) AS "m:list");
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 0 FROM "tags" AS "t") INSERT INTO "tags" ("id", "name") SELECT COALESCE("m:list".value ->> 0, "m:keys:0"."k" + ("m:list".value ->> 1)), "m:list".value ->> 2 FROM json_each(?) AS "m:list", "m:keys:0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 1 FROM "tags" AS "t") SELECT CAST("m:keys:0"."k" AS TEXT) AS "k0" FROM "m:keys:0";

-- a changed row gives its unique value to a new one
WITH "m:rows"("0", "1") AS (SELECT "m:list".value ->> 0, "m:list".value ->> 1 FROM json_each(?) AS "m:list") UPDATE "tags" SET "name" = "m:rows"."1" FROM "m:rows" WHERE "tags"."id" = "m:rows"."0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 0 FROM "tags" AS "t") INSERT INTO "tags" ("id", "name") SELECT COALESCE("m:list".value ->> 0, "m:keys:0"."k" + ("m:list".value ->> 1)), "m:list".value ->> 2 FROM json_each(?) AS "m:list", "m:keys:0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 1 FROM "tags" AS "t") SELECT CAST("m:keys:0"."k" AS TEXT) AS "k0" FROM "m:keys:0";

-- a row switch: a removed key comes back
DELETE FROM "words" WHERE "words"."id" IN (SELECT "m:list".value FROM json_each(?) AS "m:list");
INSERT INTO "words" ("id", "name") SELECT "m:list".value ->> 0, "m:list".value ->> 1 FROM json_each(?) AS "m:list";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;

-- a versioned row is changed, another removed, a third is new
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 0 FROM "comments" AS "t") INSERT INTO "comments" ("id", "body", "post_id") SELECT COALESCE("m:list".value ->> 0, "m:keys:0"."k" + ("m:list".value ->> 1)), "m:list".value ->> 2, "m:list".value ->> 3 FROM json_each(?) AS "m:list", "m:keys:0";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
WITH "m:rows"("0", "1", "2", "3") AS (SELECT "m:list".value ->> 0, "m:list".value ->> 1, "m:list".value ->> 2, "m:list".value ->> 3 FROM json_each(?) AS "m:list") UPDATE "posts" SET "views" = "m:rows"."2", "version" = "m:rows"."3" FROM "m:rows" WHERE "posts"."id" = "m:rows"."0" AND "posts"."version" = "m:rows"."1";
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
DELETE FROM "posts" WHERE ("posts"."id", "posts"."version") IN (SELECT "m:list".value ->> 0, "m:list".value ->> 1 FROM json_each(?) AS "m:list");
SELECT CASE WHEN changes() = ? THEN 1 ELSE json_extract('{}', ?) END;
WITH "m:keys:0"("k") AS (SELECT COALESCE(MAX("t"."id"), 0) - 1 FROM "comments" AS "t") SELECT CAST("m:keys:0"."k" AS TEXT) AS "k0" FROM "m:keys:0";

-- nothing changed
