/*
 * Documents beside licenses, seals and stamps: every function of theirs, rightly and wrongly.
 */
#include <pthread.h>

#include "check.h"

static int64_t at;
static unsigned list, position;
static bytes store_file, document, file, seal, beside_store, beside;

/* A document beside a license: whole, or by its digest, or none. */
static void documents(void)
{
    zy_verifier *verifier = open_verifier(beside_store, region);
    zy_report *report = NULL, *left = UNTOUCHED(zy_report);
    zy_outcome outcome;
    zy_question question;
    uint8_t digest[32];

    outcome.struct_size = sizeof outcome;
    memset(&question, 0, sizeof question);
    question.struct_size = sizeof question;
    question.has = ZY_HAS_DOCUMENT;
    question.document = document.data;
    question.document_size = document.size;
    WORKS(zy_verify(verifier, beside.data, beside.size, at, 120, &question, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_VALID && zy_report_kind(report) == ZY_KIND_LICENSE);
    WORKS(zy_report_step(report, ZY_STEP_DOCUMENT, &outcome, &error));
    CHECK(outcome.outcome == ZY_OUTCOME_PASSED);
    CHECK(zy_report_stamps_count(report) == 0);
    FAILS(ZY_ARGUMENT, zy_report_stamp(report, 0, &left, &error));
    FAILS(ZY_ARGUMENT, zy_report_point(report, ZY_POINT_KEY, &outcome, &error));
    zy_report_free(report);
    /* Another one, and one of no bytes, which is meant although nothing points to it. */
    question.document_size--;
    WORKS(zy_verify(verifier, beside.data, beside.size, at, 120, &question, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_INVALID && zy_report_deciding_step(report) == ZY_STEP_DOCUMENT);
    zy_report_free(report);
    question.document = NULL;
    question.document_size = 0;
    WORKS(zy_verify(verifier, beside.data, beside.size, at, 120, &question, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_INVALID && zy_report_deciding_step(report) == ZY_STEP_DOCUMENT);
    zy_report_free(report);
    question.document_size = 1;
    FAILS(ZY_NULL, zy_verify(verifier, beside.data, beside.size, at, 120, &question, &left, &error));
    question.document = document.data;
    question.document_size = ABSURD;
    FAILS(ZY_TOO_LARGE, zy_verify(verifier, beside.data, beside.size, at, 120, &question, &left, &error));
    /* Nobody may believe that it was looked at. */
    question.has = 0;
    question.document_size = document.size;
    FAILS(ZY_ARGUMENT, zy_verify(verifier, beside.data, beside.size, at, 120, &question, &left, &error));
    FAILS(ZY_ARGUMENT, zy_verify_text(verifier, "860", 3, at, 120, &question, &left, &error));
    question.document = NULL;
    question.document_size = 0;
    memset(digest, 0, sizeof digest);
    question.document_digest = digest;
    question.document_digest_size = sizeof digest;
    WORKS(zy_verify(verifier, beside.data, beside.size, at, 120, &question, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_INVALID && zy_report_deciding_step(report) == ZY_STEP_DOCUMENT);
    zy_report_free(report);
    question.document_digest_size = 31;
    FAILS(ZY_ARGUMENT, zy_verify(verifier, beside.data, beside.size, at, 120, &question, &left, &error));
    question.document_digest_size = ABSURD;
    FAILS(ZY_TOO_LARGE, zy_verify(verifier, beside.data, beside.size, at, 120, &question, &left, &error));
    question.document_digest_size = 32;
    /* By SM3 too, and alone: then nobody knows whether it is one that is named by SHA-256. */
    question.document_sm3 = digest;
    question.document_sm3_size = sizeof digest;
    WORKS(zy_verify(verifier, beside.data, beside.size, at, 120, &question, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_INVALID && zy_report_deciding_step(report) == ZY_STEP_DOCUMENT);
    zy_report_free(report);
    question.document_digest_size = 0;
    WORKS(zy_verify(verifier, beside.data, beside.size, at, 120, &question, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_UNDETERMINED && zy_report_deciding_step(report) == ZY_STEP_DOCUMENT);
    zy_report_free(report);
    question.document_sm3_size = 33;
    FAILS(ZY_ARGUMENT, zy_verify(verifier, beside.data, beside.size, at, 120, &question, &left, &error));
    question.document_sm3_size = 0;
    question.document_digest_size = 32;
    question.has = ZY_HAS_DOCUMENT;
    FAILS(ZY_ARGUMENT, zy_verify(verifier, beside.data, beside.size, at, 120, &question, &left, &error));
    question.has = 0;
    question.document_digest = NULL;
    FAILS(ZY_NULL, zy_verify(verifier, beside.data, beside.size, at, 120, &question, &left, &error));
    question.document_digest_size = 0;
    /* What a program asks that was compiled before there were documents. */
    question.struct_size = (uint32_t)offsetof(zy_question, document);
    question.document = (const uint8_t *)NOT_UTF8;
    WORKS(zy_verify(verifier, beside.data, beside.size, at, 120, &question, &report, &error));
    WORKS(zy_report_step(report, ZY_STEP_DOCUMENT, &outcome, &error));
    CHECK(outcome.outcome == ZY_OUTCOME_NOT_ASKED);
    zy_report_free(report);
    question.struct_size = sizeof question;
    question.document = NULL;
    /* What is asked of stamps is not asked of licenses. */
    question.license_type = "11100000000012345W001";
    FAILS(ZY_ARGUMENT, zy_verify(verifier, beside.data, beside.size, at, 120, &question, &left, &error));
    question.license_type = NULL;
    question.seals = seal.data;
    question.seals_size = seal.size;
    FAILS(ZY_ARGUMENT, zy_verify(verifier, beside.data, beside.size, at, 120, &question, &left, &error));
    CHECK(left == UNTOUCHED(zy_report));
    zy_verifier_free(verifier);
}

static void same_bytes(const zy_report *one, const zy_report *other)
{
    zy_buffer *first = NULL, *second = NULL;
    WORKS(zy_report_cbor(one, 0, &first, &error));
    WORKS(zy_report_cbor(other, 0, &second, &error));
    CHECK(zy_buffer_size(first) == zy_buffer_size(second));
    CHECK(memcmp(zy_buffer_data(first), zy_buffer_data(second), zy_buffer_size(first)) == 0);
    zy_buffer_free(first);
    zy_buffer_free(second);
}

/* What a report of stamps answers, of all and of each. */
static void looks(zy_report *report)
{
    zy_report *stamp = NULL, *second = NULL, *left = UNTOUCHED(zy_report);
    zy_buffer *json = NULL, *redacted = NULL, *empty = UNTOUCHED(zy_buffer);
    zy_outcome outcome;
    uint32_t narrow[4], point;

    CHECK(zy_report_kind(report) == ZY_KIND_STAMPS && zy_report_kind(NULL) == 0 && zy_report_kind(OTHER(zy_report, document.data)) == 0);
    CHECK(zy_report_verdict(report) == ZY_VERDICT_VALID && zy_report_exit_code(report) == 0);
    CHECK(zy_report_reason(report) == 0 && zy_report_deciding_step(report) == 0 && zy_report_result_code(report) == 0);
    CHECK(zy_report_stamps_count(report) == 2 && zy_report_stamps_count(NULL) == 0);
    WORKS(zy_report_json(report, ZY_REPORT_TEXTS, &json, &error));
    CHECK(strstr((const char *)zy_buffer_data(json), "\"schema\":\"zhengyin.stamps/1\"") != NULL);
    WORKS(zy_report_json(report, ZY_REPORT_TEXTS | ZY_REPORT_REDACTED, &redacted, &error));
    CHECK(strstr((const char *)zy_buffer_data(json), "\"owner_name\"") != NULL);
    CHECK(strstr((const char *)zy_buffer_data(redacted), "\"owner_name\"") == NULL);
    CHECK(strstr((const char *)zy_buffer_data(redacted), "\"verdict\":\"valid\"") != NULL);
    zy_buffer_free(json);
    zy_buffer_free(redacted);
    FAILS(ZY_ARGUMENT, zy_report_json(report, 8, &empty, &error));
    outcome.struct_size = sizeof outcome;
    FAILS(ZY_ARGUMENT, zy_report_step(report, ZY_STEP_SEAL, &outcome, &error));
    FAILS(ZY_ARGUMENT, zy_report_point(report, ZY_POINT_KEY, &outcome, &error));

    WORKS(zy_report_stamp(report, 0, &stamp, &error));
    WORKS(zy_report_stamp(report, 1, &second, &error));
    FAILS(ZY_ARGUMENT, zy_report_stamp(report, 2, &left, &error));
    FAILS(ZY_ARGUMENT, zy_report_stamp(report, ABSURD, &left, &error));
    FAILS(ZY_ARGUMENT, zy_report_stamp(stamp, 0, &left, &error));
    FAILS(ZY_NULL, zy_report_stamp(NULL, 0, &left, &error));
    FAILS(ZY_NULL, zy_report_stamp(report, 0, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_report_stamp(report, 0, ASKEW(zy_report *, &left), &error));
    FAILS(ZY_MISALIGNED, zy_report_stamp(ASKEW(zy_report, report), 0, &left, &error));
    CHECK(left == UNTOUCHED(zy_report) && empty == UNTOUCHED(zy_buffer));
    /* Each keeps what it needs. */
    CHECK(zy_report_good_until(report) <= zy_report_good_until(stamp) && zy_report_good_until(report) <= zy_report_good_until(second));
    CHECK(zy_report_good_until(report) > at);
    zy_report_free(report);
    CHECK(zy_report_kind(stamp) == ZY_KIND_STAMP && zy_report_stamps_count(stamp) == 0 && zy_report_verdict(stamp) == ZY_VERDICT_VALID);
    WORKS(zy_report_step(stamp, ZY_STEP_SEAL, &outcome, &error));
    CHECK(outcome.outcome == ZY_OUTCOME_PASSED);
    for (point = ZY_POINT_PRESENT; point <= ZY_POINT_KIND; point++) {
        memset(&outcome, 0xaa, sizeof outcome);
        outcome.struct_size = sizeof outcome;
        WORKS(zy_report_point(second, point, &outcome, &error));
        CHECK(outcome.outcome == ZY_OUTCOME_PASSED && outcome.reason == 0 && outcome.blocked_by == 0);
    }
    FAILS(ZY_ARGUMENT, zy_report_point(stamp, 0, &outcome, &error));
    FAILS(ZY_ARGUMENT, zy_report_point(stamp, 9, &outcome, &error));
    FAILS(ZY_NULL, zy_report_point(stamp, 1, NULL, &error));
    FAILS(ZY_NULL, zy_report_point(NULL, 1, &outcome, &error));
    FAILS(ZY_MISALIGNED, zy_report_point(stamp, 1, ASKEW(zy_outcome, &outcome), &error));
    outcome.struct_size = 12;
    FAILS(ZY_STRUCT_SIZE, zy_report_point(stamp, 1, &outcome, &error));
    memset(narrow, 0xaa, sizeof narrow);
    narrow[0] = 8;
    WORKS(zy_report_point(stamp, 1, (zy_outcome *)(void *)narrow, &error));
    CHECK(narrow[1] == ZY_OUTCOME_PASSED && narrow[2] == 0xaaaaaaaau);
    zy_report_free(stamp);
    zy_report_free(second);
}

/* A question as a program has it that was compiled with a later header. */
typedef struct later_question {
    zy_question known;
    uint64_t more;
} later_question;

static void stamps(void)
{
    zy_verifier *verifier = open_verifier(store_file, region);
    zy_stamps *stream = NULL, *closed = UNTOUCHED(zy_stamps);
    zy_report *whole = NULL, *report = NULL, *left = UNTOUCHED(zy_report);
    zy_seen *seen = NULL;
    zy_question question;
    later_question later;
    size_t size, done;

    WORKS(zy_verify_stamps(verifier, file.data, file.size, document.data, document.size, at, 120, NULL, &whole, &error));
    for (size = 1; size <= document.size + 1; size += 5) {
        WORKS(zy_stamps_open(verifier, file.data, file.size, at, 120, NULL, &stream, &error));
        WORKS(zy_stamps_update(stream, NULL, 0, &error));
        for (done = 0; done < document.size; done += size)
            WORKS(zy_stamps_update(stream, document.data + done, size < document.size - done ? size : document.size - done, &error));
        WORKS(zy_stamps_finish(stream, &report, &error));
        same_bytes(whole, report);
        zy_report_free(report);
        /* It has given its answer. */
        FAILS(ZY_FINISHED, zy_stamps_finish(stream, &left, &error));
        FAILS(ZY_FINISHED, zy_stamps_finish_without_document(stream, &left, &error));
        FAILS(ZY_FINISHED, zy_stamps_update(stream, document.data, 1, &error));
        zy_stamps_free(stream);
    }
    /* It keeps what it needs: the verifier may be freed, and get another store. */
    WORKS(zy_stamps_open(verifier, file.data, file.size, at, 120, NULL, &stream, &error));
    {
        zy_store *empty = NULL;
        WORKS(zy_store_new("0000000000000000000000000000000000000000000000000000000000000000", &empty, &error));
        WORKS(zy_verifier_replace_store(verifier, empty, &error));
        zy_store_free(empty);
    }
    zy_verifier_free(verifier);
    WORKS(zy_stamps_update(stream, document.data, document.size, &error));
    FAILS(ZY_NULL, zy_stamps_update(stream, NULL, 1, &error));
    FAILS(ZY_TOO_LARGE, zy_stamps_update(stream, document.data, ABSURD, &error));
    FAILS(ZY_NULL, zy_stamps_update(NULL, document.data, 1, &error));
    FAILS(ZY_WRONG_HANDLE, zy_stamps_update(OTHER(zy_stamps, whole), document.data, 1, &error));
    FAILS(ZY_MISALIGNED, zy_stamps_update(ASKEW(zy_stamps, stream), document.data, 1, &error));
    FAILS(ZY_NULL, zy_stamps_finish(stream, NULL, &error));
    FAILS(ZY_NULL, zy_stamps_finish(NULL, &left, &error));
    FAILS(ZY_MISALIGNED, zy_stamps_finish(stream, ASKEW(zy_report *, &left), &error));
    FAILS(ZY_WRONG_HANDLE, zy_stamps_finish(OTHER(zy_stamps, whole), &left, &error));
    FAILS(ZY_NULL, zy_stamps_finish_without_document(stream, NULL, &error));
    FAILS(ZY_NULL, zy_stamps_finish_without_document(NULL, &left, &error));
    /* A call that failed has taken nothing. */
    WORKS(zy_stamps_finish(stream, &report, &error));
    same_bytes(whole, report);
    zy_report_free(report);
    zy_stamps_free(stream);
    zy_stamps_free(NULL);
    zy_stamps_free(OTHER(zy_stamps, whole));
    looks(whole);

    verifier = open_verifier(store_file, region);
    /* Left in the middle, leaks nothing. */
    WORKS(zy_stamps_open(verifier, file.data, file.size, at, 120, NULL, &stream, &error));
    WORKS(zy_stamps_update(stream, document.data, 7, &error));
    zy_stamps_free(stream);
    WORKS(zy_stamps_open(verifier, file.data, file.size, at, 120, NULL, &stream, &error));
    WORKS(zy_stamps_update(stream, document.data, 7, &error));
    WORKS(zy_stamps_finish_without_document(stream, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_UNDETERMINED && zy_report_exit_code(report) == 20);
    CHECK(zy_report_deciding_step(report) == ZY_STEP_DOCUMENT);
    FAILS(ZY_FINISHED, zy_stamps_finish(stream, &left, &error));
    zy_stamps_free(stream);
    zy_report_free(report);
    /* Another document; no document of any bytes; stamps that are none; no stamps. */
    WORKS(zy_verify_stamps(verifier, file.data, file.size, document.data, document.size - 1, at, 120, NULL, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_INVALID && zy_report_exit_code(report) == 10 && zy_report_result_code(report) == 2);
    CHECK(zy_report_deciding_step(report) == ZY_STEP_DOCUMENT && zy_report_reason(report) != 0);
    zy_report_free(report);
    WORKS(zy_verify_stamps(verifier, file.data, file.size, NULL, 0, at, 120, NULL, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_INVALID);
    zy_report_free(report);
    WORKS(zy_verify_stamps(verifier, document.data, document.size, document.data, document.size, at, 120, NULL, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_INVALID && zy_report_deciding_step(report) == ZY_STEP_ENCODING);
    CHECK(zy_report_stamps_count(report) == 1);
    WORKS(zy_report_stamp(report, 0, &whole, &error));
    {
        zy_outcome outcome;
        outcome.struct_size = sizeof outcome;
        FAILS(ZY_ARGUMENT, zy_report_point(whole, ZY_POINT_KEY, &outcome, &error));
    }
    zy_report_free(whole);
    zy_report_free(report);
    WORKS(zy_verify_stamps(verifier, NULL, 0, document.data, document.size, at, 120, NULL, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_INVALID);
    zy_report_free(report);
    WORKS(zy_verify_stamps(verifier, seal.data, seal.size, document.data, document.size, ZY_NOW_NONE, 0, NULL, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_UNDETERMINED && zy_report_reason(report) == ZY_REASON_DOCUMENT_NO_STAMP);
    CHECK(zy_report_stamps_count(report) == 0 && zy_report_good_until(report) == ZY_NEVER && zy_report_result_code(report) == 1);
    zy_report_free(report);
    WORKS(zy_verify_stamps(verifier, file.data, file.size, document.data, document.size, ZY_NOW_SYSTEM, 120, NULL, &report, &error));
    zy_report_free(report);
    FAILS(ZY_NULL, zy_verify_stamps(NULL, file.data, file.size, document.data, document.size, at, 120, NULL, &left, &error));
    FAILS(ZY_WRONG_HANDLE, zy_verify_stamps(OTHER(zy_verifier, file.data), file.data, file.size, document.data, document.size, at, 120, NULL, &left, &error));
    FAILS(ZY_NULL, zy_verify_stamps(verifier, NULL, 1, document.data, document.size, at, 120, NULL, &left, &error));
    FAILS(ZY_NULL, zy_verify_stamps(verifier, file.data, file.size, NULL, 1, at, 120, NULL, &left, &error));
    FAILS(ZY_TOO_LARGE, zy_verify_stamps(verifier, file.data, ABSURD, document.data, document.size, at, 120, NULL, &left, &error));
    FAILS(ZY_TOO_LARGE, zy_verify_stamps(verifier, file.data, file.size, document.data, ABSURD, at, 120, NULL, &left, &error));
    FAILS(ZY_ARGUMENT, zy_verify_stamps(verifier, file.data, file.size, document.data, document.size, -7, 120, NULL, &left, &error));
    FAILS(ZY_NULL, zy_verify_stamps(verifier, file.data, file.size, document.data, document.size, at, 120, NULL, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_verify_stamps(verifier, file.data, file.size, document.data, document.size, at, 120, NULL, ASKEW(zy_report *, &left), &error));
    FAILS(ZY_NULL, zy_stamps_open(NULL, file.data, file.size, at, 120, NULL, &closed, &error));
    FAILS(ZY_NULL, zy_stamps_open(verifier, NULL, 1, at, 120, NULL, &closed, &error));
    FAILS(ZY_TOO_LARGE, zy_stamps_open(verifier, file.data, ABSURD, at, 120, NULL, &closed, &error));
    FAILS(ZY_ARGUMENT, zy_stamps_open(verifier, file.data, file.size, -3, 120, NULL, &closed, &error));
    FAILS(ZY_NULL, zy_stamps_open(verifier, file.data, file.size, at, 120, NULL, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_stamps_open(verifier, file.data, file.size, at, 120, NULL, ASKEW(zy_stamps *, &closed), &error));
    FAILS(ZY_MISALIGNED, zy_stamps_open(ASKEW(zy_verifier, verifier), file.data, file.size, at, 120, NULL, &closed, &error));

    /* Questions: of an earlier program, of this one, of a later one; and what is asked of licenses only. */
    memset(&question, 0, sizeof question);
    question.struct_size = sizeof question;
    question.has = ZY_HAS_KNOWN_AS_OF;
    question.known_as_of = at - 600;
    question.purpose = PURPOSE;
    question.audience = AUDIENCE;
    question.use_case = "档案";
    question.license_type = "11100000000012345W001";
    question.seals = seal.data;
    question.seals_size = seal.size;
    WORKS(zy_verify_stamps(verifier, file.data, file.size, document.data, document.size, at, 120, &question, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_VALID);
    zy_report_free(report);
    question.license_type = "?";
    FAILS(ZY_ARGUMENT, zy_verify_stamps(verifier, file.data, file.size, document.data, document.size, at, 120, &question, &left, &error));
    question.license_type = NOT_UTF8;
    FAILS(ZY_NOT_UTF8, zy_stamps_open(verifier, file.data, file.size, at, 120, &question, &closed, &error));
    question.struct_size = (uint32_t)offsetof(zy_question, license_type);
    WORKS(zy_verify_stamps(verifier, file.data, file.size, document.data, document.size, at, 120, &question, &report, &error));
    zy_report_free(report);
    question.struct_size = sizeof question;
    question.license_type = NULL;
    question.seals = NULL;
    FAILS(ZY_NULL, zy_stamps_open(verifier, file.data, file.size, at, 120, &question, &closed, &error));
    question.seals_size = ABSURD;
    question.seals = seal.data;
    FAILS(ZY_TOO_LARGE, zy_stamps_open(verifier, file.data, file.size, at, 120, &question, &closed, &error));
    question.seals_size = 0;
    question.has = ZY_HAS_EVENT_TIME;
    question.event_time = at;
    FAILS(ZY_ARGUMENT, zy_stamps_open(verifier, file.data, file.size, at, 120, &question, &closed, &error));
    question.has = ZY_HAS_DOCUMENT;
    question.document = document.data;
    question.document_size = document.size;
    FAILS(ZY_ARGUMENT, zy_stamps_open(verifier, file.data, file.size, at, 120, &question, &closed, &error));
    question.has = 0;
    question.document = NULL;
    question.document_size = 0;
    question.challenge = file.data;
    question.challenge_size = 16;
    FAILS(ZY_ARGUMENT, zy_stamps_open(verifier, file.data, file.size, at, 120, &question, &closed, &error));
    question.challenge_size = 0;
    WORKS(zy_seen_new(&seen, &error));
    question.seen = seen;
    FAILS(ZY_ARGUMENT, zy_stamps_open(verifier, file.data, file.size, at, 120, &question, &closed, &error));
    question.seen = NULL;
    memset(&later, 0, sizeof later);
    later.known.struct_size = sizeof later;
    WORKS(zy_stamps_open(verifier, file.data, file.size, at, 120, &later.known, &stream, &error));
    zy_stamps_free(stream);
    later.more = 1;
    FAILS(ZY_STRUCT_SIZE, zy_stamps_open(verifier, file.data, file.size, at, 120, &later.known, &closed, &error));

    /* A seal by itself. */
    question.license_type = "11100000000012345W001";
    FAILS(ZY_ARGUMENT, zy_verify_seal(verifier, seal.data, seal.size, at, 120, &question, &left, &error));
    question.license_type = NULL;
    WORKS(zy_verify_seal(verifier, seal.data, seal.size, at, 120, &question, &report, &error));
    CHECK(zy_report_kind(report) == ZY_KIND_SEAL && zy_report_verdict(report) == ZY_VERDICT_VALID);
    CHECK(zy_report_stamps_count(report) == 0 && zy_report_result_code(report) == 0);
    /* What there is of a license only. */
    WORKS(zy_seen_remember(seen, report, &error));
    zy_report_free(report);
    zy_seen_free(seen);
    WORKS(zy_verify_seal(verifier, NULL, 0, at, 120, NULL, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_INVALID && zy_report_deciding_step(report) == ZY_STEP_ENCODING);
    zy_report_free(report);
    FAILS(ZY_NULL, zy_verify_seal(NULL, seal.data, seal.size, at, 120, NULL, &left, &error));
    FAILS(ZY_NULL, zy_verify_seal(verifier, NULL, 1, at, 120, NULL, &left, &error));
    FAILS(ZY_TOO_LARGE, zy_verify_seal(verifier, seal.data, ABSURD, at, 120, NULL, &left, &error));
    FAILS(ZY_ARGUMENT, zy_verify_seal(verifier, seal.data, seal.size, -5, 120, NULL, &left, &error));
    FAILS(ZY_NULL, zy_verify_seal(verifier, seal.data, seal.size, at, 120, NULL, NULL, &error));
    FAILS(ZY_MISALIGNED, zy_verify_seal(verifier, seal.data, seal.size, at, 120, NULL, ASKEW(zy_report *, &left), &error));
    CHECK(left == UNTOUCHED(zy_report) && closed == UNTOUCHED(zy_stamps));
    zy_verifier_free(verifier);
}

/* A stream is for one thread at a time. Two that use one find out, or take turns: nothing breaks, and no answer comes twice. */
typedef struct crowd {
    zy_stamps *stream;
    pthread_mutex_t counting;
    int finished, refused;
} crowd;

static void *presses(void *context)
{
    crowd *all = (crowd *)context;
    int turn, refused = 0, finished = 0;
    for (turn = 0; turn < 2000; turn++) {
        zy_status status = zy_stamps_update(all->stream, document.data, document.size, NULL);
        if (status != ZY_OK && status != ZY_IN_USE && status != ZY_FINISHED)
            abort();
        refused += status != ZY_OK;
        if (turn == 1500) {
            zy_report *report = NULL;
            status = zy_stamps_finish(all->stream, &report, NULL);
            finished += status == ZY_OK;
            if (status == ZY_OK && zy_report_verdict(report) == ZY_VERDICT_VALID)
                abort();
            zy_report_free(report);
        }
    }
    pthread_mutex_lock(&all->counting);
    all->finished += finished;
    all->refused += refused;
    pthread_mutex_unlock(&all->counting);
    return NULL;
}

static void threads(void)
{
    zy_verifier *verifier = open_verifier(store_file, region);
    pthread_t running[4];
    crowd all;
    int each;
    memset(&all, 0, sizeof all);
    CHECK(pthread_mutex_init(&all.counting, NULL) == 0);
    WORKS(zy_stamps_open(verifier, file.data, file.size, at, 120, NULL, &all.stream, &error));
    for (each = 0; each < 4; each++)
        CHECK(pthread_create(&running[each], NULL, presses, &all) == 0);
    for (each = 0; each < 4; each++)
        CHECK(pthread_join(running[each], NULL) == 0);
    CHECK(all.finished <= 1 && all.refused > 0);
    pthread_mutex_destroy(&all.counting);
    zy_stamps_free(all.stream);
    zy_verifier_free(verifier);
}

#ifdef ZY_ISSUE
#define MAKER "11990000MB0000908E"
#define OWNER "11990100MB0000000P"
#define OWNER_NAME "示例甲省示范市市场监督管理局"
#define RING                                                                                                                               \
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 40\"><circle cx=\"20\" cy=\"20\" r=\"19\" fill=\"none\" stroke=\"red\"/></svg>"

/* A device that answers as it is told to. */
typedef struct device {
    int32_t answer;
    int calls;
} device;

static int32_t answers_with(void *context, const uint8_t *message, size_t size, uint8_t *signature, size_t capacity)
{
    device *told = (device *)context;
    CHECK(message != NULL && size > 10 && capacity >= 64);
    told->calls++;
    memset(signature, 0x5a, 64);
    return told->answer;
}

static zy_signer *signer_of(const char *name)
{
    zy_signer *signer = NULL;
    bytes pem = read_file(name);
    WORKS(zy_signer_from_pem((const char *)pem.data, pem.size, NULL, 0, &signer, &error));
    free(pem.data);
    return signer;
}

/* A program that was compiled with a later header. */
typedef struct later_facts {
    zy_seal_facts known;
    uint64_t more;
} later_facts;

typedef struct later_stamping {
    zy_stamping known;
    uint64_t more;
} later_stamping;

/* The seal of the scene lists one key, that of who stamps: it stands in its report. */
static void read_thumbprint(uint8_t thumbprint[32])
{
    zy_verifier *verifier = open_verifier(store_file, region);
    zy_report *report = NULL;
    zy_buffer *json = NULL;
    const char *signers;
    unsigned byte;
    int each;
    WORKS(zy_verify_seal(verifier, seal.data, seal.size, at, 120, NULL, &report, &error));
    WORKS(zy_report_json(report, 0, &json, &error));
    signers = strstr((const char *)zy_buffer_data(json), "\"signers\":[\"");
    CHECK(signers != NULL);
    signers += strlen("\"signers\":[\"");
    for (each = 0; each < 32; each++) {
        CHECK(sscanf(signers + 2 * each, "%2x", &byte) == 1);
        thumbprint[each] = (uint8_t)byte;
    }
    zy_buffer_free(json);
    zy_report_free(report);
    zy_verifier_free(verifier);
}

/* A receipt's verdict comes out again, from the bytes that it is of and the trust data. Whose device it was nobody here knows. */
static void comes_again(zy_buffer *receipt, const zy_buffer *of, const zy_store *store)
{
    const uint8_t *evidence[1];
    size_t sizes[1];
    zy_buffer *json = NULL;
    uint32_t verdict = 77;
    evidence[0] = zy_buffer_data(of);
    sizes[0] = zy_buffer_size(of);
    WORKS(zy_receipt_replay(zy_buffer_data(receipt), zy_buffer_size(receipt), evidence, sizes, 1, store, NULL, 0, &verdict, &json, &error));
    CHECK(verdict == ZY_VERDICT_UNDETERMINED);
    CHECK(strstr((const char *)zy_buffer_data(json), "\"difference\":null") != NULL);
    CHECK(strstr((const char *)zy_buffer_data(json), "\"missing\":[]") != NULL);
    zy_buffer_free(json);
    zy_buffer_free(receipt);
}

static void making(void)
{
    zy_signer *maker = signer_of("maker.pem"), *stamper = signer_of("stamper.pem"), *hsm = NULL;
    zy_store *store = open_store(store_file);
    zy_verifier *verifier = open_verifier(store_file, region);
    zy_buffer *made = NULL, *stamped = NULL, *more = NULL, *receipt = UNTOUCHED(zy_buffer), *spki = NULL, *empty = UNTOUCHED(zy_buffer);
    zy_report *report = NULL, *stamp = NULL;
    zy_seal_facts facts;
    zy_stamping stamping;
    later_facts later_seal;
    later_stamping later;
    uint8_t thumbprint[32], digest[32];
    device told = {64, 0};
    const char *hex;
    unsigned byte;
    int each;

    read_thumbprint(thumbprint);
    memset(&facts, 0, sizeof facts);
    facts.struct_size = sizeof facts;
    facts.kind = 1;
    facts.width_mm = facts.height_mm = 40;
    facts.issued_at = facts.valid_from = at;
    facts.valid_until = at + 86400;
    facts.status_list = list;
    facts.status_index = position;
    facts.maker = MAKER;
    facts.code = "99010000000007";
    facts.name = OWNER_NAME;
    facts.owner = OWNER;
    facts.owner_name = OWNER_NAME;
    facts.allowed = "application/pdf image/png";
    facts.picture = (const uint8_t *)RING;
    facts.picture_size = strlen(RING);
    facts.signers = thumbprint;
    facts.signers_size = sizeof thumbprint;
    facts.id = file.data;
    facts.id_size = 16;
    WORKS(zy_seal_make(maker, &facts, NULL, &made, &error));
    zy_buffer_free(made);
    WORKS(zy_seal_make(maker, &facts, store, &made, &error));
    WORKS(zy_verify_seal(verifier, zy_buffer_data(made), zy_buffer_size(made), at, 0, NULL, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_VALID);
    WORKS(zy_receipt_sign(maker, report, ZY_CLOCK_NONE, &receipt, &error));
    comes_again(receipt, made, store);
    zy_report_free(report);
    /* Who stamps makes no seals, and the maker none of another province. */
    FAILS(ZY_REFUSED, zy_seal_make(stamper, &facts, store, &empty, &error));
    facts.code = "97010000000007";
    FAILS(ZY_REFUSED, zy_seal_make(maker, &facts, store, &empty, &error));
    facts.code = "9901";
    FAILS(ZY_ARGUMENT, zy_seal_make(maker, &facts, store, &empty, &error));
    facts.code = NULL;
    FAILS(ZY_NULL, zy_seal_make(maker, &facts, store, &empty, &error));
    facts.code = "99010000000007";
    facts.owner = "?";
    FAILS(ZY_ARGUMENT, zy_seal_make(maker, &facts, store, &empty, &error));
    facts.owner = OWNER;
    facts.name = NOT_UTF8;
    FAILS(ZY_NOT_UTF8, zy_seal_make(maker, &facts, store, &empty, &error));
    facts.name = OWNER_NAME;
    facts.width_mm = 300;
    FAILS(ZY_ARGUMENT, zy_seal_make(maker, &facts, store, &empty, &error));
    facts.width_mm = 0;
    FAILS(ZY_ARGUMENT, zy_seal_make(maker, &facts, store, &empty, &error));
    facts.width_mm = 40;
    facts.picture_size = 3;
    FAILS(ZY_ARGUMENT, zy_seal_make(maker, &facts, store, &empty, &error));
    facts.picture_size = ABSURD;
    FAILS(ZY_TOO_LARGE, zy_seal_make(maker, &facts, store, &empty, &error));
    facts.picture_size = strlen(RING);
    facts.signers_size = 33;
    FAILS(ZY_ARGUMENT, zy_seal_make(maker, &facts, store, &empty, &error));
    facts.signers_size = 0;
    FAILS(ZY_ARGUMENT, zy_seal_make(maker, &facts, store, &empty, &error));
    facts.signers_size = 32;
    facts.id_size = 15;
    FAILS(ZY_ARGUMENT, zy_seal_make(maker, &facts, store, &empty, &error));
    facts.id_size = 16;
    facts.valid_until = facts.valid_from - 1;
    FAILS(ZY_ARGUMENT, zy_seal_make(maker, &facts, store, &empty, &error));
    facts.valid_until = at + 86400;
    FAILS(ZY_NULL, zy_seal_make(NULL, &facts, store, &empty, &error));
    FAILS(ZY_NULL, zy_seal_make(maker, NULL, store, &empty, &error));
    FAILS(ZY_MISALIGNED, zy_seal_make(maker, ASKEW(zy_seal_facts, &facts), store, &empty, &error));
    FAILS(ZY_WRONG_HANDLE, zy_seal_make(maker, &facts, OTHER(zy_store, maker), &empty, &error));
    FAILS(ZY_NULL, zy_seal_make(maker, &facts, store, NULL, &error));
    memset(&later_seal, 0, sizeof later_seal);
    later_seal.known = facts;
    later_seal.known.struct_size = sizeof later_seal;
    WORKS(zy_seal_make(maker, &later_seal.known, store, &more, &error));
    zy_buffer_free(more);
    later_seal.more = 1;
    FAILS(ZY_STRUCT_SIZE, zy_seal_make(maker, &later_seal.known, store, &empty, &error));
    facts.struct_size = (uint32_t)offsetof(zy_seal_facts, id);
    FAILS(ZY_ARGUMENT, zy_seal_make(maker, &facts, store, &empty, &error));

    /* A document is stamped by it, and the stamp by another stamp. */
    memset(&stamping, 0, sizeof stamping);
    stamping.struct_size = sizeof stamping;
    stamping.has = ZY_HAS_DOCUMENT;
    stamping.stamped_at = at;
    stamping.page = 1;
    stamping.x_mm = 120;
    stamping.y_mm = 230;
    stamping.id = document.data;
    stamping.id_size = 16;
    stamping.document = document.data;
    stamping.document_size = document.size;
    stamping.media_type = "application/pdf";
    stamping.reason = "同意";
    WORKS(zy_stamp_make(stamper, zy_buffer_data(made), zy_buffer_size(made), &stamping, NULL, &stamped, &error));
    zy_buffer_free(stamped);
    WORKS(zy_stamp_make(stamper, zy_buffer_data(made), zy_buffer_size(made), &stamping, store, &stamped, &error));
    WORKS(zy_verify_stamps(verifier, zy_buffer_data(stamped), zy_buffer_size(stamped), document.data, document.size, at + 600, 120, NULL, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_VALID && zy_report_stamps_count(report) == 1);
    WORKS(zy_report_stamp(report, 0, &stamp, &error));
    WORKS(zy_receipt_sign(maker, report, ZY_CLOCK_TOLD, &receipt, &error));
    comes_again(receipt, stamped, store);
    receipt = UNTOUCHED(zy_buffer);
    FAILS(ZY_ARGUMENT, zy_receipt_sign(maker, stamp, ZY_CLOCK_NONE, &receipt, &error));
    WORKS(zy_report_json(stamp, 0, &more, &error));
    hex = strstr((const char *)zy_buffer_data(more), "\"object\":{\"authentic\":true,\"digest\":\"");
    CHECK(hex != NULL);
    hex += strlen("\"object\":{\"authentic\":true,\"digest\":\"");
    for (each = 0; each < 32; each++) {
        CHECK(sscanf(hex + 2 * each, "%2x", &byte) == 1);
        digest[each] = (uint8_t)byte;
    }
    zy_buffer_free(more);
    zy_report_free(stamp);
    zy_report_free(report);
    stamping.has = 0;
    stamping.document = NULL;
    stamping.document_size = 0;
    stamping.media_type = NULL;
    stamping.page = stamping.x_mm = stamping.y_mm = 0;
    stamping.id = document.data + 16;
    stamping.stamp_digest = digest;
    stamping.stamp_digest_size = sizeof digest;
    stamping.file = zy_buffer_data(stamped);
    stamping.file_size = zy_buffer_size(stamped);
    WORKS(zy_stamp_make(stamper, zy_buffer_data(made), zy_buffer_size(made), &stamping, store, &more, &error));
    WORKS(zy_verify_stamps(verifier, zy_buffer_data(more), zy_buffer_size(more), document.data, document.size, at + 600, 120, NULL, &report, &error));
    CHECK(zy_report_verdict(report) == ZY_VERDICT_VALID && zy_report_stamps_count(report) == 2);
    zy_report_free(report);
    zy_buffer_free(more);
    stamping.media_type = "application/pdf";
    FAILS(ZY_ARGUMENT, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.media_type = NULL;
    stamping.file = document.data;
    stamping.file_size = document.size;
    FAILS(ZY_REFUSED, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.file_size = ABSURD;
    FAILS(ZY_TOO_LARGE, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.file = NULL;
    stamping.file_size = 0;
    stamping.stamp_digest_size = 31;
    FAILS(ZY_ARGUMENT, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.stamp_digest_size = 0;
    FAILS(ZY_ARGUMENT, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.document_digest = digest;
    stamping.document_digest_size = sizeof digest;
    FAILS(ZY_NULL, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.media_type = "image/png";
    WORKS(zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &more, &error));
    zy_buffer_free(more);
    stamping.media_type = "png";
    FAILS(ZY_ARGUMENT, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.media_type = "text/plain";
    FAILS(ZY_REFUSED, zy_stamp_make(stamper, zy_buffer_data(made), zy_buffer_size(made), &stamping, store, &empty, &error));
    stamping.document_digest_size = 33;
    FAILS(ZY_ARGUMENT, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.document_digest_size = 32;
    stamping.has = ZY_HAS_DOCUMENT;
    FAILS(ZY_ARGUMENT, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.has = ZY_HAS_EVENT_TIME;
    FAILS(ZY_ARGUMENT, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.has = 0;
    stamping.document = document.data;
    FAILS(ZY_ARGUMENT, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.document = NULL;
    stamping.x_mm = 1;
    FAILS(ZY_ARGUMENT, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.page = (uint64_t)-1;
    FAILS(ZY_ARGUMENT, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.page = 1;
    stamping.id_size = 17;
    FAILS(ZY_ARGUMENT, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.id_size = 16;
    stamping.reason = NOT_UTF8;
    FAILS(ZY_NOT_UTF8, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.reason = NULL;
    stamping.stamped_at = -1;
    FAILS(ZY_ARGUMENT, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, &empty, &error));
    stamping.stamped_at = at + 86400;
    FAILS(ZY_REFUSED, zy_stamp_make(stamper, zy_buffer_data(made), zy_buffer_size(made), &stamping, store, &empty, &error));
    stamping.stamped_at = at;
    /* By a key that the seal does not list, and by what is no seal. */
    FAILS(ZY_REFUSED, zy_stamp_make(maker, seal.data, seal.size, &stamping, store, &empty, &error));
    FAILS(ZY_REFUSED, zy_stamp_make(stamper, beside.data, beside.size, &stamping, store, &empty, &error));
    FAILS(ZY_REFUSED, zy_stamp_make(stamper, NULL, 0, &stamping, store, &empty, &error));
    FAILS(ZY_NULL, zy_stamp_make(stamper, NULL, 1, &stamping, store, &empty, &error));
    FAILS(ZY_TOO_LARGE, zy_stamp_make(stamper, seal.data, ABSURD, &stamping, store, &empty, &error));
    FAILS(ZY_NULL, zy_stamp_make(NULL, seal.data, seal.size, &stamping, store, &empty, &error));
    FAILS(ZY_NULL, zy_stamp_make(stamper, seal.data, seal.size, NULL, store, &empty, &error));
    FAILS(ZY_MISALIGNED, zy_stamp_make(stamper, seal.data, seal.size, ASKEW(zy_stamping, &stamping), store, &empty, &error));
    FAILS(ZY_WRONG_HANDLE, zy_stamp_make(stamper, seal.data, seal.size, &stamping, OTHER(zy_store, stamper), &empty, &error));
    FAILS(ZY_NULL, zy_stamp_make(stamper, seal.data, seal.size, &stamping, store, NULL, &error));
    memset(&later, 0, sizeof later);
    stamping.media_type = "image/png";
    later.known = stamping;
    later.known.struct_size = sizeof later;
    WORKS(zy_stamp_make(stamper, seal.data, seal.size, &later.known, store, &more, &error));
    zy_buffer_free(more);
    later.more = 1;
    FAILS(ZY_STRUCT_SIZE, zy_stamp_make(stamper, seal.data, seal.size, &later.known, store, &empty, &error));

    /* A device whose signature does not verify, and one that refuses: nothing leaves. */
    WORKS(zy_signer_public_key(stamper, &spki, &error));
    WORKS(zy_signer_new(zy_buffer_data(spki), zy_buffer_size(spki), answers_with, &told, &hsm, &error));
    FAILS(ZY_SIGNER, zy_stamp_make(hsm, seal.data, seal.size, &stamping, store, &empty, &error));
    told.answer = ZY_SIGN_REFUSED;
    FAILS(ZY_SIGNER, zy_stamp_make(hsm, seal.data, seal.size, &stamping, store, &empty, &error));
    CHECK(told.calls == 2);
    /* What a verifier would refuse is refused before it is asked. */
    stamping.stamped_at = 1;
    FAILS(ZY_REFUSED, zy_stamp_make(hsm, seal.data, seal.size, &stamping, store, &empty, &error));
    CHECK(told.calls == 2 && empty == UNTOUCHED(zy_buffer) && receipt == UNTOUCHED(zy_buffer));

    zy_buffer_free(spki);
    zy_buffer_free(stamped);
    zy_buffer_free(made);
    zy_signer_free(hsm);
    zy_signer_free(maker);
    zy_signer_free(stamper);
    zy_verifier_free(verifier);
    zy_store_free(store);
}
#endif

void sealed(void)
{
    long long when = 0;
    bytes told = read_file("sealed.txt");
    CHECK(sscanf((const char *)told.data, "%lld %u %u", &when, &list, &position) == 3);
    at = when;
    free(told.data);
    store_file = read_file("stamped.store");
    document = read_file("document.pdf");
    file = read_file("document.zys");
    seal = read_file("seal.zye");
    beside_store = read_file("beside.store");
    beside = read_file("beside.zyl");
    documents();
    stamps();
    threads();
#ifdef ZY_ISSUE
    making();
#endif
    free(store_file.data);
    free(document.data);
    free(file.data);
    free(seal.data);
    free(beside_store.data);
    free(beside.data);
}
