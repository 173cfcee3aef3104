/*
 * A federation of two suites, as a program in C has it: `federation PACK PIN CASES`.
 *
 * PACK is what travels to counters, PIN whom they believe; CASES are lines of what stands in files, with what must come out, as
 * .ci/callers/federation.py writes them:
 *
 *     license <tab> REGION <tab> VERDICT <tab> GROUND <tab> PATH
 *     stamps  <tab> REGION <tab> VERDICT <tab> GROUND <tab> PATH <tab> DOCUMENT <tab> HOW MANY
 *
 * Every license is verified besides with a bit of its signature changed, every document with a byte more: neither is valid anywhere.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zhengyin.h>

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s (%s)\n", __FILE__, __LINE__, #condition, about); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

/* What is being looked at. */
static const char *about = "";

/* A file whole, with room for a byte more. */
static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes;
    long length;
    about = path;
    CHECK(file && fseek(file, 0, SEEK_END) == 0);
    length = ftell(file);
    CHECK(length > 0 && fseek(file, 0, SEEK_SET) == 0);
    bytes = (uint8_t *)malloc((size_t)length + 1);
    CHECK(bytes && fread(bytes, 1, (size_t)length, file) == (size_t)length);
    fclose(file);
    *size = (size_t)length;
    return bytes;
}

/* A store of nothing but the pin takes the pack, and is read back from the bytes that it is kept in. */
static zy_store *store_of(const char *path, const char *pin)
{
    zy_store *empty = NULL, *full = NULL, *again = NULL;
    zy_answers *answers = NULL;
    zy_buffer *kept = NULL;
    size_t size, at;
    uint8_t *pack = read_file(path, &size);
    CHECK(zy_store_new(pin, &empty, NULL) == ZY_OK);
    CHECK(zy_store_apply(empty, pack, size, ZY_NOW_SYSTEM, ZY_UNCERTAINTY_USUAL, &full, &answers, NULL) == ZY_OK);
    CHECK(zy_answers_count(answers) >= 9);
    for (at = 0; at < zy_answers_count(answers); at++) {
        zy_answer answer;
        memset(&answer, 0, sizeof answer);
        answer.struct_size = sizeof answer;
        CHECK(zy_answers_get(answers, at, &answer, NULL) == ZY_OK);
        CHECK(answer.answer == ZY_ANSWER_NEW);
    }
    CHECK(zy_store_to_bytes(full, &kept, NULL) == ZY_OK);
    CHECK(zy_store_from_bytes(zy_buffer_data(kept), zy_buffer_size(kept), NULL, NULL, &again, NULL) == ZY_OK);
    zy_buffer_free(kept);
    zy_answers_free(answers);
    zy_store_free(full);
    zy_store_free(empty);
    free(pack);
    return again;
}

static zy_verifier *counter(const zy_store *store, const char *region)
{
    zy_policy *policy = NULL;
    zy_verifier *verifier = NULL;
    CHECK(zy_policy_new("counter", region, &policy, NULL) == ZY_OK);
    CHECK(zy_verifier_new(store, policy, &verifier, NULL) == ZY_OK);
    zy_policy_free(policy);
    return verifier;
}

static const char *word(uint32_t verdict)
{
    return verdict == ZY_VERDICT_VALID ? "valid" : verdict == ZY_VERDICT_INVALID ? "invalid" : "undetermined";
}

/* The report says what was expected. */
static void same(const zy_report *report, const char *verdict, const char *ground)
{
    uint32_t reason = zy_report_reason(report);
    CHECK(strcmp(word(zy_report_verdict(report)), verdict) == 0);
    CHECK(strcmp(reason ? zy_reason_symbol(reason) : "-", ground) == 0);
}

static void license(const zy_verifier *verifier, char **of)
{
    zy_report *report = NULL;
    size_t size;
    uint8_t *bytes = read_file(of[3], &size);
    CHECK(zy_verify(verifier, bytes, size, ZY_NOW_SYSTEM, ZY_UNCERTAINTY_USUAL, NULL, &report, NULL) == ZY_OK);
    same(report, of[1], of[2]);
    zy_report_free(report);
    bytes[size - 1] ^= 1;
    CHECK(zy_verify(verifier, bytes, size, ZY_NOW_SYSTEM, ZY_UNCERTAINTY_USUAL, NULL, &report, NULL) == ZY_OK);
    CHECK(zy_report_verdict(report) == ZY_VERDICT_INVALID);
    if (strcmp(of[1], "valid") == 0)
        same(report, "invalid", "signature.bad");
    zy_report_free(report);
    free(bytes);
}

static void stamps(const zy_verifier *verifier, char **of)
{
    zy_report *report = NULL, *stamp = NULL;
    zy_stamps *stream = NULL;
    size_t size, document_size, at;
    uint8_t *bytes = read_file(of[3], &size), *document = read_file(of[4], &document_size);
    /* In pieces, and whole. */
    CHECK(zy_stamps_open(verifier, bytes, size, ZY_NOW_SYSTEM, ZY_UNCERTAINTY_USUAL, NULL, &stream, NULL) == ZY_OK);
    for (at = 0; at < document_size; at += 1000) {
        size_t piece = document_size - at < 1000 ? document_size - at : 1000;
        CHECK(zy_stamps_update(stream, document + at, piece, NULL) == ZY_OK);
    }
    CHECK(zy_stamps_finish(stream, &report, NULL) == ZY_OK);
    same(report, of[1], of[2]);
    CHECK(zy_report_stamps_count(report) == (size_t)atoi(of[5]));
    for (at = 0; strcmp(of[1], "valid") == 0 && at < zy_report_stamps_count(report); at++) {
        CHECK(zy_report_stamp(report, at, &stamp, NULL) == ZY_OK);
        same(stamp, "valid", "-");
        zy_report_free(stamp);
    }
    zy_stamps_free(stream);
    zy_report_free(report);
    CHECK(zy_verify_stamps(verifier, bytes, size, document, document_size, ZY_NOW_SYSTEM, ZY_UNCERTAINTY_USUAL, NULL, &report, NULL) == ZY_OK);
    same(report, of[1], of[2]);
    zy_report_free(report);
    document[document_size] = ' ';
    CHECK(zy_verify_stamps(verifier, bytes, size, document, document_size + 1, ZY_NOW_SYSTEM, ZY_UNCERTAINTY_USUAL, NULL, &report, NULL) == ZY_OK);
    CHECK(zy_report_verdict(report) == ZY_VERDICT_INVALID);
    zy_report_free(report);
    free(document);
    free(bytes);
}

int main(int count, char **arguments)
{
    static char line[8192];
    char *of[7];
    int words, licenses = 0, documents = 0;
    zy_store *store;
    FILE *cases;

    if (count != 4) {
        fprintf(stderr, "usage: %s PACK PIN CASES\n", arguments[0]);
        return 2;
    }
    store = store_of(arguments[1], arguments[2]);
    cases = fopen(arguments[3], "r");
    about = arguments[3];
    CHECK(cases);
    while (fgets(line, sizeof line, cases)) {
        zy_verifier *verifier;
        line[strcspn(line, "\n")] = 0;
        words = 0;
        for (of[0] = line; of[words] && words < 6;) {
            char *end = strchr(of[words], '\t');
            if (end)
                *end++ = 0;
            of[++words] = end;
        }
        words += of[words] != NULL;
        verifier = counter(store, of[1]);
        if (strcmp(of[0], "license") == 0 && words == 5) {
            license(verifier, of + 1);
            licenses++;
        } else {
            CHECK(strcmp(of[0], "stamps") == 0 && words == 7);
            stamps(verifier, of + 1);
            documents++;
        }
        zy_verifier_free(verifier);
    }
    CHECK(licenses >= 20 && documents >= 7);
    fclose(cases);
    zy_store_free(store);
    printf("callers: %d answers on licenses and %d on stamped documents of two suites are those of the command\n", licenses, documents);
    return 0;
}
