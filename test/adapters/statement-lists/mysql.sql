-- 200 parents, 300 children and 100 join rows
INSERT INTO `authors` (`name`, `email`, `rating`, `settings`) VALUES (?, ?, ?, ?), … 199 more rows;
INSERT INTO `posts` (`title`, `views`, `published_at`, `version`, `author_id`, `editor_id`) VALUES (?, ?, ?, ?, ?, ?), … 299 more rows;
INSERT INTO `post_tags` (`posts_id`, `tags_id`) VALUES (?, ?), … 99 more rows ON DUPLICATE KEY UPDATE `posts_id` = `posts_id`;

-- 300 dirty rows of one entity
UPDATE `posts` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` BIGINT PATH '$[1]', `c2` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */ PATH '$[2]', `c3` BIGINT PATH '$[3]')) AS `v` ON `posts`.`id` = `v`.`c0` AND `posts`.`version` = `v`.`c1` SET `posts`.`title` = `v`.`c2`, `posts`.`version` = `v`.`c3`;

-- 300 dirty rows without a version
UPDATE `tags` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */ PATH '$[1]')) AS `v` ON `tags`.`id` = `v`.`c0` SET `tags`.`name` = `v`.`c1`;

-- 300 removed rows with a version
DELETE `t0` FROM `posts` AS `t0` WHERE (`t0`.`id`, `t0`.`version`) IN (SELECT `l`.`c0`, `l`.`c1` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` BIGINT PATH '$[1]')) AS `l`);

-- a parent chain of three
INSERT INTO `topics` (`name`, `parent_id`) VALUES (?, ?), (?, ?), (?, ?);
UPDATE `topics` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` BIGINT PATH '$[1]')) AS `v` ON `topics`.`id` = `v`.`c0` SET `topics`.`parent_id` = `v`.`c1`;

-- a circle over two tables
INSERT INTO `countries` (`name`, `capital_id`) VALUES (?, ?);
INSERT INTO `cities` (`name`, `country_id`) VALUES (?, ?);
UPDATE `countries` SET `capital_id` = ? WHERE `countries`.`id` = ?;

-- a circle over two tables is removed
UPDATE `countries` SET `capital_id` = ? WHERE `countries`.`id` = ?;
DELETE `t0` FROM `cities` AS `t0` WHERE `t0`.`id` IN (SELECT `l`.`c0` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$')) AS `l`);
DELETE `t0` FROM `countries` AS `t0` WHERE `t0`.`id` IN (SELECT `l`.`c0` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$')) AS `l`);

-- a child moves to another parent
UPDATE `sheets` SET `document_id` = ? WHERE `sheets`.`id` = ?;

-- a collection of children is replaced
INSERT INTO `sheets` (`body`, `document_id`) VALUES (?, ?);
DELETE `t0` FROM `sheets` AS `t0` WHERE `t0`.`id` IN (SELECT `l`.`c0` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$')) AS `l`);

-- links change
DELETE `t0` FROM `post_tags` AS `t0` WHERE (`t0`.`posts_id`, `t0`.`tags_id`) IN (SELECT `l`.`c0`, `l`.`c1` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` BIGINT PATH '$[1]')) AS `l`);
INSERT INTO `post_tags` (`posts_id`, `tags_id`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `posts_id` = `posts_id`;

-- a row between two others, with a column of its own
INSERT INTO `usages` (`count`, `document_id`, `word_id`) VALUES (?, ?, ?);

-- two rows swap a unique value
UPDATE `tags` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */ PATH '$[1]')) AS `v` ON `tags`.`id` = `v`.`c0` SET `tags`.`name` = `v`.`c1`;
UPDATE `tags` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */ PATH '$[1]')) AS `v` ON `tags`.`id` = `v`.`c0` SET `tags`.`name` = `v`.`c1`;

-- three rows rotate a unique value
UPDATE `tags` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */ PATH '$[1]')) AS `v` ON `tags`.`id` = `v`.`c0` SET `tags`.`name` = `v`.`c1`;
UPDATE `tags` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */ PATH '$[1]')) AS `v` ON `tags`.`id` = `v`.`c0` SET `tags`.`name` = `v`.`c1`;

-- a removed row gives its unique value to a new one
DELETE `t0` FROM `tags` AS `t0` WHERE `t0`.`id` IN (SELECT `l`.`c0` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$')) AS `l`);
INSERT INTO `tags` (`name`) VALUES (?);

-- a changed row gives its unique value to a new one
UPDATE `tags` SET `name` = ? WHERE `tags`.`id` = ?;
INSERT INTO `tags` (`name`) VALUES (?);

-- a row switch: a removed key comes back
DELETE `t0` FROM `words` AS `t0` WHERE `t0`.`id` IN (SELECT `l`.`c0` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$')) AS `l`);
INSERT INTO `words` (`id`, `name`) VALUES (?, ?);

-- a versioned row is changed, another removed, a third is new
INSERT INTO `comments` (`body`, `post_id`) VALUES (?, ?);
UPDATE `posts` SET `views` = ?, `version` = ? WHERE `posts`.`id` = ? AND `posts`.`version` = ?;
DELETE `t0` FROM `posts` AS `t0` WHERE (`t0`.`id`, `t0`.`version`) IN (SELECT `l`.`c0`, `l`.`c1` FROM JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', `c1` BIGINT PATH '$[1]')) AS `l`);

-- nothing changed
