-- Hours that were folded without their repositories are folded again, from the trail that is kept as long as they are.
UPDATE `audit_folds` SET `until` = 0, `revision` = `revision` + 1;
