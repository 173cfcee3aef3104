/*
 * Calls the functions of seals and stamps, and verification with every member of a question, with bytes of anybody: `random SCENE CALLS SEED`. To be
 * run under ASan and UBSan, and under valgrind. The same seed draws the same calls. Whatever it hands in must be answered by a status that there is; nothing that was changed in a bit is valid.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zhengyin.h>

typedef struct bytes {
    uint8_t *data;
    size_t size;
} bytes;

static uint64_t state;
static const char *seed = "-";
static unsigned long statuses[100], verdicts[3];

static uint32_t draw(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return below ? (uint32_t)((state >> 11) % below) : 0;
}

static void fail(const char *what)
{
    fprintf(stderr, "random: %s (seed %s)\n", what, seed);
    exit(1);
}

static bytes read_file(const char *folder, const char *name)
{
    char path[4096];
    bytes read;
    FILE *file;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    read.data = (uint8_t *)malloc(1 << 16);
    file = fopen(path, "rb");
    if (!file || !read.data)
        fail(path);
    read.size = fread(read.data, 1, 1 << 16, file);
    fclose(file);
    return read;
}

/* In an allocation of exactly its size, so that a byte beside it is seen. NULL is good for no bytes. */
static bytes exact(const uint8_t *data, size_t size)
{
    bytes copy;
    copy.size = size;
    copy.data = size ? (uint8_t *)malloc(size) : NULL;
    if (size)
        memcpy(copy.data, data, size);
    return copy;
}

/* As it is, or with a few bits turned, cut, grown, or nothing but noise. `*changed` is set where it differs. */
static bytes spoilt(bytes from, int *changed)
{
    bytes copy = exact(from.data, from.size);
    uint32_t turns, how = draw(6);
    *changed = how != 0;
    switch (how) {
    case 0:
        break;
    case 1:
    case 2:
        /* Pieces of eight bytes are turned once each, so that none is turned back. */
        turns = 1 + draw(4);
        while (turns-- && copy.size)
            copy.data[(size_t)turns * 8 % copy.size] ^= (uint8_t)(1u << draw(8));
        if (copy.size)
            copy.data[copy.size - 1 - draw((uint32_t)(copy.size / 2))] ^= 0x80;
        break;
    case 3:
        free(copy.data);
        copy = exact(from.data, draw((uint32_t)from.size));
        break;
    case 4:
        free(copy.data);
        copy.data = (uint8_t *)malloc(from.size + 16);
        copy.size = from.size + 16;
        memcpy(copy.data, from.data, from.size);
        memset(copy.data + from.size, (int)draw(256), 16);
        break;
    default:
        free(copy.data);
        copy.size = draw(300);
        copy.data = copy.size ? (uint8_t *)malloc(copy.size) : NULL;
        for (turns = 0; turns < copy.size; turns++)
            copy.data[turns] = (uint8_t)draw(256);
    }
    return copy;
}

static void told(zy_status status, zy_error *error)
{
    if (status >= 100 || status == ZY_INTERNAL || zy_status_text(status, ZY_LANGUAGE_ZH) == NULL)
        fail("a status that must not be");
    if ((status == ZY_OK) != (error == NULL))
        fail("an error without a failure, or a failure without an error");
    if (error && (!zy_error_message(error, ZY_LANGUAGE_EN) || !zy_error_message(error, ZY_LANGUAGE_ZH)))
        fail("an error that says nothing");
    zy_error_free(error);
    statuses[status]++;
}

/* Calls, and then looks at what came of it. */
#define TOLD(call)               \
    do {                         \
        zy_status came = (call); \
        told(came, error);       \
    } while (0)

static void look(zy_report *report, int is_changed)
{
    zy_buffer *buffer = NULL;
    zy_error *error = NULL;
    zy_outcome outcome;
    uint32_t verdict = zy_report_verdict(report);
    size_t at, count = zy_report_stamps_count(report);
    if (verdict > 2 || (verdict == ZY_VERDICT_VALID && is_changed))
        fail("a verdict that must not be");
    verdicts[verdict]++;
    outcome.struct_size = sizeof outcome;
    TOLD(zy_report_step(report, draw(11), &outcome, &error));
    TOLD(zy_report_point(report, draw(10), &outcome, &error));
    TOLD(zy_report_json(report, draw(5), &buffer, &error));
    zy_buffer_free(buffer);
    buffer = NULL;
    TOLD(zy_report_cbor(report, draw(4), &buffer, &error));
    zy_buffer_free(buffer);
    for (at = 0; at <= count; at++) {
        zy_report *stamp = NULL;
        zy_status status = zy_report_stamp(report, at, &stamp, &error);
        if ((status == ZY_OK) != (at < count))
            fail("a stamp more, or one less");
        told(status, error);
        if (stamp && zy_report_verdict(stamp) > 2)
            fail("a verdict that must not be");
        zy_report_free(stamp);
    }
    (void)zy_report_good_until(report);
    (void)zy_report_result_code(report);
    zy_report_free(report);
}

int main(int count, char **arguments)
{
    static const char *const types[] = {NULL, "11100000000012345W001", "?", "", "\xff"};
    static const char *const texts[] = {NULL, "", "办理入住", "\xc0\x80", "a"};
    zy_store *store = NULL;
    zy_policy *policy = NULL;
    zy_verifier *verifier = NULL;
    bytes held, document, file, seal, license;
    long call;
    if (count != 4)
        return 2;
    seed = arguments[3];
    state = strtoull(seed, NULL, 10) * 2654435761u + 88172645463325252u;
    held = read_file(arguments[1], "stamped.store");
    document = read_file(arguments[1], "document.pdf");
    file = read_file(arguments[1], "document.zys");
    seal = read_file(arguments[1], "seal.zye");
    license = read_file(arguments[1], "beside.zyl");
    told(zy_store_from_bytes(held.data, held.size, NULL, NULL, &store, NULL), NULL);
    told(zy_policy_new("counter", "990102", &policy, NULL), NULL);
    told(zy_verifier_new(store, policy, &verifier, NULL), NULL);
    for (call = 0; call < atol(arguments[2]); call++) {
        int is_file = 0, is_document = 0, is_seal = 0, is_license = 0, has_question = draw(2) != 0;
        bytes given = spoilt(file, &is_file), shown = spoilt(document, &is_document), kept = spoilt(seal, &is_seal);
        bytes read = spoilt(license, &is_license);
        int64_t now = draw(8) ? 1790820000 : (int64_t)draw(0xffffffffu) - 5;
        uint32_t uncertainty = draw(3) ? 120 : draw(0xffffffffu);
        zy_error *error = NULL;
        zy_report *report = NULL;
        zy_stamps *stream = NULL;
        zy_question question;
        const zy_question *asked = has_question ? &question : NULL;
        zy_status status;
        memset(&question, 0, sizeof question);
        question.struct_size = draw(6) ? (uint32_t)sizeof question : draw(200);
        question.has = draw(3) ? 0 : draw(9);
        question.known_as_of = draw(2) ? now - 600 : (int64_t)draw(0xffffffffu) - 9;
        question.event_time = now;
        question.purpose = texts[draw(5)];
        question.audience = texts[draw(2) * draw(5)];
        question.license_type = types[draw(2) * draw(5)];
        if (draw(2)) {
            question.seals = kept.data;
            question.seals_size = kept.size;
        }
        if (!draw(4)) {
            question.document = shown.data;
            question.document_size = shown.size;
        }
        if (!draw(4)) {
            question.document_digest = given.data;
            question.document_digest_size = given.size < 33 ? given.size : 32;
        }
        switch (draw(5)) {
        case 0:
            status = zy_verify_stamps(verifier, given.data, given.size, shown.data, shown.size, now, uncertainty, asked, &report, &error);
            told(status, error);
            /* Something behind the stamps that nobody reads may say nothing; one of the stamps that fell away leaves the other. */
            if (report)
                look(report, is_document);
            break;
        case 1:
            status = zy_stamps_open(verifier, given.data, given.size, now, uncertainty, asked, &stream, &error);
            told(status, error);
            if (status != ZY_OK)
                break;
            {
                size_t done = 0;
                int is_finished = 0;
                uint32_t step;
                for (step = draw(12); step; step--) {
                    size_t piece = draw((uint32_t)(shown.size - done) + 1);
                    zy_status expected = is_finished ? ZY_FINISHED : ZY_OK;
                    switch (draw(4)) {
                    case 0:
                    case 1:
                    case 2:
                        status = zy_stamps_update(stream, shown.data ? shown.data + done : NULL, piece, &error);
                        if (status != expected)
                            fail("a piece");
                        done += is_finished ? 0 : piece;
                        told(status, error);
                        break;
                    default:
                        report = NULL;
                        status = draw(2) ? zy_stamps_finish(stream, &report, &error) : zy_stamps_finish_without_document(stream, &report, &error);
                        if (status != expected || (report != NULL) != !is_finished)
                            fail("a report");
                        told(status, error);
                        /* What was handed in of a document that was changed behind it may be the whole document, and unchanged. */
                        if (report)
                            look(report, done != document.size || memcmp(shown.data, document.data, done) != 0);
                        is_finished = 1;
                    }
                }
            }
            zy_stamps_free(stream);
            break;
        case 2:
            TOLD(zy_verify_seal(verifier, kept.data, kept.size, now, uncertainty, asked, &report, &error));
            if (report)
                look(report, is_seal);
            break;
        default:
            TOLD(zy_verify(verifier, read.data, read.size, now, uncertainty, asked, &report, &error));
            if (report)
                look(report, is_license);
        }
        free(given.data);
        free(shown.data);
        free(kept.data);
        free(read.data);
    }
    printf("random: %ld calls: %lu valid, %lu invalid, %lu undetermined; %lu calls worked, %lu bad arguments\n", call, verdicts[1], verdicts[2],
           verdicts[0], statuses[ZY_OK], statuses[ZY_ARGUMENT]);
    if (!verdicts[0] || !verdicts[1] || !verdicts[2])
        fail("what it draws does not come to every verdict");
    zy_verifier_free(verifier);
    zy_policy_free(policy);
    zy_store_free(store);
    free(held.data);
    free(document.data);
    free(file.data);
    free(seal.data);
    free(license.data);
    return 0;
}
