/*
 * A kiosk: verifies one scanned code a line, offline, and says what came of it in Chinese.
 *
 *     kiosk STORE REGION < codes.txt
 *
 * STORE is what `zhengyin store` keeps, REGION where the kiosk stands (six digits). Large status lists are read from the folder STORE.lists.
 * One line in, one line out; it never ends because of a bad code. Copy what you need of it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zhengyin.h>

/* The longest line that a scanner sends. */
#define MAX_LINE 200000

/* Prints what went wrong, and frees it. */
static void complain(const char *what, zy_status status, zy_error *error)
{
    const char *why = error ? zy_error_message(error, ZY_LANGUAGE_ZH) : zy_status_text(status, ZY_LANGUAGE_ZH);
    fprintf(stderr, "%s：%s\n", what, why ? why : "?");
    zy_error_free(error);
}

/* A file whole; NULL where there is none. */
static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL, *grown;
    size_t room = 0, got;
    *size = 0;
    if (!file)
        return NULL;
    do {
        if (room - *size < 65536) {
            room = room ? room * 2 : 65536;
            grown = (uint8_t *)realloc(bytes, room);
            if (!grown) {
                free(bytes);
                fclose(file);
                return NULL;
            }
            bytes = grown;
        }
        got = fread(bytes + *size, 1, room - *size, file);
        *size += got;
    } while (got > 0);
    fclose(file);
    return bytes;
}

/* A large status list, in a file of its own beside the store. */
static size_t read_body(void *context, const char *root, uint8_t *into, size_t size)
{
    char path[4096];
    size_t got = 0;
    FILE *file;
    int length = snprintf(path, sizeof path, "%s.lists/%s", (const char *)context, root);
    if (length < 0 || (size_t)length >= sizeof path || !(file = fopen(path, "rb")))
        return 0;
    got = fread(into, 1, size, file);
    fclose(file);
    return got;
}

/* A verifier of what is in the file. */
static zy_verifier *open_verifier(const char *path, const char *region)
{
    zy_error *error = NULL;
    zy_store *store = NULL;
    zy_policy *policy = NULL;
    zy_verifier *verifier = NULL;
    zy_status status;
    size_t size;
    uint8_t *bytes = read_file(path, &size);
    char context[4096];

    if (!bytes) {
        fprintf(stderr, "%s：%s\n", path, strerror(errno));
        return NULL;
    }
    snprintf(context, sizeof context, "%s", path);
    status = zy_store_from_bytes(bytes, size, read_body, context, &store, &error);
    if (status == ZY_OK)
        status = zy_policy_new("kiosk", region, &policy, &error);
    if (status == ZY_OK)
        status = zy_verifier_new(store, policy, &verifier, &error);
    if (status != ZY_OK)
        complain(path, status, error);
    /* The verifier has what it needs: these are freed at once, and NULL is nothing to free. */
    zy_policy_free(policy);
    zy_store_free(store);
    free(bytes);
    return verifier;
}

/* One scan: the answer in a line. */
static void answer(const zy_verifier *verifier, const char *scan, size_t size)
{
    zy_error *error = NULL;
    zy_report *report = NULL;
    uint32_t reason;
    int64_t until;
    zy_status status =
        zy_verify_text(verifier, scan, size, ZY_NOW_SYSTEM, ZY_UNCERTAINTY_USUAL, NULL, &report, &error);

    if (status != ZY_OK) {
        /* The call did not work: nothing was verified, and nothing may be concluded. */
        complain("未能核验", status, error);
        printf("? 未能核验\n");
        return;
    }
    switch (zy_report_verdict(report)) {
    case ZY_VERDICT_VALID:
        until = zy_report_good_until(report);
        if (until == ZY_NEVER)
            printf("✓ 有效\n");
        else
            printf("✓ 有效（此结论至 %" PRId64 " 为止）\n", until);
        break;
    case ZY_VERDICT_INVALID:
        reason = zy_report_reason(report);
        printf("✗ 无效：%s（%s）%s\n", zy_reason_text(reason, ZY_TEXT_GROUND, ZY_LANGUAGE_ZH),
               zy_reason_symbol(reason), zy_reason_text(reason, ZY_TEXT_REMEDY, ZY_LANGUAGE_ZH));
        break;
    default: /* also what a later version may add */
        reason = zy_report_reason(report);
        printf("? 无法判定：%s（%s）%s%s\n", zy_reason_text(reason, ZY_TEXT_GROUND, ZY_LANGUAGE_ZH),
               zy_reason_symbol(reason), zy_reason_text(reason, ZY_TEXT_REMEDY, ZY_LANGUAGE_ZH),
               zy_reason_text(reason, ZY_TEXT_CAUTION, ZY_LANGUAGE_ZH));
        break;
    }
    zy_report_free(report);
}

int main(int count, char **arguments)
{
    zy_verifier *verifier;
    char *line;
    size_t size;

    if (count != 3) {
        fprintf(stderr, "usage: %s STORE REGION < codes.txt\n", arguments[0]);
        return 2;
    }
    if (zy_abi_version() != ZY_ABI_VERSION) {
        fprintf(stderr, "the library is of another interface than this program was compiled for\n");
        return 1;
    }
    verifier = open_verifier(arguments[1], arguments[2]);
    line = (char *)malloc(MAX_LINE);
    if (!verifier || !line)
        return 1;
    while (fgets(line, MAX_LINE, stdin)) {
        size = strcspn(line, "\r\n");
        if (size > 0) {
            answer(verifier, line, size);
            fflush(stdout);
        }
    }
    free(line);
    zy_verifier_free(verifier);
    return 0;
}
