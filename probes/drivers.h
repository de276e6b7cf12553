/* drivers.h: what is registered with an API's loader: files in folders. */
#pragma once

/*
 * @param folders  NULL-terminated; one that does not exist holds nothing
 * @param suffix   ".icd", ".json"
 * @return how many files of that name lie there
 */
int drivers_count(const char *const *folders, const char *suffix);
/* @return the path of the first file by name that begins with prefix, in the first folder
 * that has one, the caller's to free; or NULL. */
char *drivers_find(const char *const *folders, const char *prefix, const char *suffix);
/* Takes every variable whose name begins with one of these prefixes out of the environment:
 * a control is to run as it does for everybody. @param prefixes  NULL-terminated */
void drivers_forget_settings(const char *const *prefixes);
