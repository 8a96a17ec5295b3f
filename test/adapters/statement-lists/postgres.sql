-- 200 parents, 300 children and 100 join rows
WITH "v" AS MATERIALIZED (SELECT nextval((SELECT pg_get_serial_sequence('"authors"', 'id')::regclass)) AS "k", "u".* FROM unnest($1::text[], $2::text[], $3::double precision[], $4::jsonb[]) WITH ORDINALITY AS "u"("0", "1", "2", "3", "n")), "i" AS (INSERT INTO "authors" ("id", "name", "email", "rating", "settings") OVERRIDING SYSTEM VALUE SELECT "v"."k", "v"."0", "v"."1", "v"."2", "v"."3" FROM "v" RETURNING "id" AS "k") SELECT "v"."n", "v"."k" FROM "i" JOIN "v" ON "v"."k" = "i"."k";
WITH "v" AS MATERIALIZED (SELECT nextval((SELECT pg_get_serial_sequence('"posts"', 'id')::regclass)) AS "k", "u".* FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::bigint[]) WITH ORDINALITY AS "u"("0", "1", "2", "3", "4", "5", "n")), "i" AS (INSERT INTO "posts" ("id", "title", "views", "published_at", "version", "author_id", "editor_id") OVERRIDING SYSTEM VALUE SELECT "v"."k", "v"."0", "v"."1", "v"."2", "v"."3", "v"."4", "v"."5" FROM "v" RETURNING "id" AS "k") SELECT "v"."n", "v"."k" FROM "i" JOIN "v" ON "v"."k" = "i"."k";
INSERT INTO "post_tags" ("posts_id", "tags_id") SELECT * FROM unnest($1::bigint[], $2::bigint[]) ON CONFLICT DO NOTHING;

-- 300 dirty rows of one entity
UPDATE "posts" SET "title" = "v"."2", "version" = "v"."3" FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) AS "v"("0", "1", "2", "3") WHERE "posts"."id" = "v"."0" AND "posts"."version" = "v"."1";

-- 300 dirty rows without a version
UPDATE "tags" SET "name" = "v"."1" FROM unnest($1::bigint[], $2::text[]) AS "v"("0", "1") WHERE "tags"."id" = "v"."0";

-- 300 removed rows with a version
DELETE FROM "posts" AS "t0" WHERE ("t0"."id", "t0"."version") IN (SELECT ("v" ->> 0)::bigint, ("v" ->> 1)::bigint FROM json_array_elements($1::json) AS "v"("v"));

-- a parent chain of three
SELECT nextval((SELECT pg_get_serial_sequence('"topics"', 'id')::regclass)) FROM generate_series(1, $1::bigint);
INSERT INTO "topics" ("id", "name", "parent_id") SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[]);

-- a circle over two tables
INSERT INTO "countries" ("name", "capital_id") VALUES ($1, $2) RETURNING 1, "id";
INSERT INTO "cities" ("name", "country_id") VALUES ($1, $2) RETURNING 1, "id";
UPDATE "countries" SET "capital_id" = $1 WHERE "countries"."id" = $2;

-- a circle over two tables is removed
UPDATE "countries" SET "capital_id" = $1 WHERE "countries"."id" = $2;
DELETE FROM "cities" AS "t0" WHERE "t0"."id" = ANY ($1::bigint[]);
DELETE FROM "countries" AS "t0" WHERE "t0"."id" = ANY ($1::bigint[]);

-- a child moves to another parent
UPDATE "sheets" SET "document_id" = $1 WHERE "sheets"."id" = $2;

-- a collection of children is replaced
INSERT INTO "sheets" ("body", "document_id") VALUES ($1, $2) RETURNING 1, "id";
DELETE FROM "sheets" AS "t0" WHERE "t0"."id" = ANY ($1::bigint[]);

-- links change
DELETE FROM "post_tags" AS "t0" WHERE ("t0"."posts_id", "t0"."tags_id") IN (SELECT ("v" ->> 0)::bigint, ("v" ->> 1)::bigint FROM json_array_elements($1::json) AS "v"("v"));
INSERT INTO "post_tags" ("posts_id", "tags_id") VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- a row between two others, with a column of its own
INSERT INTO "usages" ("count", "document_id", "word_id") VALUES ($1, $2, $3);

-- two rows swap a unique value
UPDATE "tags" SET "name" = "v"."1" FROM unnest($1::bigint[], $2::text[]) AS "v"("0", "1") WHERE "tags"."id" = "v"."0";
UPDATE "tags" SET "name" = "v"."1" FROM unnest($1::bigint[], $2::text[]) AS "v"("0", "1") WHERE "tags"."id" = "v"."0";

-- three rows rotate a unique value
UPDATE "tags" SET "name" = "v"."1" FROM unnest($1::bigint[], $2::text[]) AS "v"("0", "1") WHERE "tags"."id" = "v"."0";
UPDATE "tags" SET "name" = "v"."1" FROM unnest($1::bigint[], $2::text[]) AS "v"("0", "1") WHERE "tags"."id" = "v"."0";

-- a removed row gives its unique value to a new one
DELETE FROM "tags" AS "t0" WHERE "t0"."id" = ANY ($1::bigint[]);
INSERT INTO "tags" ("name") VALUES ($1) RETURNING 1, "id";

-- a changed row gives its unique value to a new one
UPDATE "tags" SET "name" = $1 WHERE "tags"."id" = $2;
INSERT INTO "tags" ("name") VALUES ($1) RETURNING 1, "id";

-- a row switch: a removed key comes back
DELETE FROM "words" AS "t0" WHERE "t0"."id" = ANY ($1::bigint[]);
INSERT INTO "words" ("id", "name") VALUES ($1, $2);

-- a versioned row is changed, another removed, a third is new
INSERT INTO "comments" ("body", "post_id") VALUES ($1, $2) RETURNING 1, "id";
UPDATE "posts" SET "views" = $1, "version" = $2 WHERE "posts"."id" = $3 AND "posts"."version" = $4;
DELETE FROM "posts" AS "t0" WHERE ("t0"."id", "t0"."version") IN (SELECT ("v" ->> 0)::bigint, ("v" ->> 1)::bigint FROM json_array_elements($1::json) AS "v"("v"));

-- nothing changed
