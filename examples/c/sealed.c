/*
 * Verifies the stamps 电子签章 on a document, offline, and says what came of each in Chinese.
 *
 *     sealed STORE REGION DOCUMENT STAMPS
 *
 * The document is read in pieces, however large it is. Exits with 0 where all stamps are valid, 10 where one is not, 20 where it cannot be told, and
 * 1 where nothing could be verified. Copy what you need of it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zhengyin.h>

/* Prints what went wrong, and frees it. */
static int complain(const char *what, zy_status status, zy_error *error)
{
    const char *why = error ? zy_error_message(error, ZY_LANGUAGE_ZH) : zy_status_text(status, ZY_LANGUAGE_ZH);
    fprintf(stderr, "%s：%s\n", what, why ? why : "?");
    zy_error_free(error);
    return 1;
}

/* A file whole; NULL where there is none. */
static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    long length = -1;
    if (file && fseek(file, 0, SEEK_END) == 0 && (length = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0)
        bytes = (uint8_t *)malloc((size_t)length + 1);
    *size = bytes ? fread(bytes, 1, (size_t)length, file) : 0;
    if (!bytes)
        fprintf(stderr, "%s：%s\n", path, strerror(errno));
    if (file)
        fclose(file);
    return bytes;
}

static void tell(const char *of, const zy_report *report)
{
    uint32_t reason = zy_report_reason(report);
    switch (zy_report_verdict(report)) {
    case ZY_VERDICT_VALID:
        printf("%s：✓ 有效\n", of);
        break;
    case ZY_VERDICT_INVALID:
        printf("%s：✗ 无效：%s（%s）%s\n", of, zy_reason_text(reason, ZY_TEXT_GROUND, ZY_LANGUAGE_ZH), zy_reason_symbol(reason),
               zy_reason_text(reason, ZY_TEXT_REMEDY, ZY_LANGUAGE_ZH));
        break;
    default: /* also what a later version may add */
        printf("%s：? 无法判定：%s（%s）%s%s\n", of, zy_reason_text(reason, ZY_TEXT_GROUND, ZY_LANGUAGE_ZH), zy_reason_symbol(reason),
               zy_reason_text(reason, ZY_TEXT_REMEDY, ZY_LANGUAGE_ZH), zy_reason_text(reason, ZY_TEXT_CAUTION, ZY_LANGUAGE_ZH));
        break;
    }
}

/* Reads the document to its end; what cannot be read is no end. */
static int read_document(const char *path, zy_stamps *stream)
{
    static uint8_t piece[65536];
    zy_error *error = NULL;
    FILE *file = fopen(path, "rb");
    size_t got;
    int failed = !file;
    while (!failed && (got = fread(piece, 1, sizeof piece, file)) > 0) {
        zy_status status = zy_stamps_update(stream, piece, got, &error);
        if (status != ZY_OK) {
            fclose(file);
            return complain(path, status, error);
        }
    }
    failed = failed || ferror(file);
    if (failed)
        fprintf(stderr, "%s：%s\n", path, strerror(errno));
    if (file)
        fclose(file);
    return failed;
}

int main(int count, char **arguments)
{
    zy_error *error = NULL;
    zy_store *store = NULL;
    zy_policy *policy = NULL;
    zy_verifier *verifier = NULL;
    zy_stamps *stream = NULL;
    zy_report *report = NULL;
    uint8_t *held, *stamps;
    size_t held_size = 0, stamps_size = 0, at;
    zy_status status = ZY_OK;
    char name[32];
    int code = 1;

    if (count != 5) {
        fprintf(stderr, "usage: %s STORE REGION DOCUMENT STAMPS\n", arguments[0]);
        return 2;
    }
    held = read_file(arguments[1], &held_size);
    stamps = read_file(arguments[4], &stamps_size);
    if (held && stamps) {
        status = zy_store_from_bytes(held, held_size, NULL, NULL, &store, &error);
        if (status == ZY_OK)
            status = zy_policy_new("counter", arguments[2], &policy, &error);
        if (status == ZY_OK)
            status = zy_verifier_new(store, policy, &verifier, &error);
        if (status == ZY_OK)
            status = zy_stamps_open(verifier, stamps, stamps_size, ZY_NOW_SYSTEM, ZY_UNCERTAINTY_USUAL, NULL, &stream, &error);
        if (status == ZY_OK && read_document(arguments[3], stream) == 0) {
            status = zy_stamps_finish(stream, &report, &error);
            if (status == ZY_OK) {
                tell("文件", report);
                for (at = 0; at < zy_report_stamps_count(report); at++) {
                    zy_report *stamp = NULL;
                    if (zy_report_stamp(report, at, &stamp, NULL) != ZY_OK)
                        break;
                    sprintf(name, "签章 %u", (unsigned)at + 1);
                    tell(name, stamp);
                    zy_report_free(stamp);
                }
                code = (int)zy_report_exit_code(report);
            }
        }
        if (status != ZY_OK)
            complain("未能核验", status, error);
    }
    zy_report_free(report);
    zy_stamps_free(stream);
    zy_verifier_free(verifier);
    zy_policy_free(policy);
    zy_store_free(store);
    free(stamps);
    free(held);
    return code;
}
