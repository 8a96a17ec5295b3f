-- 200 parents, 300 children and 100 join rows
SELECT set_config('meshestra.k0', (SELECT array_agg(nextval((SELECT pg_get_serial_sequence('"authors"', 'id')::regclass)))::text FROM generate_series(1, $1::bigint)), true) AS "k0", set_config('meshestra.k1', (SELECT array_agg(nextval((SELECT pg_get_serial_sequence('"posts"', 'id')::regclass)))::text FROM generate_series(1, $2::bigint)), true) AS "k1";
WITH "m:found" AS (INSERT INTO "authors" ("id", "name", "email", "rating", "settings") OVERRIDING SYSTEM VALUE SELECT COALESCE("u"."0", "g0"."keys"["u"."1"]), "u"."2", "u"."3", "u"."4", "u"."5" FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::double precision[], $6::jsonb[]) AS "u"("0", "1", "2", "3", "4", "5"), (SELECT current_setting('meshestra.k0')::bigint[] AS "keys" OFFSET 0) AS "g0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $7::bigint THEN 1 ELSE ($8::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;
WITH "m:found" AS (INSERT INTO "posts" ("id", "title", "views", "published_at", "version", "author_id", "editor_id") OVERRIDING SYSTEM VALUE SELECT COALESCE("u"."0", "g1"."keys"["u"."1"]), "u"."2", "u"."3", "u"."4", "u"."5", COALESCE("u"."6", "g0"."keys"["u"."7"]), "u"."8" FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::timestamptz[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[]) AS "u"("0", "1", "2", "3", "4", "5", "6", "7", "8"), (SELECT current_setting('meshestra.k1')::bigint[] AS "keys" OFFSET 0) AS "g1", (SELECT current_setting('meshestra.k0')::bigint[] AS "keys" OFFSET 0) AS "g0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $10::bigint THEN 1 ELSE ($11::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;
INSERT INTO "post_tags" ("posts_id", "tags_id") OVERRIDING SYSTEM VALUE SELECT COALESCE("u"."0", "g1"."keys"["u"."1"]), "u"."2" FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS "u"("0", "1", "2"), (SELECT current_setting('meshestra.k1')::bigint[] AS "keys" OFFSET 0) AS "g1" ON CONFLICT DO NOTHING;

-- 300 dirty rows of one entity
WITH "m:rows"("0", "1", "2", "3") AS (SELECT "u"."0", "u"."1", "u"."2", "u"."3" FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) AS "u"("0", "1", "2", "3")), "m:found" AS (UPDATE "posts" SET "title" = "m:rows"."2", "version" = "m:rows"."3" FROM "m:rows" WHERE "posts"."id" = "m:rows"."0" AND "posts"."version" = "m:rows"."1" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $5::bigint THEN 1 ELSE ($6::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;

-- 300 dirty rows without a version
WITH "m:rows"("0", "1") AS (SELECT "u"."0", "u"."1" FROM unnest($1::bigint[], $2::text[]) AS "u"("0", "1")), "m:found" AS (UPDATE "tags" SET "name" = "m:rows"."1" FROM "m:rows" WHERE "tags"."id" = "m:rows"."0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $3::bigint THEN 1 ELSE ($4::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;

-- 300 removed rows with a version
WITH "m:found" AS (DELETE FROM "posts" WHERE ("posts"."id", "posts"."version") IN (SELECT "u"."0", "u"."1" FROM unnest($1::bigint[], $2::bigint[]) AS "u"("0", "1")) RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $3::bigint THEN 1 ELSE ($4::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;

-- a parent chain of three
SELECT set_config('meshestra.k0', (SELECT array_agg(nextval((SELECT pg_get_serial_sequence('"topics"', 'id')::regclass)))::text FROM generate_series(1, $1::bigint)), true) AS "k0";
WITH "m:found" AS (INSERT INTO "topics" ("id", "name", "parent_id") OVERRIDING SYSTEM VALUE SELECT COALESCE("u"."0", "g0"."keys"["u"."1"]), "u"."2", COALESCE("u"."3", "g0"."keys"["u"."4"]) FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[]) AS "u"("0", "1", "2", "3", "4"), (SELECT current_setting('meshestra.k0')::bigint[] AS "keys" OFFSET 0) AS "g0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $6::bigint THEN 1 ELSE ($7::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;

-- a circle over two tables
SELECT set_config('meshestra.k0', (SELECT array_agg(nextval((SELECT pg_get_serial_sequence('"countries"', 'id')::regclass)))::text FROM generate_series(1, $1::bigint)), true) AS "k0", set_config('meshestra.k1', (SELECT array_agg(nextval((SELECT pg_get_serial_sequence('"cities"', 'id')::regclass)))::text FROM generate_series(1, $2::bigint)), true) AS "k1";
WITH "m:found" AS (INSERT INTO "countries" ("id", "name", "capital_id") OVERRIDING SYSTEM VALUE SELECT COALESCE("u"."0", "g0"."keys"["u"."1"]), "u"."2", "u"."3" FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) AS "u"("0", "1", "2", "3"), (SELECT current_setting('meshestra.k0')::bigint[] AS "keys" OFFSET 0) AS "g0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $5::bigint THEN 1 ELSE ($6::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;
WITH "m:found" AS (INSERT INTO "cities" ("id", "name", "country_id") OVERRIDING SYSTEM VALUE SELECT COALESCE("u"."0", "g1"."keys"["u"."1"]), "u"."2", COALESCE("u"."3", "g0"."keys"["u"."4"]) FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[]) AS "u"("0", "1", "2", "3", "4"), (SELECT current_setting('meshestra.k1')::bigint[] AS "keys" OFFSET 0) AS "g1", (SELECT current_setting('meshestra.k0')::bigint[] AS "keys" OFFSET 0) AS "g0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $6::bigint THEN 1 ELSE ($7::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;
WITH "m:rows"("0", "1") AS (SELECT COALESCE("u"."0", "g0"."keys"["u"."1"]), COALESCE("u"."2", "g1"."keys"["u"."3"]) FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS "u"("0", "1", "2", "3"), (SELECT current_setting('meshestra.k0')::bigint[] AS "keys" OFFSET 0) AS "g0", (SELECT current_setting('meshestra.k1')::bigint[] AS "keys" OFFSET 0) AS "g1"), "m:found" AS (UPDATE "countries" SET "capital_id" = "m:rows"."1" FROM "m:rows" WHERE "countries"."id" = "m:rows"."0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $5::bigint THEN 1 ELSE ($6::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;

-- a circle over two tables is removed
WITH "m:rows"("0", "1") AS (SELECT "u"."0", "u"."1" FROM unnest($1::bigint[], $2::bigint[]) AS "u"("0", "1")), "m:found" AS (UPDATE "countries" SET "capital_id" = "m:rows"."1" FROM "m:rows" WHERE "countries"."id" = "m:rows"."0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $3::bigint THEN 1 ELSE ($4::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;
DELETE FROM "cities" WHERE ("cities"."id") IN (SELECT "u"."0" FROM unnest($1::bigint[]) AS "u"("0"));
DELETE FROM "countries" WHERE ("countries"."id") IN (SELECT "u"."0" FROM unnest($1::bigint[]) AS "u"("0"));

-- a child moves to another parent
WITH "m:rows"("0", "1") AS (SELECT "u"."0", "u"."1" FROM unnest($1::bigint[], $2::bigint[]) AS "u"("0", "1")), "m:found" AS (UPDATE "sheets" SET "document_id" = "m:rows"."1" FROM "m:rows" WHERE "sheets"."id" = "m:rows"."0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $3::bigint THEN 1 ELSE ($4::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;

-- a collection of children is replaced
SELECT set_config('meshestra.k0', (SELECT array_agg(nextval((SELECT pg_get_serial_sequence('"sheets"', 'id')::regclass)))::text FROM generate_series(1, $1::bigint)), true) AS "k0";
WITH "m:found" AS (INSERT INTO "sheets" ("id", "body", "document_id") OVERRIDING SYSTEM VALUE SELECT COALESCE("u"."0", "g0"."keys"["u"."1"]), "u"."2", "u"."3" FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) AS "u"("0", "1", "2", "3"), (SELECT current_setting('meshestra.k0')::bigint[] AS "keys" OFFSET 0) AS "g0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $5::bigint THEN 1 ELSE ($6::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;
DELETE FROM "sheets" WHERE ("sheets"."id") IN (SELECT "u"."0" FROM unnest($1::bigint[]) AS "u"("0"));

-- links change
DELETE FROM "post_tags" WHERE ("post_tags"."posts_id", "post_tags"."tags_id") IN (SELECT "u"."0", "u"."1" FROM unnest($1::bigint[], $2::bigint[]) AS "u"("0", "1"));
INSERT INTO "post_tags" ("posts_id", "tags_id") SELECT "u"."0", "u"."1" FROM unnest($1::bigint[], $2::bigint[]) AS "u"("0", "1") ON CONFLICT DO NOTHING;

-- a row between two others, with a column of its own
WITH "m:found" AS (INSERT INTO "usages" ("count", "document_id", "word_id") SELECT "u"."0", "u"."1", "u"."2" FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS "u"("0", "1", "2") RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $4::bigint THEN 1 ELSE ($5::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;

-- two rows swap a unique value
WITH "m:rows"("0", "1") AS (SELECT "u"."0", "u"."1" FROM unnest($1::bigint[], $2::text[]) AS "u"("0", "1")), "m:found" AS (UPDATE "tags" SET "name" = "m:rows"."1" FROM "m:rows" WHERE "tags"."id" = "m:rows"."0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $3::bigint THEN 1 ELSE ($4::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;
WITH "m:rows"("0", "1") AS (SELECT "u"."0", "u"."1" FROM unnest($1::bigint[], $2::text[]) AS "u"("0", "1")), "m:found" AS (UPDATE "tags" SET "name" = "m:rows"."1" FROM "m:rows" WHERE "tags"."id" = "m:rows"."0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $3::bigint THEN 1 ELSE ($4::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;

-- three rows rotate a unique value
WITH "m:rows"("0", "1") AS (SELECT "u"."0", "u"."1" FROM unnest($1::bigint[], $2::text[]) AS "u"("0", "1")), "m:found" AS (UPDATE "tags" SET "name" = "m:rows"."1" FROM "m:rows" WHERE "tags"."id" = "m:rows"."0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $3::bigint THEN 1 ELSE ($4::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;
WITH "m:rows"("0", "1") AS (SELECT "u"."0", "u"."1" FROM unnest($1::bigint[], $2::text[]) AS "u"("0", "1")), "m:found" AS (UPDATE "tags" SET "name" = "m:rows"."1" FROM "m:rows" WHERE "tags"."id" = "m:rows"."0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $3::bigint THEN 1 ELSE ($4::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;

-- a removed row gives its unique value to a new one
SELECT set_config('meshestra.k0', (SELECT array_agg(nextval((SELECT pg_get_serial_sequence('"tags"', 'id')::regclass)))::text FROM generate_series(1, $1::bigint)), true) AS "k0";
DELETE FROM "tags" WHERE ("tags"."id") IN (SELECT "u"."0" FROM unnest($1::bigint[]) AS "u"("0"));
WITH "m:found" AS (INSERT INTO "tags" ("id", "name") OVERRIDING SYSTEM VALUE SELECT COALESCE("u"."0", "g0"."keys"["u"."1"]), "u"."2" FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS "u"("0", "1", "2"), (SELECT current_setting('meshestra.k0')::bigint[] AS "keys" OFFSET 0) AS "g0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $4::bigint THEN 1 ELSE ($5::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;

-- a changed row gives its unique value to a new one
SELECT set_config('meshestra.k0', (SELECT array_agg(nextval((SELECT pg_get_serial_sequence('"tags"', 'id')::regclass)))::text FROM generate_series(1, $1::bigint)), true) AS "k0";
WITH "m:rows"("0", "1") AS (SELECT "u"."0", "u"."1" FROM unnest($1::bigint[], $2::text[]) AS "u"("0", "1")), "m:found" AS (UPDATE "tags" SET "name" = "m:rows"."1" FROM "m:rows" WHERE "tags"."id" = "m:rows"."0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $3::bigint THEN 1 ELSE ($4::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;
WITH "m:found" AS (INSERT INTO "tags" ("id", "name") OVERRIDING SYSTEM VALUE SELECT COALESCE("u"."0", "g0"."keys"["u"."1"]), "u"."2" FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS "u"("0", "1", "2"), (SELECT current_setting('meshestra.k0')::bigint[] AS "keys" OFFSET 0) AS "g0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $4::bigint THEN 1 ELSE ($5::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;

-- a row switch: a removed key comes back
DELETE FROM "words" WHERE ("words"."id") IN (SELECT "u"."0" FROM unnest($1::bigint[]) AS "u"("0"));
WITH "m:found" AS (INSERT INTO "words" ("id", "name") SELECT "u"."0", "u"."1" FROM unnest($1::bigint[], $2::text[]) AS "u"("0", "1") RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $3::bigint THEN 1 ELSE ($4::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;

-- a versioned row is changed, another removed, a third is new
SELECT set_config('meshestra.k0', (SELECT array_agg(nextval((SELECT pg_get_serial_sequence('"comments"', 'id')::regclass)))::text FROM generate_series(1, $1::bigint)), true) AS "k0";
WITH "m:found" AS (INSERT INTO "comments" ("id", "body", "post_id") OVERRIDING SYSTEM VALUE SELECT COALESCE("u"."0", "g0"."keys"["u"."1"]), "u"."2", "u"."3" FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) AS "u"("0", "1", "2", "3"), (SELECT current_setting('meshestra.k0')::bigint[] AS "keys" OFFSET 0) AS "g0" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $5::bigint THEN 1 ELSE ($6::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;
WITH "m:rows"("0", "1", "2", "3") AS (SELECT "u"."0", "u"."1", "u"."2", "u"."3" FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS "u"("0", "1", "2", "3")), "m:found" AS (UPDATE "posts" SET "views" = "m:rows"."2", "version" = "m:rows"."3" FROM "m:rows" WHERE "posts"."id" = "m:rows"."0" AND "posts"."version" = "m:rows"."1" RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $5::bigint THEN 1 ELSE ($6::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;
WITH "m:found" AS (DELETE FROM "posts" WHERE ("posts"."id", "posts"."version") IN (SELECT "u"."0", "u"."1" FROM unnest($1::bigint[], $2::bigint[]) AS "u"("0", "1")) RETURNING 1) SELECT CASE WHEN (SELECT COUNT(*) FROM "m:found") = $3::bigint THEN 1 ELSE ($4::text || (SELECT COUNT(*) FROM "m:found")::text)::integer END;

-- nothing changed
