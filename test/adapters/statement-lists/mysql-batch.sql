-- 200 parents, 300 children and 100 join rows
INSERT INTO `authors` (`name`, `email`, `rating`, `settings`) VALUES (?, ?, ?, ?), … 199 more rows;
SELECT LAST_INSERT_ID() INTO @meshestra_0_1;
INSERT INTO `posts` (`title`, `views`, `published_at`, `version`, `author_id`, `editor_id`) VALUES (?, ?, ?, ?, @meshestra_0_1, ?), … 299 more rows;
SELECT LAST_INSERT_ID() INTO @meshestra_1_1;
INSERT INTO `post_tags` (`posts_id`, `tags_id`) VALUES (@meshestra_1_1, ?), … 99 more rows ON DUPLICATE KEY UPDATE `posts_id` = `posts_id`;
SELECT @@auto_increment_increment AS `step`, @meshestra_0_1 AS `k0_1`, @meshestra_1_1 AS `k1_1`;

-- 300 dirty rows of one entity
UPDATE `posts` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` BIGINT PATH '$[1]', `c2` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */ PATH '$[2]', `c3` BIGINT PATH '$[3]')) AS `v` ON `posts`.`id` = `v`.`c0` AND `posts`.`version` = `v`.`c1` SET `posts`.`title` = `v`.`c2`, `posts`.`version` = `v`.`c3`;
SELECT IF(ROW_COUNT() = ?, 0, 9223372036854775807 * (2 + LENGTH(?) + ROW_COUNT()));

-- 300 dirty rows without a version
UPDATE `tags` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */ PATH '$[1]')) AS `v` ON `tags`.`id` = `v`.`c0` SET `tags`.`name` = `v`.`c1`;
SELECT IF(ROW_COUNT() = ?, 0, 9223372036854775807 * (2 + LENGTH(?) + ROW_COUNT()));

-- 300 removed rows with a version
DELETE `t0` FROM `posts` AS `t0` WHERE (`t0`.`id`, `t0`.`version`) IN (SELECT `l`.`c0`, `l`.`c1` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` BIGINT PATH '$[1]')) AS `l`);
SELECT IF(ROW_COUNT() = ?, 0, 9223372036854775807 * (2 + LENGTH(?) + ROW_COUNT()));

-- a parent chain of three
INSERT INTO `topics` (`name`, `parent_id`) VALUES (?, ?), (?, ?), (?, ?);
SELECT LAST_INSERT_ID() INTO @meshestra_0_1;
UPDATE `topics` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` BIGINT PATH '$[1]', `c2` BIGINT PATH '$[2]', `c3` BIGINT PATH '$[3]', `c4` BIGINT PATH '$[4]', `c5` BIGINT PATH '$[5]')) AS `v` ON `topics`.`id` = COALESCE(`v`.`c0`, CASE `v`.`c1` WHEN 1 THEN @meshestra_0_1 END + `v`.`c2` * @@auto_increment_increment) SET `topics`.`parent_id` = COALESCE(`v`.`c3`, CASE `v`.`c4` WHEN 1 THEN @meshestra_0_1 END + `v`.`c5` * @@auto_increment_increment);
SELECT IF(ROW_COUNT() = ?, 0, 9223372036854775807 * (2 + LENGTH(?) + ROW_COUNT()));
SELECT @@auto_increment_increment AS `step`, @meshestra_0_1 AS `k0_1`;

-- a circle over two tables
INSERT INTO `countries` (`name`, `capital_id`) VALUES (?, ?);
SELECT LAST_INSERT_ID() INTO @meshestra_0_1;
INSERT INTO `cities` (`name`, `country_id`) VALUES (?, @meshestra_0_1);
SELECT LAST_INSERT_ID() INTO @meshestra_1_1;
UPDATE `countries` SET `capital_id` = @meshestra_1_1 WHERE `countries`.`id` = @meshestra_0_1;
SELECT IF(ROW_COUNT() = ?, 0, 9223372036854775807 * (2 + LENGTH(?) + ROW_COUNT()));
SELECT @@auto_increment_increment AS `step`, @meshestra_0_1 AS `k0_1`, @meshestra_1_1 AS `k1_1`;

-- a circle over two tables is removed
UPDATE `countries` SET `capital_id` = ? WHERE `countries`.`id` = ?;
SELECT IF(ROW_COUNT() = ?, 0, 9223372036854775807 * (2 + LENGTH(?) + ROW_COUNT()));
DELETE `t0` FROM `cities` AS `t0` WHERE `t0`.`id` IN (SELECT `l`.`c0` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$')) AS `l`);
DELETE `t0` FROM `countries` AS `t0` WHERE `t0`.`id` IN (SELECT `l`.`c0` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$')) AS `l`);

-- a child moves to another parent
UPDATE `sheets` SET `document_id` = ? WHERE `sheets`.`id` = ?;
SELECT IF(ROW_COUNT() = ?, 0, 9223372036854775807 * (2 + LENGTH(?) + ROW_COUNT()));

-- a collection of children is replaced
INSERT INTO `sheets` (`body`, `document_id`) VALUES (?, ?);
SELECT LAST_INSERT_ID() INTO @meshestra_0_1;
DELETE `t0` FROM `sheets` AS `t0` WHERE `t0`.`id` IN (SELECT `l`.`c0` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$')) AS `l`);
SELECT @@auto_increment_increment AS `step`, @meshestra_0_1 AS `k0_1`;

-- links change
DELETE `t0` FROM `post_tags` AS `t0` WHERE (`t0`.`posts_id`, `t0`.`tags_id`) IN (SELECT `l`.`c0`, `l`.`c1` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` BIGINT PATH '$[1]')) AS `l`);
INSERT INTO `post_tags` (`posts_id`, `tags_id`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `posts_id` = `posts_id`;

-- a row between two others, with a column of its own
INSERT INTO `usages` (`count`, `document_id`, `word_id`) VALUES (?, ?, ?);

-- two rows swap a unique value
UPDATE `tags` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */ PATH '$[1]')) AS `v` ON `tags`.`id` = `v`.`c0` SET `tags`.`name` = `v`.`c1`;
SELECT IF(ROW_COUNT() = ?, 0, 9223372036854775807 * (2 + LENGTH(?) + ROW_COUNT()));
UPDATE `tags` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */ PATH '$[1]')) AS `v` ON `tags`.`id` = `v`.`c0` SET `tags`.`name` = `v`.`c1`;
SELECT IF(ROW_COUNT() = ?, 0, 9223372036854775807 * (2 + LENGTH(?) + ROW_COUNT()));

-- three rows rotate a unique value
UPDATE `tags` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */ PATH '$[1]')) AS `v` ON `tags`.`id` = `v`.`c0` SET `tags`.`name` = `v`.`c1`;
SELECT IF(ROW_COUNT() = ?, 0, 9223372036854775807 * (2 + LENGTH(?) + ROW_COUNT()));
UPDATE `tags` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */ PATH '$[1]')) AS `v` ON `tags`.`id` = `v`.`c0` SET `tags`.`name` = `v`.`c1`;
SELECT IF(ROW_COUNT() = ?, 0, 9223372036854775807 * (2 + LENGTH(?) + ROW_COUNT()));

-- a removed row gives its unique value to a new one
DELETE `t0` FROM `tags` AS `t0` WHERE `t0`.`id` IN (SELECT `l`.`c0` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$')) AS `l`);
INSERT INTO `tags` (`name`) VALUES (?);
SELECT LAST_INSERT_ID() INTO @meshestra_0_1;
SELECT @@auto_increment_increment AS `step`, @meshestra_0_1 AS `k0_1`;

-- a changed row gives its unique value to a new one
UPDATE `tags` SET `name` = ? WHERE `tags`.`id` = ?;
SELECT IF(ROW_COUNT() = ?, 0, 9223372036854775807 * (2 + LENGTH(?) + ROW_COUNT()));
INSERT INTO `tags` (`name`) VALUES (?);
SELECT LAST_INSERT_ID() INTO @meshestra_0_1;
SELECT @@auto_increment_increment AS `step`, @meshestra_0_1 AS `k0_1`;

-- a row switch: a removed key comes back
DELETE `t0` FROM `words` AS `t0` WHERE `t0`.`id` IN (SELECT `l`.`c0` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$')) AS `l`);
INSERT INTO `words` (`id`, `name`) VALUES (?, ?);

-- a versioned row is changed, another removed, a third is new
INSERT INTO `comments` (`body`, `post_id`) VALUES (?, ?);
SELECT LAST_INSERT_ID() INTO @meshestra_0_1;
UPDATE `posts` SET `views` = ?, `version` = ? WHERE `posts`.`id` = ? AND `posts`.`version` = ?;
SELECT IF(ROW_COUNT() = ?, 0, 9223372036854775807 * (2 + LENGTH(?) + ROW_COUNT()));
DELETE `t0` FROM `posts` AS `t0` WHERE (`t0`.`id`, `t0`.`version`) IN (SELECT `l`.`c0`, `l`.`c1` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` BIGINT PATH '$[1]')) AS `l`);
SELECT IF(ROW_COUNT() = ?, 0, 9223372036854775807 * (2 + LENGTH(?) + ROW_COUNT()));
SELECT @@auto_increment_increment AS `step`, @meshestra_0_1 AS `k0_1`;

-- nothing changed
