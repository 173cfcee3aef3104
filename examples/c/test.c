/*
 * Calls every function of zhengyin.h, rightly and wrongly: `test SCENE [VERIFICATIONS]`. What belongs to seals and stamps is in stamps.c.
 *
 * SCENE is a folder that .ci/callers/scene.py wrote. It is C99, C11 and C++11, and is run under ASan, UBSan and valgrind: whatever stands
 * here must leak nothing and touch nothing that is not its own.
 */
#include <pthread.h>
#include <time.h>

#include "check.h"

#define THREADS 8

int checks = 0;
char untouched;
char region[16];
int64_t now;
static const char *scene;

bytes read_file(const char *name)
{
    char path[4096];
    bytes read = {NULL, 0};
    FILE *file;
    long size;
    snprintf(path, sizeof path, "%s/%s", scene, name);
    file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    read.data = (uint8_t *)malloc((size_t)size + 1);
    CHECK(read.data != NULL);
    read.size = fread(read.data, 1, (size_t)size, file);
    read.data[read.size] = 0;
    fclose(file);
    return read;
}

static char shown_region[16];
static int64_t shown_now;
static unsigned shown_uncertainty;
static bytes in_force, revoked, license, code, pack, pin, shown_store, shown, facts, pem;
static void read_scene(void)
{
    long long at = 0, at_shown = 0;
    bytes told = read_file("scene.txt");
    CHECK(sscanf((const char *)told.data, "%15s %lld %15s %lld %u", region, &at, shown_region, &at_shown, &shown_uncertainty) == 5);
    now = at;
    shown_now = at_shown;
    free(told.data);
    in_force = read_file("in-force.store");
    revoked = read_file("revoked.store");
    license = read_file("license.zyl");
    code = read_file("license.txt");
    pack = read_file("trust.pack");
    pin = read_file("pin.txt");
    shown_store = read_file("shown.store");
    shown = read_file("shown.zyl");
    facts = read_file("facts.json");
    pem = read_file("key.pem");
}

zy_store *open_store(bytes file)
{
    zy_store *store = NULL;
    WORKS(zy_store_from_bytes(file.data, file.size, NULL, NULL, &store, &error));
    return store;
}

zy_policy *counter(const char *where)
{
    zy_policy *policy = NULL;
    WORKS(zy_policy_new("counter", where, &policy, &error));
    return policy;
}

zy_verifier *open_verifier(bytes file, const char *where)
{
    zy_store *store = open_store(file);
    zy_policy *policy = counter(where);
    zy_verifier *verifier = NULL;
    WORKS(zy_verifier_new(store, policy, &verifier, &error));
    /* It has what it needs. */
    zy_store_free(store);
    zy_policy_free(policy);
    return verifier;
}

static zy_report *verify(const zy_verifier *verifier, bytes credential)
{
    zy_report *report = NULL;
    WORKS(zy_verify(verifier, credential.data, credential.size, now, ZY_UNCERTAINTY_USUAL, NULL, &report, &error));
    return report;
}

static void library(void)
{
    CHECK(zy_abi_version() == ZY_ABI_VERSION);
    CHECK(strchr(zy_version(), '.') != NULL);
    CHECK(zy_features() <= (ZY_FEATURE_ISSUE | ZY_FEATURE_SM));
    CHECK(strcmp(zy_status_text(ZY_NULL, ZY_LANGUAGE_EN), "must not be NULL") == 0);
    CHECK(strcmp(zy_status_text(ZY_NULL, ZY_LANGUAGE_ZH), "不能为 NULL") == 0);
    CHECK(zy_status_text(77, ZY_LANGUAGE_EN) == NULL && zy_status_text(ZY_OK, 9) == NULL);
    CHECK(strcmp(zy_reason_symbol(ZY_REASON_STATUS_REVOKED), "status.revoked") == 0);
    CHECK(zy_reason_symbol(0) == NULL && zy_reason_symbol(70000) == NULL);
    CHECK(strlen(zy_reason_text(ZY_REASON_STATUS_REVOKED, ZY_TEXT_GROUND, ZY_LANGUAGE_ZH)) > 0);
    CHECK(strlen(zy_reason_text(ZY_REASON_STATUS_REVOKED, ZY_TEXT_REMEDY, ZY_LANGUAGE_EN)) > 0);
    CHECK(zy_reason_text(ZY_REASON_STATUS_REVOKED, ZY_TEXT_CAUTION, ZY_LANGUAGE_EN) != NULL);
    CHECK(zy_reason_text(ZY_REASON_STATUS_REVOKED, 0, ZY_LANGUAGE_EN) == NULL);
    CHECK(zy_reason_text(ZY_REASON_STATUS_REVOKED, ZY_TEXT_GROUND, 0) == NULL);
    CHECK(zy_reason_text(0xffffffffu, ZY_TEXT_GROUND, ZY_LANGUAGE_EN) == NULL);
}

/* NULL, askew, and another kind: for everything that takes a handle and nothing else. */
static void handles(void)
{
    zy_store *store = open_store(in_force);
    zy_error *error = NULL;
    zy_buffer *buffer = NULL;
    WORKS(zy_store_to_bytes(store, &buffer, &error));
    zy_error_free(NULL);
    zy_buffer_free(NULL);
    zy_store_free(NULL);
    zy_answers_free(NULL);
    zy_policy_free(NULL);
    zy_seen_free(NULL);
    zy_verifier_free(NULL);
    zy_report_free(NULL);
    zy_error_free(ASKEW(zy_error, store));
    zy_buffer_free(OTHER(zy_buffer, store));
    zy_answers_free(OTHER(zy_answers, store));
    zy_policy_free(OTHER(zy_policy, store));
    zy_seen_free(OTHER(zy_seen, store));
    zy_verifier_free(OTHER(zy_verifier, store));
    zy_report_free(OTHER(zy_report, store));
    zy_error_free(OTHER(zy_error, store));
    zy_store_free(OTHER(zy_store, buffer));
    CHECK(zy_error_status(NULL) == ZY_NULL && zy_error_status(OTHER(zy_error, store)) == ZY_NULL);
    CHECK(zy_error_reason(NULL) == 0 && zy_error_reason(ASKEW(zy_error, store)) == 0);
    CHECK(zy_error_message(NULL, ZY_LANGUAGE_EN) == NULL);
    CHECK(zy_buffer_data(NULL) == NULL && zy_buffer_data(OTHER(zy_buffer, store)) == NULL);
    CHECK(zy_buffer_size(NULL) == 0 && zy_buffer_size(ASKEW(zy_buffer, buffer)) == 0);
    CHECK(zy_answers_count(NULL) == 0 && zy_answers_count(OTHER(zy_answers, store)) == 0);
    CHECK(zy_report_verdict(NULL) == ZY_VERDICT_UNDETERMINED);
    CHECK(zy_report_verdict(OTHER(zy_report, store)) == ZY_VERDICT_UNDETERMINED);
    CHECK(zy_report_exit_code(NULL) == 1 && zy_report_reason(NULL) == 0 && zy_report_deciding_step(NULL) == 0);
    CHECK(zy_report_good_until(NULL) == 0 && zy_report_result_code(NULL) == 4);
    /* An error that cannot be written to is an error too, and nothing happens. */
    CHECK(zy_policy_new("counter", NULL, NULL, ASKEW(zy_error *, &error)) == ZY_MISALIGNED);
    CHECK(zy_policy_new("counter", NULL, NULL, NULL) == ZY_NULL);
    zy_buffer_free(buffer);
    zy_store_free(store);
}

static size_t bodies_asked;

static size_t no_body(void *context, const char *root, uint8_t *into, size_t size)
{
    (void)into;
    bodies_asked += strlen(root) == 64 && size > 0 && context == &bodies_asked;
    return 0;
}

static void stores(void)
{
    zy_store *store = NULL, *again = NULL, *same = NULL, *left = UNTOUCHED(zy_store);
    zy_answers *answers = NULL, *none = UNTOUCHED(zy_answers);
    zy_buffer *written = NULL, *json = NULL, *empty = UNTOUCHED(zy_buffer);
    zy_answer answer;
    const char *text = (const char *)pin.data;
    char *long_text;
    size_t at;

    WORKS(zy_store_new(text, &store, &error));
    FAILS(ZY_NULL, zy_store_new(NULL, &left, &error));
    FAILS(ZY_NULL, zy_store_new(text, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_store_new(text, ASKEW(zy_store *, &left), &error));
    FAILS(ZY_ARGUMENT, zy_store_new("", &left, &error));
    FAILS(ZY_ARGUMENT, zy_store_new("12", &left, &error));
    FAILS(ZY_NOT_UTF8, zy_store_new(NOT_UTF8, &left, &error));
    long_text = (char *)malloc(ZY_MAX_TEXT + 2);
    CHECK(long_text != NULL);
    memset(long_text, 'a', ZY_MAX_TEXT + 1);
    long_text[ZY_MAX_TEXT + 1] = 0;
    FAILS(ZY_TOO_LARGE, zy_store_new(long_text, &left, &error));
    long_text[ZY_MAX_TEXT] = 0;
    FAILS(ZY_ARGUMENT, zy_store_new(long_text, &left, &error));
    free(long_text);

    WORKS(zy_store_apply(store, pack.data, pack.size, now, ZY_EXACTLY, &again, &answers, &error));
    CHECK(zy_answers_count(answers) == 3);
    for (at = 0; at < 3; at++) {
        memset(&answer, 0xaa, sizeof answer);
        answer.struct_size = sizeof answer;
        WORKS(zy_answers_get(answers, at, &answer, &error));
        CHECK(answer.answer == ZY_ANSWER_NEW && answer.kind == (uint32_t)at + 1 && answer.reason == 0);
        CHECK(answer.struct_size == sizeof answer);
    }
    FAILS(ZY_ARGUMENT, zy_answers_get(answers, 3, &answer, &error));
    FAILS(ZY_ARGUMENT, zy_answers_get(answers, ABSURD, &answer, &error));
    FAILS(ZY_NULL, zy_answers_get(NULL, 0, &answer, &error));
    FAILS(ZY_NULL, zy_answers_get(answers, 0, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_answers_get(answers, 0, ASKEW(zy_answer, &answer), &error));
    FAILS(ZY_WRONG_HANDLE, zy_answers_get(OTHER(zy_answers, store), 0, &answer, &error));
    FAILS(ZY_MISALIGNED, zy_answers_get(ASKEW(zy_answers, answers), 0, &answer, &error));
    zy_answers_free(answers);

    /* The same again is known; an object with something behind it is no object, and nonsense is an answer. */
    WORKS(zy_store_apply(again, pack.data, pack.size, now, ZY_UNCERTAINTY_USUAL, &same, &answers, &error));
    answer.struct_size = sizeof answer;
    WORKS(zy_answers_get(answers, 0, &answer, &error));
    CHECK(answer.answer == ZY_ANSWER_KNOWN);
    zy_answers_free(answers);
    zy_store_free(same);
    WORKS(zy_store_apply_object(store, pack.data, pack.size, now, ZY_EXACTLY, &same, &answers, &error));
    WORKS(zy_answers_get(answers, 0, &answer, &error));
    CHECK(zy_answers_count(answers) == 1 && answer.answer == ZY_ANSWER_REFUSED);
    CHECK(answer.reason == ZY_REASON_ENCODING_TRAILING);
    zy_answers_free(answers);
    zy_store_free(same);
    WORKS(zy_store_apply(store, NULL, 0, ZY_NOW_NONE, 0, &same, &answers, &error));
    zy_answers_free(answers);
    zy_store_free(same);
    WORKS(zy_store_apply_object(store, (const uint8_t *)"?", 1, ZY_NOW_SYSTEM, 0, &same, &answers, &error));
    zy_answers_free(answers);
    zy_store_free(same);
    FAILS(ZY_NULL, zy_store_apply(NULL, pack.data, pack.size, now, 0, &left, &none, &error));
    FAILS(ZY_NULL, zy_store_apply(store, NULL, 1, now, 0, &left, &none, &error));
    FAILS(ZY_TOO_LARGE, zy_store_apply(store, pack.data, ABSURD, now, 0, &left, &none, &error));
    FAILS(ZY_TOO_LARGE, zy_store_apply(store, pack.data, (size_t)ZY_MAX_INPUT + 1, now, 0, &left, &none, &error));
    FAILS(ZY_ARGUMENT, zy_store_apply(store, pack.data, pack.size, -3, 0, &left, &none, &error));
    FAILS(ZY_ARGUMENT, zy_store_apply(store, pack.data, pack.size, ZY_NEVER, 0, &left, &none, &error));
    FAILS(ZY_NULL, zy_store_apply(store, pack.data, pack.size, now, 0, NULL, &none, &error));
    FAILS(ZY_NULL, zy_store_apply(store, pack.data, pack.size, now, 0, &left, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_store_apply(store, pack.data, pack.size, now, 0, ASKEW(zy_store *, &left), &none, &error));
    FAILS(ZY_MISALIGNED, zy_store_apply(store, pack.data, pack.size, now, 0, &left, ASKEW(zy_answers *, &none), &error));
    FAILS(ZY_NULL, zy_store_apply_object(NULL, pack.data, pack.size, now, 0, &left, &none, &error));
    FAILS(ZY_NULL, zy_store_apply_object(store, NULL, 1, now, 0, &left, &none, &error));
    FAILS(ZY_TOO_LARGE, zy_store_apply_object(store, pack.data, ABSURD, now, 0, &left, &none, &error));
    FAILS(ZY_ARGUMENT, zy_store_apply_object(store, pack.data, pack.size, -9, 0, &left, &none, &error));
    FAILS(ZY_NULL, zy_store_apply_object(store, pack.data, pack.size, now, 0, NULL, &none, &error));
    FAILS(ZY_NULL, zy_store_apply_object(store, pack.data, pack.size, now, 0, &left, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_store_apply_object(ASKEW(zy_store, store), pack.data, pack.size, now, 0, &left, &none, &error));

    WORKS(zy_store_to_bytes(again, &written, &error));
    CHECK(zy_buffer_size(written) == in_force.size && memcmp(zy_buffer_data(written), in_force.data, in_force.size) == 0);
    FAILS(ZY_NULL, zy_store_to_bytes(NULL, &empty, &error));
    FAILS(ZY_NULL, zy_store_to_bytes(again, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_store_to_bytes(again, ASKEW(zy_buffer *, &empty), &error));
    FAILS(ZY_WRONG_HANDLE, zy_store_to_bytes(OTHER(zy_store, written), &empty, &error));
    WORKS(zy_store_json(again, &json, &error));
    CHECK(strstr((const char *)zy_buffer_data(json), "\"schema\":\"zhengyin.held/1\"") != NULL);
    CHECK(strlen((const char *)zy_buffer_data(json)) == zy_buffer_size(json));
    FAILS(ZY_NULL, zy_store_json(NULL, &empty, &error));
    FAILS(ZY_NULL, zy_store_json(again, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_store_json(again, ASKEW(zy_buffer *, &empty), &error));

    zy_store_free(again);
    WORKS(zy_store_from_bytes(in_force.data, in_force.size, no_body, &bodies_asked, &again, &error));
    FAILS(ZY_REFUSED, zy_store_from_bytes(in_force.data, in_force.size - 1, NULL, NULL, &left, &error));
    FAILS(ZY_REFUSED, zy_store_from_bytes(NULL, 0, NULL, NULL, &left, &error));
    FAILS(ZY_NULL, zy_store_from_bytes(NULL, 1, NULL, NULL, &left, &error));
    FAILS(ZY_TOO_LARGE, zy_store_from_bytes(in_force.data, ABSURD, NULL, NULL, &left, &error));
    FAILS(ZY_TOO_LARGE, zy_store_from_bytes(in_force.data, ABSURD / 2, NULL, NULL, &left, &error));
    FAILS(ZY_NULL, zy_store_from_bytes(in_force.data, in_force.size, NULL, NULL, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_store_from_bytes(in_force.data, in_force.size, NULL, NULL, ASKEW(zy_store *, &left), &error));
    {
        zy_error *error = NULL;
        CHECK(zy_store_from_bytes(pack.data, pack.size, NULL, NULL, &left, &error) == ZY_REFUSED);
        CHECK(zy_error_reason(error) == ZY_REASON_STORE_CORRUPT);
        CHECK(zy_error_message(error, 0) == NULL);
        CHECK(strlen(zy_error_message(error, ZY_LANGUAGE_ZH)) > 0);
        zy_error_free(error);
    }
    CHECK(left == UNTOUCHED(zy_store) && none == UNTOUCHED(zy_answers) && empty == UNTOUCHED(zy_buffer));
    zy_buffer_free(written);
    zy_buffer_free(json);
    zy_store_free(again);
    zy_store_free(store);
}

static void policies(void)
{
    zy_policy *policy = counter(region), *left = UNTOUCHED(zy_policy);
    zy_store *store = open_store(in_force);
    zy_verifier *verifier = NULL, *unmade = UNTOUCHED(zy_verifier);
    zy_report *report;

    FAILS(ZY_NULL, zy_policy_new(NULL, region, &left, &error));
    FAILS(ZY_ARGUMENT, zy_policy_new("", region, &left, &error));
    FAILS(ZY_ARGUMENT, zy_policy_new("lenient", region, &left, &error));
    FAILS(ZY_NOT_UTF8, zy_policy_new(NOT_UTF8, region, &left, &error));
    FAILS(ZY_ARGUMENT, zy_policy_new("counter", "北京", &left, &error));
    FAILS(ZY_NOT_UTF8, zy_policy_new("counter", NOT_UTF8, &left, &error));
    FAILS(ZY_NULL, zy_policy_new("counter", NULL, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_policy_new("counter", NULL, ASKEW(zy_policy *, &left), &error));
    WORKS(zy_policy_skip(policy, ZY_STEP_RECOGNITION, &error));
    WORKS(zy_policy_skip(policy, ZY_STEP_PRESENTATION, &error));
    FAILS(ZY_ARGUMENT, zy_policy_skip(policy, ZY_STEP_SIGNATURE, &error));
    FAILS(ZY_ARGUMENT, zy_policy_skip(policy, 0, &error));
    FAILS(ZY_NULL, zy_policy_skip(NULL, ZY_STEP_RECOGNITION, &error));
    FAILS(ZY_MISALIGNED, zy_policy_skip(ASKEW(zy_policy, policy), ZY_STEP_RECOGNITION, &error));
    WORKS(zy_policy_limit_grace(policy, "高风险", 0, 1, (uint64_t)-1, &error));
    FAILS(ZY_NULL, zy_policy_limit_grace(policy, NULL, 0, 0, 0, &error));
    FAILS(ZY_NOT_UTF8, zy_policy_limit_grace(policy, NOT_UTF8, 0, 0, 0, &error));
    FAILS(ZY_NULL, zy_policy_limit_grace(NULL, "a", 0, 0, 0, &error));
    FAILS(ZY_WRONG_HANDLE, zy_policy_limit_grace(OTHER(zy_policy, store), "a", 0, 0, 0, &error));
    WORKS(zy_policy_set_risk_class(policy, "11950000MB0000019Y", "高风险", &error));
    FAILS(ZY_ARGUMENT, zy_policy_set_risk_class(policy, "?", "a", &error));
    FAILS(ZY_NULL, zy_policy_set_risk_class(policy, NULL, "a", &error));
    FAILS(ZY_NULL, zy_policy_set_risk_class(policy, "11950000MB0000019Y", NULL, &error));
    FAILS(ZY_NOT_UTF8, zy_policy_set_risk_class(policy, NOT_UTF8, "a", &error));
    FAILS(ZY_NOT_UTF8, zy_policy_set_risk_class(policy, "11950000MB0000019Y", NOT_UTF8, &error));
    FAILS(ZY_NULL, zy_policy_set_risk_class(NULL, "1195", "a", &error));
    WORKS(zy_policy_limit_status_age(policy, 0, &error));
    WORKS(zy_policy_limit_status_age(policy, 86400, &error));
    FAILS(ZY_NULL, zy_policy_limit_status_age(NULL, 1, &error));
    FAILS(ZY_WRONG_HANDLE, zy_policy_limit_status_age(OTHER(zy_policy, store), 1, &error));
    WORKS(zy_policy_accept_suites(policy, ZY_SUITE_ED25519 | ZY_SUITE_SM2, &error));
    WORKS(zy_policy_accept_suites(policy, ZY_SUITE_ED25519, &error));
    FAILS(ZY_ARGUMENT, zy_policy_accept_suites(policy, ZY_SUITE_SM2, &error));
    FAILS(ZY_ARGUMENT, zy_policy_accept_suites(policy, 0, &error));
    FAILS(ZY_ARGUMENT, zy_policy_accept_suites(policy, ZY_SUITE_ED25519 | 4, &error));
    FAILS(ZY_NULL, zy_policy_accept_suites(NULL, ZY_SUITE_ED25519, &error));
    FAILS(ZY_WRONG_HANDLE, zy_policy_accept_suites(OTHER(zy_policy, store), ZY_SUITE_ED25519, &error));

    WORKS(zy_verifier_new(store, policy, &verifier, &error));
    FAILS(ZY_NULL, zy_verifier_new(NULL, policy, &unmade, &error));
    FAILS(ZY_NULL, zy_verifier_new(store, NULL, &unmade, &error));
    FAILS(ZY_NULL, zy_verifier_new(store, policy, NULL, &error));
    FAILS(ZY_WRONG_HANDLE, zy_verifier_new(store, OTHER(zy_policy, store), &unmade, &error));
    FAILS(ZY_WRONG_HANDLE, zy_verifier_new(OTHER(zy_store, policy), policy, &unmade, &error));
    FAILS(ZY_MISALIGNED, zy_verifier_new(store, policy, ASKEW(zy_verifier *, &unmade), &error));
    CHECK(left == UNTOUCHED(zy_policy) && unmade == UNTOUCHED(zy_verifier));
    report = verify(verifier, license);
    CHECK(zy_report_verdict(report) == ZY_VERDICT_VALID);
    zy_report_free(report);
    zy_verifier_free(verifier);
    zy_policy_free(policy);
    zy_store_free(store);
}

/* A question as a program has it that was compiled with a later header. */
typedef struct later_question {
    zy_question known;
    uint64_t more;
} later_question;

/* A step's outcome as a later program, and as one that knows two of its members. */
typedef struct later_outcome {
    zy_outcome known;
    uint64_t more;
} later_outcome;

static void verdicts(void)
{
    zy_verifier *verifier = open_verifier(in_force, region);
    zy_store *after = open_store(revoked);
    zy_report *report, *left = UNTOUCHED(zy_report);
    zy_buffer *json = NULL, *cbor = NULL, *again = NULL, *empty = UNTOUCHED(zy_buffer);
    zy_question question;
    later_question later;
    zy_outcome outcome;
    later_outcome wide;
    uint32_t narrow[4];
    uint32_t step;
    const uint8_t nothing[1] = {0};

    report = verify(verifier, license);
    CHECK(zy_report_verdict(report) == ZY_VERDICT_VALID && zy_report_exit_code(report) == 0);
    CHECK(zy_report_reason(report) == 0 && zy_report_deciding_step(report) == 0 && zy_report_result_code(report) == 0);
    CHECK(zy_report_good_until(report) > now && zy_report_good_until(report) != ZY_NEVER);
    for (step = ZY_STEP_ENCODING; step <= ZY_STEP_STATUS; step++) {
        outcome.struct_size = sizeof outcome;
        WORKS(zy_report_step(report, step, &outcome, &error));
        CHECK(outcome.outcome == ZY_OUTCOME_PASSED && outcome.reason == 0 && outcome.blocked_by == 0);
    }
    WORKS(zy_report_step(report, ZY_STEP_SEAL, &outcome, &error));
    CHECK(outcome.outcome == ZY_OUTCOME_NOT_ASKED);
    FAILS(ZY_ARGUMENT, zy_report_step(report, 0, &outcome, &error));
    FAILS(ZY_ARGUMENT, zy_report_step(report, 10, &outcome, &error));
    FAILS(ZY_NULL, zy_report_step(NULL, 1, &outcome, &error));
    FAILS(ZY_NULL, zy_report_step(report, 1, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_report_step(report, 1, ASKEW(zy_outcome, &outcome), &error));
    FAILS(ZY_WRONG_HANDLE, zy_report_step(OTHER(zy_report, verifier), 1, &outcome, &error));
    outcome.struct_size = 0;
    FAILS(ZY_STRUCT_SIZE, zy_report_step(report, 1, &outcome, &error));
    outcome.struct_size = 12;
    FAILS(ZY_STRUCT_SIZE, zy_report_step(report, 1, &outcome, &error));
    outcome.struct_size = 0xfffffff8u;
    FAILS(ZY_STRUCT_SIZE, zy_report_step(report, 1, &outcome, &error));
    /* A later program's struct: what this library does not know is zero. An earlier one's: what it does not know is left alone. */
    memset(&wide, 0xaa, sizeof wide);
    wide.known.struct_size = sizeof wide;
    WORKS(zy_report_step(report, 1, &wide.known, &error));
    CHECK(wide.known.outcome == ZY_OUTCOME_PASSED && wide.more == 0 && wide.known.struct_size == sizeof wide);
    memset(narrow, 0xaa, sizeof narrow);
    narrow[0] = 8;
    WORKS(zy_report_step(report, 1, (zy_outcome *)(void *)narrow, &error));
    CHECK(narrow[0] == 8 && narrow[1] == ZY_OUTCOME_PASSED && narrow[2] == 0xaaaaaaaau && narrow[3] == 0xaaaaaaaau);

    WORKS(zy_report_json(report, ZY_REPORT_TEXTS, &json, &error));
    CHECK(strstr((const char *)zy_buffer_data(json), "\"schema\":\"zhengyin.report/1\"") != NULL);
    WORKS(zy_report_json(report, ZY_REPORT_TEXTS | ZY_REPORT_REDACTED, &again, &error));
    CHECK(zy_buffer_size(again) < zy_buffer_size(json));
    WORKS(zy_report_cbor(report, 0, &cbor, &error));
    CHECK(zy_buffer_size(cbor) > 100);
    FAILS(ZY_ARGUMENT, zy_report_json(report, 4, &empty, &error));
    FAILS(ZY_ARGUMENT, zy_report_cbor(report, 0xffffffffu, &empty, &error));
    FAILS(ZY_NULL, zy_report_json(NULL, 0, &empty, &error));
    FAILS(ZY_NULL, zy_report_json(report, 0, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_report_json(report, 0, ASKEW(zy_buffer *, &empty), &error));
    FAILS(ZY_NULL, zy_report_cbor(NULL, 0, &empty, &error));
    FAILS(ZY_NULL, zy_report_cbor(report, 0, NULL, &error));
    FAILS(ZY_WRONG_HANDLE, zy_report_cbor(OTHER(zy_report, json), 0, &empty, &error));
    zy_buffer_free(json);
    zy_buffer_free(again);

    /* What it holds is replaced: the next answer is another, this one stays as it is. */
    WORKS(zy_verifier_replace_store(verifier, after, &error));
    FAILS(ZY_NULL, zy_verifier_replace_store(NULL, after, &error));
    FAILS(ZY_NULL, zy_verifier_replace_store(verifier, NULL, &error));
    FAILS(ZY_WRONG_HANDLE, zy_verifier_replace_store(verifier, OTHER(zy_store, verifier), &error));
    WORKS(zy_report_cbor(report, 0, &again, &error));
    CHECK(zy_buffer_size(again) == zy_buffer_size(cbor));
    CHECK(memcmp(zy_buffer_data(again), zy_buffer_data(cbor), zy_buffer_size(cbor)) == 0);
    zy_buffer_free(cbor);
    zy_buffer_free(again);
    zy_report_free(report);
    report = verify(verifier, license);
    CHECK(zy_report_verdict(report) == ZY_VERDICT_INVALID && zy_report_exit_code(report) == 10);
    CHECK(zy_report_reason(report) == ZY_REASON_STATUS_REVOKED && zy_report_deciding_step(report) == ZY_STEP_STATUS);
    zy_report_free(report);
    zy_verifier_free(verifier);
    verifier = open_verifier(in_force, region);

    /* Bytes and texts that are nothing, and too much, and none. */
    report = NULL;
    WORKS(zy_verify(verifier, NULL, 0, now, 0, NULL, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_INVALID && zy_report_reason(report) == ZY_REASON_ENCODING_MALFORMED);
    CHECK(zy_report_good_until(report) == ZY_NEVER);
    zy_report_free(report);
    WORKS(zy_verify(verifier, nothing, 1, ZY_NOW_NONE, 0, NULL, &report, &error));
    zy_report_free(report);
    WORKS(zy_verify(verifier, license.data, license.size, ZY_NOW_NONE, 0, NULL, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_UNDETERMINED && zy_report_exit_code(report) == 20);
    zy_report_free(report);
    WORKS(zy_verify(verifier, license.data, license.size, ZY_NOW_SYSTEM, ZY_UNCERTAINTY_USUAL, NULL, &report, &error));
    zy_report_free(report);
    FAILS(ZY_NULL, zy_verify(NULL, license.data, license.size, now, 0, NULL, &left, &error));
    FAILS(ZY_WRONG_HANDLE, zy_verify(OTHER(zy_verifier, after), license.data, license.size, now, 0, NULL, &left, &error));
    FAILS(ZY_MISALIGNED, zy_verify(ASKEW(zy_verifier, verifier), license.data, license.size, now, 0, NULL, &left, &error));
    FAILS(ZY_NULL, zy_verify(verifier, NULL, 1, now, 0, NULL, &left, &error));
    FAILS(ZY_TOO_LARGE, zy_verify(verifier, license.data, ABSURD, now, 0, NULL, &left, &error));
    FAILS(ZY_ARGUMENT, zy_verify(verifier, license.data, license.size, -7, 0, NULL, &left, &error));
    FAILS(ZY_NULL, zy_verify(verifier, license.data, license.size, now, 0, NULL, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_verify(verifier, license.data, license.size, now, 0, NULL, ASKEW(zy_report *, &left), &error));
    WORKS(zy_verify_text(verifier, (const char *)code.data, code.size, now, 120, NULL, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_VALID);
    zy_report_free(report);
    WORKS(zy_verify_text(verifier, "营业执照", strlen("营业执照"), now, 120, NULL, &report, &error));
    CHECK(zy_report_reason(report) == ZY_REASON_CARRIER_UNKNOWN);
    zy_report_free(report);
    WORKS(zy_verify_text(verifier, NULL, 0, now, 120, NULL, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_INVALID);
    zy_report_free(report);
    FAILS(ZY_NOT_UTF8, zy_verify_text(verifier, NOT_UTF8, 2, now, 0, NULL, &left, &error));
    FAILS(ZY_NULL, zy_verify_text(verifier, NULL, 2, now, 0, NULL, &left, &error));
    FAILS(ZY_NULL, zy_verify_text(NULL, "860", 3, now, 0, NULL, &left, &error));
    FAILS(ZY_TOO_LARGE, zy_verify_text(verifier, "860", ABSURD, now, 0, NULL, &left, &error));
    FAILS(ZY_ARGUMENT, zy_verify_text(verifier, "860", 3, -7, 0, NULL, &left, &error));
    FAILS(ZY_NULL, zy_verify_text(verifier, "860", 3, now, 0, NULL, NULL, &error));

    /* Questions: of an earlier program, of this one, of a later one. */
    memset(&question, 0, sizeof question);
    question.struct_size = sizeof question;
    question.has = ZY_HAS_EVENT_TIME | ZY_HAS_KNOWN_AS_OF;
    question.event_time = now - 60;
    question.known_as_of = now - 30;
    question.purpose = PURPOSE;
    question.audience = AUDIENCE;
    question.use_case = "住宿登记";
    WORKS(zy_verify(verifier, license.data, license.size, now, 120, &question, &report, &error));
    zy_report_free(report);
    question.struct_size = 24; /* up to the two times */
    question.purpose = NOT_UTF8;
    WORKS(zy_verify(verifier, license.data, license.size, now, 120, &question, &report, &error));
    zy_report_free(report);
    question.struct_size = sizeof question;
    FAILS(ZY_NOT_UTF8, zy_verify(verifier, license.data, license.size, now, 0, &question, &left, &error));
    question.purpose = NULL;
    question.audience = NOT_UTF8;
    FAILS(ZY_NOT_UTF8, zy_verify(verifier, license.data, license.size, now, 0, &question, &left, &error));
    question.audience = NULL;
    question.use_case = NOT_UTF8;
    FAILS(ZY_NOT_UTF8, zy_verify(verifier, license.data, license.size, now, 0, &question, &left, &error));
    question.use_case = NULL;
    question.has = 8;
    FAILS(ZY_ARGUMENT, zy_verify(verifier, license.data, license.size, now, 0, &question, &left, &error));
    question.has = ZY_HAS_EVENT_TIME;
    question.event_time = -1;
    FAILS(ZY_ARGUMENT, zy_verify(verifier, license.data, license.size, now, 0, &question, &left, &error));
    question.has = ZY_HAS_KNOWN_AS_OF;
    question.known_as_of = ZY_NEVER;
    FAILS(ZY_ARGUMENT, zy_verify(verifier, license.data, license.size, now, 0, &question, &left, &error));
    question.has = 0;
    question.challenge = license.data;
    question.challenge_size = 15;
    FAILS(ZY_ARGUMENT, zy_verify(verifier, license.data, license.size, now, 0, &question, &left, &error));
    question.challenge_size = ABSURD;
    FAILS(ZY_TOO_LARGE, zy_verify(verifier, license.data, license.size, now, 0, &question, &left, &error));
    question.challenge = NULL;
    question.challenge_size = 16;
    FAILS(ZY_NULL, zy_verify(verifier, license.data, license.size, now, 0, &question, &left, &error));
    question.challenge_size = 0;
    question.seen = OTHER(zy_seen, after);
    FAILS(ZY_WRONG_HANDLE, zy_verify(verifier, license.data, license.size, now, 0, &question, &left, &error));
    FAILS(ZY_WRONG_HANDLE, zy_verify_text(verifier, "860", 3, now, 0, &question, &left, &error));
    question.seen = NULL;
    FAILS(ZY_MISALIGNED, zy_verify(verifier, license.data, license.size, now, 0, ASKEW(zy_question, &question), &left, &error));
    question.struct_size = 4;
    FAILS(ZY_STRUCT_SIZE, zy_verify(verifier, license.data, license.size, now, 0, &question, &left, &error));
    question.struct_size = 0xffffffffu;
    FAILS(ZY_STRUCT_SIZE, zy_verify(verifier, license.data, license.size, now, 0, &question, &left, &error));
    memset(&later, 0, sizeof later);
    later.known.struct_size = sizeof later;
    WORKS(zy_verify(verifier, license.data, license.size, now, 120, &later.known, &report, &error));
    zy_report_free(report);
    later.more = 1; /* something that this library is too old for */
    FAILS(ZY_STRUCT_SIZE, zy_verify(verifier, license.data, license.size, now, 0, &later.known, &left, &error));

    CHECK(left == UNTOUCHED(zy_report) && empty == UNTOUCHED(zy_buffer));
    zy_store_free(after);
    zy_verifier_free(verifier);
}

static void presentations(void)
{
    zy_verifier *verifier = open_verifier(shown_store, shown_region);
    zy_seen *seen = NULL, *left = UNTOUCHED(zy_seen);
    zy_report *report = NULL;
    zy_question question;
    uint8_t key[32];

    memset(key, 7, sizeof key);
    WORKS(zy_seen_new(&seen, &error));
    FAILS(ZY_NULL, zy_seen_new(NULL, &error));
    FAILS(ZY_MISALIGNED, zy_seen_new(ASKEW(zy_seen *, &left), &error));
    memset(&question, 0, sizeof question);
    question.struct_size = sizeof question;
    question.purpose = PURPOSE;
    question.audience = AUDIENCE;
    question.seen = seen;
    WORKS(zy_verify(verifier, shown.data, shown.size, shown_now, shown_uncertainty, &question, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_VALID);
    WORKS(zy_seen_remember(seen, report, &error));
    FAILS(ZY_NULL, zy_seen_remember(NULL, report, &error));
    FAILS(ZY_NULL, zy_seen_remember(seen, NULL, &error));
    FAILS(ZY_WRONG_HANDLE, zy_seen_remember(seen, OTHER(zy_report, seen), &error));
    zy_report_free(report);
    /* It is good once. */
    WORKS(zy_verify(verifier, shown.data, shown.size, shown_now, shown_uncertainty, &question, &report, &error));
    CHECK(zy_report_verdict(report) != ZY_VERDICT_VALID && zy_report_deciding_step(report) == ZY_STEP_PRESENTATION);
    zy_report_free(report);
    WORKS(zy_seen_add(seen, key, sizeof key, shown_now, &error));
    FAILS(ZY_ARGUMENT, zy_seen_add(seen, key, 31, shown_now, &error));
    FAILS(ZY_ARGUMENT, zy_seen_add(seen, NULL, 0, shown_now, &error));
    FAILS(ZY_NULL, zy_seen_add(seen, NULL, 32, shown_now, &error));
    FAILS(ZY_TOO_LARGE, zy_seen_add(seen, key, ABSURD, shown_now, &error));
    FAILS(ZY_ARGUMENT, zy_seen_add(seen, key, sizeof key, -1, &error));
    FAILS(ZY_NULL, zy_seen_add(NULL, key, sizeof key, shown_now, &error));
    WORKS(zy_seen_forget(seen, shown_now + 86400, &error));
    FAILS(ZY_ARGUMENT, zy_seen_forget(seen, -1, &error));
    FAILS(ZY_NULL, zy_seen_forget(NULL, shown_now, &error));
    WORKS(zy_verify(verifier, shown.data, shown.size, shown_now, shown_uncertainty, &question, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_VALID);
    CHECK(left == UNTOUCHED(zy_seen));
    /* The report keeps what it needs of what was seen. */
    zy_seen_free(seen);
    zy_verifier_free(verifier);
    CHECK(zy_report_verdict(report) == ZY_VERDICT_VALID);
    zy_report_free(report);
}

static void carriers(void)
{
    zy_buffer *text = NULL, *decoded = NULL, *json = NULL, *left = UNTOUCHED(zy_buffer);
    zy_carried carried;
    const char *texts[2];
    size_t sizes[2];
    uint32_t carrier;

    for (carrier = ZY_CARRIER_DIGITS; carrier <= ZY_CARRIER_BLOCK; carrier++) {
        WORKS(zy_carrier_encode(license.data, license.size, carrier, &text, &error));
        texts[0] = (const char *)zy_buffer_data(text);
        sizes[0] = zy_buffer_size(text);
        memset(&carried, 0, sizeof carried);
        carried.struct_size = sizeof carried;
        WORKS(zy_carrier_decode(texts, sizes, 1, &carried, &decoded, &error));
        CHECK(zy_buffer_size(decoded) == license.size);
        CHECK(memcmp(zy_buffer_data(decoded), license.data, license.size) == 0);
        CHECK(carried.carrier == carrier && carried.form == 1 && carried.parts == 1 && carried.repaired == 0);
        zy_buffer_free(decoded);
        zy_buffer_free(text);
    }
    texts[0] = (const char *)code.data;
    sizes[0] = code.size; /* with its line feed */
    WORKS(zy_carrier_decode(texts, sizes, 1, &carried, &decoded, &error));
    CHECK(carried.repaired == ZY_REPAIRED_WHITE_SPACE);
    zy_buffer_free(decoded);
    WORKS(zy_carrier_decode(texts, sizes, 1, NULL, &decoded, &error));
    zy_buffer_free(decoded);
    FAILS(ZY_REFUSED, zy_carrier_decode(texts, sizes, 0, &carried, &left, &error));
    FAILS(ZY_REFUSED, zy_carrier_decode(NULL, NULL, 0, NULL, &left, &error));
    FAILS(ZY_NULL, zy_carrier_decode(NULL, sizes, 1, NULL, &left, &error));
    FAILS(ZY_NULL, zy_carrier_decode(texts, NULL, 1, NULL, &left, &error));
    FAILS(ZY_MISALIGNED, zy_carrier_decode(ASKEW(const char *, texts), sizes, 1, NULL, &left, &error));
    FAILS(ZY_MISALIGNED, zy_carrier_decode(texts, ASKEW(const size_t, sizes), 1, NULL, &left, &error));
    FAILS(ZY_TOO_LARGE, zy_carrier_decode(texts, sizes, ABSURD, NULL, &left, &error));
    FAILS(ZY_NULL, zy_carrier_decode(texts, sizes, 1, NULL, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_carrier_decode(texts, sizes, 1, ASKEW(zy_carried, &carried), &left, &error));
    carried.struct_size = 1;
    FAILS(ZY_STRUCT_SIZE, zy_carrier_decode(texts, sizes, 1, &carried, &left, &error));
    texts[1] = NULL;
    sizes[1] = 1;
    FAILS(ZY_NULL, zy_carrier_decode(texts, sizes, 2, NULL, &left, &error));
    texts[1] = NOT_UTF8;
    sizes[1] = 2;
    FAILS(ZY_NOT_UTF8, zy_carrier_decode(texts, sizes, 2, NULL, &left, &error));
    sizes[1] = ABSURD;
    FAILS(ZY_TOO_LARGE, zy_carrier_decode(texts, sizes, 2, NULL, &left, &error));
    FAILS(ZY_ARGUMENT, zy_carrier_encode(license.data, license.size, 0, &left, &error));
    FAILS(ZY_REFUSED, zy_carrier_encode(NULL, 0, ZY_CARRIER_DIGITS, &left, &error));
    FAILS(ZY_NULL, zy_carrier_encode(NULL, 1, ZY_CARRIER_DIGITS, &left, &error));
    FAILS(ZY_TOO_LARGE, zy_carrier_encode(license.data, ABSURD, ZY_CARRIER_DIGITS, &left, &error));
    FAILS(ZY_NULL, zy_carrier_encode(license.data, license.size, ZY_CARRIER_DIGITS, NULL, &error));

    WORKS(zy_inspect(license.data, license.size, &json, &error));
    CHECK(strstr((const char *)zy_buffer_data(json), "\"verified\":false") != NULL);
    CHECK(strstr((const char *)zy_buffer_data(json), "\"canonical\":true") != NULL);
    zy_buffer_free(json);
    WORKS(zy_inspect(NULL, 0, &json, &error));
    CHECK(strstr((const char *)zy_buffer_data(json), "\"canonical\":false") != NULL);
    zy_buffer_free(json);
    FAILS(ZY_NULL, zy_inspect(NULL, 1, &left, &error));
    FAILS(ZY_TOO_LARGE, zy_inspect(license.data, ABSURD, &left, &error));
    FAILS(ZY_NULL, zy_inspect(license.data, license.size, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_inspect(license.data, license.size, ASKEW(zy_buffer *, &left), &error));
    CHECK(left == UNTOUCHED(zy_buffer));
}

#ifdef ZY_ISSUE
/* A device that answers as it is told to. */
static int32_t answers_with(void *context, const uint8_t *message, size_t size, uint8_t *signature, size_t capacity)
{
    const int32_t *answer = (const int32_t *)context;
    CHECK(message != NULL && size > 10 && capacity >= 64);
    memset(signature, 0x5a, 64);
    return *answer;
}

static void issuing(void)
{
    zy_signer *signer = NULL, *device = NULL, *left = UNTOUCHED(zy_signer);
    zy_buffer *spki = NULL, *issued = NULL, *presented = NULL, *receipt = NULL, *json = NULL, *empty = UNTOUCHED(zy_buffer);
    zy_credential credential;
    zy_showing showing;
    zy_verifier *verifier = open_verifier(in_force, region);
    zy_store *store = open_store(in_force);
    zy_report *report;
    const char *text = (const char *)facts.data;
    const char *key = (const char *)pem.data;
    const int32_t answers[6] = {ZY_SIGN_UNREACHABLE, ZY_SIGN_REFUSED, ZY_SIGN_TIMED_OUT, 63, 0x7fffffff, 64};
    const uint8_t *evidence[2];
    size_t sizes[2], at;
    uint32_t verdict = 77;
    uint8_t thumbprint[32];

    CHECK(zy_features() & ZY_FEATURE_ISSUE);
    WORKS(zy_signer_from_pem(key, pem.size, NULL, 0, &signer, &error));
    FAILS(ZY_ARGUMENT, zy_signer_from_pem("?", 1, NULL, 0, &left, &error));
    FAILS(ZY_ARGUMENT, zy_signer_from_pem(NULL, 0, NULL, 0, &left, &error));
    FAILS(ZY_NULL, zy_signer_from_pem(NULL, 1, NULL, 0, &left, &error));
    FAILS(ZY_NOT_UTF8, zy_signer_from_pem(NOT_UTF8, 2, NULL, 0, &left, &error));
    FAILS(ZY_TOO_LARGE, zy_signer_from_pem(key, ABSURD, NULL, 0, &left, &error));
    FAILS(ZY_NULL, zy_signer_from_pem(key, pem.size, NULL, 1, &left, &error));
    FAILS(ZY_NULL, zy_signer_from_pem(key, pem.size, NULL, 0, NULL, &error));
    WORKS(zy_signer_public_key(signer, &spki, &error));
    CHECK(zy_buffer_size(spki) == 44);
    FAILS(ZY_NULL, zy_signer_public_key(NULL, &empty, &error));
    FAILS(ZY_NULL, zy_signer_public_key(signer, NULL, &error));

    memset(&credential, 0, sizeof credential);
    credential.struct_size = sizeof credential;
    credential.issued_at = credential.not_before = now;
    credential.expires = now + 86400;
    credential.status_list = 1;
    credential.status_index = 7;
    credential.id = license.data;
    credential.id_size = 16;
    credential.holder_key = zy_buffer_data(spki);
    credential.holder_key_size = zy_buffer_size(spki);
    WORKS(zy_license_issue(signer, text, facts.size, &credential, NULL, &issued, &error));
    CHECK(zy_buffer_size(issued) > 300);
    /* A verifier does not know this signer: with its store nothing is signed. */
    FAILS(ZY_REFUSED, zy_license_issue(signer, text, facts.size, &credential, store, &empty, &error));
    FAILS(ZY_NULL, zy_license_issue(NULL, text, facts.size, &credential, NULL, &empty, &error));
    FAILS(ZY_ARGUMENT, zy_license_issue(signer, NULL, 0, &credential, NULL, &empty, &error));
    FAILS(ZY_NULL, zy_license_issue(signer, NULL, 1, &credential, NULL, &empty, &error));
    FAILS(ZY_ARGUMENT, zy_license_issue(signer, NOT_UTF8, 2, &credential, NULL, &empty, &error));
    FAILS(ZY_TOO_LARGE, zy_license_issue(signer, text, ABSURD, &credential, NULL, &empty, &error));
    FAILS(ZY_NULL, zy_license_issue(signer, text, facts.size, NULL, NULL, &empty, &error));
    FAILS(ZY_MISALIGNED, zy_license_issue(signer, text, facts.size, ASKEW(zy_credential, &credential), NULL, &empty, &error));
    FAILS(ZY_WRONG_HANDLE, zy_license_issue(signer, text, facts.size, &credential, OTHER(zy_store, signer), &empty, &error));
    FAILS(ZY_NULL, zy_license_issue(signer, text, facts.size, &credential, NULL, NULL, &error));
    credential.issuer = "示例";
    FAILS(ZY_ARGUMENT, zy_license_issue(signer, text, facts.size, &credential, NULL, &empty, &error));
    credential.issuer = NOT_UTF8;
    FAILS(ZY_NOT_UTF8, zy_license_issue(signer, text, facts.size, &credential, NULL, &empty, &error));
    credential.issuer = NULL;
    credential.id_size = 15;
    FAILS(ZY_ARGUMENT, zy_license_issue(signer, text, facts.size, &credential, NULL, &empty, &error));
    credential.id_size = 16;
    credential.expires = -1;
    FAILS(ZY_ARGUMENT, zy_license_issue(signer, text, facts.size, &credential, NULL, &empty, &error));
    credential.expires = 0;

    /* Devices that fail in every way that one can. */
    for (at = 0; at < 6; at++) {
        WORKS(zy_signer_new(zy_buffer_data(spki) + 12, 32, answers_with, (void *)(size_t)&answers[at], &device, &error));
        FAILS(ZY_SIGNER, zy_license_issue(device, text, facts.size, &credential, NULL, &empty, &error));
        zy_signer_free(device);
    }
    FAILS(ZY_NULL, zy_signer_new(zy_buffer_data(spki), 44, NULL, NULL, &left, &error));
    FAILS(ZY_NULL, zy_signer_new(NULL, 32, answers_with, NULL, &left, &error));
    FAILS(ZY_REFUSED, zy_signer_new(NULL, 0, answers_with, NULL, &left, &error));
    FAILS(ZY_REFUSED, zy_signer_new(zy_buffer_data(spki), 31, answers_with, NULL, &left, &error));
    FAILS(ZY_TOO_LARGE, zy_signer_new(zy_buffer_data(spki), ABSURD, answers_with, NULL, &left, &error));
    FAILS(ZY_NULL, zy_signer_new(zy_buffer_data(spki), 44, answers_with, NULL, NULL, &error));

    memset(&showing, 0, sizeof showing);
    showing.struct_size = sizeof showing;
    showing.issued_at = now;
    showing.audience = AUDIENCE;
    showing.purpose = PURPOSE;
    showing.challenge = license.data;
    showing.challenge_size = 16;
    WORKS(zy_license_show(signer, zy_buffer_data(issued), zy_buffer_size(issued), &showing, &presented, &error));
    CHECK(zy_buffer_size(presented) > zy_buffer_size(issued));
    FAILS(ZY_ARGUMENT, zy_license_show(signer, license.data, license.size, &showing, &empty, &error));
    FAILS(ZY_REFUSED, zy_license_show(signer, pack.data, pack.size, &showing, &empty, &error));
    FAILS(ZY_REFUSED, zy_license_show(signer, NULL, 0, &showing, &empty, &error));
    FAILS(ZY_NULL, zy_license_show(NULL, license.data, license.size, &showing, &empty, &error));
    FAILS(ZY_TOO_LARGE, zy_license_show(signer, license.data, ABSURD, &showing, &empty, &error));
    FAILS(ZY_NULL, zy_license_show(signer, license.data, license.size, NULL, &empty, &error));
    FAILS(ZY_NULL, zy_license_show(signer, license.data, license.size, &showing, NULL, &error));
    showing.challenge_size = 3;
    FAILS(ZY_ARGUMENT, zy_license_show(signer, zy_buffer_data(issued), zy_buffer_size(issued), &showing, &empty, &error));
    showing.challenge_size = 0;
    showing.service = "?";
    FAILS(ZY_ARGUMENT, zy_license_show(signer, zy_buffer_data(issued), zy_buffer_size(issued), &showing, &empty, &error));

    /* A verdict that this device vouches for, and that another comes to again. */
    report = verify(verifier, license);
    WORKS(zy_receipt_sign(signer, report, ZY_CLOCK_TOLD, &receipt, &error));
    FAILS(ZY_ARGUMENT, zy_receipt_sign(signer, report, 3, &empty, &error));
    FAILS(ZY_NULL, zy_receipt_sign(NULL, report, 0, &empty, &error));
    FAILS(ZY_NULL, zy_receipt_sign(signer, NULL, 0, &empty, &error));
    FAILS(ZY_NULL, zy_receipt_sign(signer, report, 0, NULL, &error));
    zy_report_free(report);
    evidence[0] = license.data;
    sizes[0] = license.size;
    evidence[1] = pack.data;
    sizes[1] = pack.size;
    WORKS(zy_receipt_replay(zy_buffer_data(receipt), zy_buffer_size(receipt), evidence, sizes, 2, store, NULL, 0, &verdict, &json, &error));
    /* Whose device it is nobody here knows; the verdict itself comes out again. */
    CHECK(verdict == ZY_VERDICT_UNDETERMINED);
    CHECK(strstr((const char *)zy_buffer_data(json), "\"difference\":null") != NULL);
    zy_buffer_free(json);
    memset(thumbprint, 0, sizeof thumbprint);
    FAILS(ZY_REFUSED, zy_receipt_replay(license.data, license.size, evidence, sizes, 2, store, NULL, 0, &verdict, &empty, &error));
    FAILS(ZY_REFUSED, zy_receipt_replay(NULL, 0, NULL, NULL, 0, NULL, NULL, 0, &verdict, &empty, &error));
    FAILS(ZY_NULL, zy_receipt_replay(NULL, 1, NULL, NULL, 0, NULL, NULL, 0, &verdict, &empty, &error));
    FAILS(ZY_TOO_LARGE, zy_receipt_replay(zy_buffer_data(receipt), ABSURD, NULL, NULL, 0, NULL, NULL, 0, &verdict, &empty, &error));
    FAILS(ZY_NULL, zy_receipt_replay(zy_buffer_data(receipt), zy_buffer_size(receipt), NULL, sizes, 1, NULL, NULL, 0, &verdict, &empty, &error));
    FAILS(ZY_NULL, zy_receipt_replay(zy_buffer_data(receipt), zy_buffer_size(receipt), evidence, NULL, 1, NULL, NULL, 0, &verdict, &empty, &error));
    FAILS(ZY_TOO_LARGE, zy_receipt_replay(zy_buffer_data(receipt), zy_buffer_size(receipt), evidence, sizes, ABSURD, NULL, NULL, 0, &verdict, &empty, &error));
    FAILS(ZY_WRONG_HANDLE, zy_receipt_replay(zy_buffer_data(receipt), zy_buffer_size(receipt), evidence, sizes, 2, OTHER(zy_store, signer), NULL, 0, &verdict, &empty, &error));
    FAILS(ZY_ARGUMENT, zy_receipt_replay(zy_buffer_data(receipt), zy_buffer_size(receipt), evidence, sizes, 2, store, thumbprint, 31, &verdict, &empty, &error));
    FAILS(ZY_NULL, zy_receipt_replay(zy_buffer_data(receipt), zy_buffer_size(receipt), evidence, sizes, 2, store, NULL, 32, &verdict, &empty, &error));
    FAILS(ZY_NULL, zy_receipt_replay(zy_buffer_data(receipt), zy_buffer_size(receipt), evidence, sizes, 2, store, thumbprint, 32, NULL, &empty, &error));
    FAILS(ZY_MISALIGNED, zy_receipt_replay(zy_buffer_data(receipt), zy_buffer_size(receipt), evidence, sizes, 2, store, thumbprint, 32, ASKEW(uint32_t, &verdict), &empty, &error));
    FAILS(ZY_NULL, zy_receipt_replay(zy_buffer_data(receipt), zy_buffer_size(receipt), evidence, sizes, 2, store, thumbprint, 32, &verdict, NULL, &error));
    CHECK(verdict == ZY_VERDICT_UNDETERMINED && left == UNTOUCHED(zy_signer) && empty == UNTOUCHED(zy_buffer));

    zy_signer_free(NULL);
    zy_signer_free(OTHER(zy_signer, store));
    zy_buffer_free(receipt);
    zy_buffer_free(presented);
    zy_buffer_free(issued);
    zy_buffer_free(spki);
    zy_signer_free(signer);
    zy_store_free(store);
    zy_verifier_free(verifier);
}
#endif

typedef struct crowd {
    zy_verifier *verifier;
    zy_store *stores[2];
    long verifications;
    volatile int is_done;
    int valid, invalid;
} crowd;

static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;

/* Verifies again and again; every answer is that of one store or of the other. */
static void *verifies(void *context)
{
    crowd *all = (crowd *)context;
    int valid = 0, invalid = 0;
    long at;
    for (at = 0; at < all->verifications; at++) {
        zy_report *report = NULL;
        uint32_t verdict;
        if (zy_verify(all->verifier, license.data, license.size, now, 120, NULL, &report, NULL) != ZY_OK)
            abort();
        verdict = zy_report_verdict(report);
        if (verdict == ZY_VERDICT_VALID && zy_report_reason(report) == 0)
            valid++;
        else if (verdict == ZY_VERDICT_INVALID && zy_report_reason(report) == ZY_REASON_STATUS_REVOKED)
            invalid++;
        else
            abort();
        zy_report_free(report);
    }
    pthread_mutex_lock(&counting);
    all->valid += valid;
    all->invalid += invalid;
    pthread_mutex_unlock(&counting);
    return NULL;
}

static void *swaps(void *context)
{
    crowd *all = (crowd *)context;
    struct timespec pause;
    int at = 0, is_done = 0;
    pause.tv_sec = 0;
    pause.tv_nsec = 100000;
    while (!is_done) {
        if (zy_verifier_replace_store(all->verifier, all->stores[at++ % 2], NULL) != ZY_OK)
            abort();
        nanosleep(&pause, NULL);
        pthread_mutex_lock(&counting);
        is_done = all->is_done;
        pthread_mutex_unlock(&counting);
    }
    return NULL;
}

static void threads(long verifications)
{
    pthread_t running[THREADS], swapping;
    crowd all;
    int at;
    memset(&all, 0, sizeof all);
    all.verifier = open_verifier(in_force, region);
    all.stores[0] = open_store(revoked);
    all.stores[1] = open_store(in_force);
    all.verifications = verifications;
    CHECK(pthread_create(&swapping, NULL, swaps, &all) == 0);
    for (at = 0; at < THREADS; at++)
        CHECK(pthread_create(&running[at], NULL, verifies, &all) == 0);
    for (at = 0; at < THREADS; at++)
        CHECK(pthread_join(running[at], NULL) == 0);
    pthread_mutex_lock(&counting);
    all.is_done = 1;
    pthread_mutex_unlock(&counting);
    CHECK(pthread_join(swapping, NULL) == 0);
    CHECK(all.valid + all.invalid == THREADS * verifications);
    printf("%d threads: %d valid, %d revoked\n", THREADS, all.valid, all.invalid);
    zy_store_free(all.stores[0]);
    zy_store_free(all.stores[1]);
    zy_verifier_free(all.verifier);
}

#ifdef ZY_PLANTED_PANIC
#ifdef __cplusplus
extern "C"
#endif
zy_status zy_planted_panic(zy_error **error);

/* It comes back as a status; that nothing is printed is looked at from outside. */
static void panics(void)
{
    int at;
    for (at = 0; at < 3; at++)
        FAILS(ZY_INTERNAL, zy_planted_panic(&error));
    CHECK(zy_planted_panic(NULL) == ZY_INTERNAL);
}
#endif

int main(int count, char **arguments)
{
    if (count < 2) {
        fprintf(stderr, "usage: %s SCENE [VERIFICATIONS]\n", arguments[0]);
        return 2;
    }
    scene = arguments[1];
    read_scene();
    library();
    handles();
    stores();
    policies();
    verdicts();
    presentations();
    carriers();
    sealed();
#ifdef ZY_ISSUE
    issuing();
#endif
#ifdef ZY_PLANTED_PANIC
    panics();
#endif
    threads(count > 2 ? atol(arguments[2]) : 10000);
    free(in_force.data);
    free(revoked.data);
    free(license.data);
    free(code.data);
    free(pack.data);
    free(pin.data);
    free(shown_store.data);
    free(shown.data);
    free(facts.data);
    free(pem.data);
    printf("%d checks hold\n", checks);
    return 0;
}
