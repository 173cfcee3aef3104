/*
 * Runs the script of calls that script.py wrote of test-vectors/: `vectors SCRIPT`. The calls are described there.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zhengyin.h>

#define MAX_FIELDS 16
#define MAX_STAMPS 70

typedef struct bytes {
    uint8_t *data;
    size_t size;
} bytes;

static char name[256];
static const char *call_name = "";
static char *field[MAX_FIELDS];

static void fail(const char *what, ...)
{
    va_list more;
    va_start(more, what);
    fprintf(stderr, "%s: %s: ", name, call_name);
    vfprintf(stderr, what, more);
    fprintf(stderr, "\n");
    va_end(more);
    exit(1);
}

static void works(zy_status status, zy_error **error)
{
    if (status != ZY_OK)
        fail("%s", zy_error_message(*error, ZY_LANGUAGE_EN));
}

#define WORKS(call)             \
    do {                        \
        zy_error *error = NULL; \
        works((call), &error);  \
    } while (0)

static void *room(size_t size)
{
    void *made = calloc(1, size ? size : 1);
    if (!made)
        fail("out of memory");
    return made;
}

/* ---- SHA-256 (FIPS 180-4), for the digests of what Rust wrote ---- */

static uint32_t turned(uint32_t word, int by)
{
    return (word >> by) | (word << (32 - by));
}

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t K[64] = {
    0x428a2f98u, 0x71374491u, 0xb5c0fbcfu, 0xe9b5dba5u, 0x3956c25bu, 0x59f111f1u, 0x923f82a4u, 0xab1c5ed5u, 0xd807aa98u, 0x12835b01u, 0x243185beu,
    0x550c7dc3u, 0x72be5d74u, 0x80deb1feu, 0x9bdc06a7u, 0xc19bf174u, 0xe49b69c1u, 0xefbe4786u, 0x0fc19dc6u, 0x240ca1ccu, 0x2de92c6fu, 0x4a7484aau,
    0x5cb0a9dcu, 0x76f988dau, 0x983e5152u, 0xa831c66du, 0xb00327c8u, 0xbf597fc7u, 0xc6e00bf3u, 0xd5a79147u, 0x06ca6351u, 0x14292967u, 0x27b70a85u,
    0x2e1b2138u, 0x4d2c6dfcu, 0x53380d13u, 0x650a7354u, 0x766a0abbu, 0x81c2c92eu, 0x92722c85u, 0xa2bfe8a1u, 0xa81a664bu, 0xc24b8b70u, 0xc76c51a3u,
    0xd192e819u, 0xd6990624u, 0xf40e3585u, 0x106aa070u, 0x19a4c116u, 0x1e376c08u, 0x2748774cu, 0x34b0bcb5u, 0x391c0cb3u, 0x4ed8aa4au, 0x5b9cca4fu,
    0x682e6ff3u, 0x748f82eeu, 0x78a5636fu, 0x84c87814u, 0x8cc70208u, 0x90befffau, 0xa4506cebu, 0xbef9a3f7u, 0xc67178f2u,
};

static void sha256_block(uint32_t state[8], const uint8_t *block)
{
    uint32_t w[64], s[8], one, two;
    int at;
    for (at = 0; at < 16; at++)
        w[at] = (uint32_t)block[4 * at] << 24 | (uint32_t)block[4 * at + 1] << 16 | (uint32_t)block[4 * at + 2] << 8 | block[4 * at + 3];
    for (at = 16; at < 64; at++)
        w[at] = w[at - 16] + (turned(w[at - 15], 7) ^ turned(w[at - 15], 18) ^ w[at - 15] >> 3) + w[at - 7] +
                (turned(w[at - 2], 17) ^ turned(w[at - 2], 19) ^ w[at - 2] >> 10);
    memcpy(s, state, sizeof s);
    for (at = 0; at < 64; at++) {
        one = s[7] + (turned(s[4], 6) ^ turned(s[4], 11) ^ turned(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[at] + w[at];
        two = (turned(s[0], 2) ^ turned(s[0], 13) ^ turned(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += one;
        s[0] = one + two;
    }
    for (at = 0; at < 8; at++)
        state[at] += s[at];
}

static void sha256(const uint8_t *data, size_t size, char hex[65])
{
    uint32_t state[8] = {0x6a09e667u, 0xbb67ae85u, 0x3c6ef372u, 0xa54ff53au, 0x510e527fu, 0x9b05688cu, 0x1f83d9abu, 0x5be0cd19u};
    uint8_t last[128];
    size_t whole = size / 64 * 64, rest = size - whole, padded = rest < 56 ? 64 : 128, at;
    for (at = 0; at < whole; at += 64)
        sha256_block(state, data + at);
    memset(last, 0, sizeof last);
    if (rest)
        memcpy(last, data + whole, rest);
    last[rest] = 0x80;
    for (at = 0; at < 8; at++)
        last[padded - 1 - at] = (uint8_t)((uint64_t)size * 8 >> (8 * at));
    for (at = 0; at < padded; at += 64)
        sha256_block(state, last + at);
    for (at = 0; at < 8; at++)
        sprintf(hex + 8 * at, "%08x", state[at]);
}

/* The buffer is freed. */
static void check_digest(zy_buffer *buffer, const char *expected, const char *what)
{
    char found[65];
    sha256(zy_buffer_data(buffer), zy_buffer_size(buffer), found);
    zy_buffer_free(buffer);
    if (strcmp(found, expected) != 0)
        fail("%s: %s, and Rust wrote %s", what, found, expected);
}

/* ---- Fields ---- */

static int is_there(const char *text)
{
    return strcmp(text, "-") != 0;
}

static int digit(char of)
{
    return of >= '0' && of <= '9' ? of - '0' : of >= 'a' && of <= 'f' ? of - 'a' + 10 : (fail("no digit"), 0);
}

/* With a NUL behind them, so that they can be used as a text. */
static bytes unhex(const char *text, size_t length)
{
    bytes read;
    size_t at;
    if (length == 1) /* `-` or `=` */
        length = 0;
    read.size = length / 2;
    read.data = (uint8_t *)room(read.size + 1);
    for (at = 0; at < read.size; at++)
        read.data[at] = (uint8_t)(digit(text[2 * at]) << 4 | digit(text[2 * at + 1]));
    return read;
}

static bytes field_bytes(int at)
{
    return unhex(field[at], strlen(field[at]));
}

static int64_t number(const char *text)
{
    return strtoll(text, NULL, 10);
}

/* Cuts off what stands before the mark. */
static char *cut(char **rest, char mark)
{
    char *item = *rest, *end = item ? strchr(item, mark) : NULL;
    if (end)
        *end = 0;
    *rest = end ? end + 1 : NULL;
    return item;
}

/* ---- Calls ---- */

static zy_store *store;
static zy_policy *policy;
static zy_verifier *verifier;
static zy_seen *seen;
static zy_question question;
/* What the question points to. */
static bytes kept[6];
static zy_report *stamps[MAX_STAMPS];
static size_t stamps_count;
static long cases, reports;

static void keep_store(zy_store *next)
{
    zy_store_free(store);
    store = next;
}

static void offer(int is_pack)
{
    bytes given = field_bytes(1);
    zy_store *next = NULL;
    zy_answers *answers = NULL;
    char *rest = field[3], *expected;
    size_t at = 0;
    if (is_pack)
        WORKS(zy_store_apply(store, given.data, given.size, number(field[2]), ZY_EXACTLY, &next, &answers, &error));
    else
        WORKS(zy_store_apply_object(store, given.data, given.size, number(field[2]), ZY_EXACTLY, &next, &answers, &error));
    for (; (expected = cut(&rest, ',')) != NULL; at++) {
        zy_answer answer;
        answer.struct_size = sizeof answer;
        WORKS(zy_answers_get(answers, at, &answer, &error));
        if (expected[0] == 'n' ? answer.answer != ZY_ANSWER_NEW : expected[0] == 'k' ? answer.answer != ZY_ANSWER_KNOWN : answer.reason != number(expected))
            fail("object %u: answer %u, ground %u, expected %s", (unsigned)at, answer.answer, answer.reason, expected);
    }
    if (at != zy_answers_count(answers))
        fail("%u answers", (unsigned)zy_answers_count(answers));
    zy_answers_free(answers);
    keep_store(next);
    free(given.data);
}

static void make_policy(void)
{
    char *rest, *item;
    zy_policy_free(policy);
    policy = NULL;
    WORKS(zy_policy_new(field[1], is_there(field[2]) ? field[2] : NULL, &policy, &error));
    for (rest = is_there(field[3]) ? field[3] : NULL; (item = cut(&rest, ',')) != NULL;)
        WORKS(zy_policy_skip(policy, (uint32_t)number(item), &error));
    if (is_there(field[4]))
        WORKS(zy_policy_limit_status_age(policy, (uint64_t)number(field[4]), &error));
    for (rest = is_there(field[5]) ? field[5] : NULL; (item = cut(&rest, ';')) != NULL;) {
        char *of = cut(&item, ':'), *list = cut(&item, ':'), *directory = cut(&item, ':');
        bytes class_name = unhex(of, strlen(of));
        WORKS(zy_policy_limit_grace(policy, (const char *)class_name.data, (uint64_t)number(list), (uint64_t)number(directory), (uint64_t)number(item), &error));
        free(class_name.data);
    }
    for (rest = is_there(field[6]) ? field[6] : NULL; (item = cut(&rest, ';')) != NULL;) {
        char *prefix = cut(&item, ':');
        bytes class_name = unhex(item, strlen(item));
        WORKS(zy_policy_set_risk_class(policy, prefix, (const char *)class_name.data, &error));
        free(class_name.data);
    }
    if (is_there(field[7]))
        WORKS(zy_policy_accept_suites(policy, (uint32_t)number(field[7]), &error));
}

static void make_question(void)
{
    char *rest, *key;
    size_t at;
    for (at = 0; at < sizeof kept / sizeof *kept; at++) {
        free(kept[at].data);
        kept[at].data = NULL;
    }
    zy_seen_free(seen);
    seen = NULL;
    memset(&question, 0, sizeof question);
    question.struct_size = sizeof question;
    for (at = 0; at < 4; at++)
        if (is_there(field[1 + at]))
            kept[at] = field_bytes(1 + (int)at);
    question.purpose = (const char *)kept[0].data;
    question.audience = (const char *)kept[1].data;
    question.use_case = (const char *)kept[2].data;
    question.challenge = kept[3].data;
    question.challenge_size = kept[3].data ? kept[3].size : 0;
    if (is_there(field[5])) {
        question.has |= ZY_HAS_EVENT_TIME;
        question.event_time = number(field[5]);
    }
    if (is_there(field[6])) {
        question.has |= ZY_HAS_KNOWN_AS_OF;
        question.known_as_of = number(field[6]);
    }
    if (is_there(field[7])) {
        WORKS(zy_seen_new(&seen, &error));
        for (rest = field[7]; (key = cut(&rest, ',')) != NULL;) {
            bytes read = unhex(key, strlen(key));
            if (read.size)
                WORKS(zy_seen_add(seen, read.data, read.size, 253402300799, &error));
            free(read.data);
        }
        question.seen = seen;
    }
    if (is_there(field[8])) {
        kept[4] = field_bytes(8);
        question.document_digest = kept[4].data;
        question.document_digest_size = kept[4].size;
    }
    if (is_there(field[9])) {
        kept[5] = field_bytes(9);
        question.document_sm3 = kept[5].data;
        question.document_sm3_size = kept[5].size;
    }
}

/* Verdict, step, ground, and the bytes of JSON and CBOR. */
static void told(const zy_report *report, uint32_t kind, char **expected)
{
    zy_outcome outcome;
    zy_buffer *buffer = NULL;
    uint32_t step = zy_report_deciding_step(report), reason = zy_report_reason(report);
    reports++;
    if (zy_report_kind(report) != kind || zy_report_verdict(report) != number(expected[0]) || step != number(expected[1]) || reason != number(expected[2]))
        fail("verdict %u, step %u, ground %u, expected %s %s %s", zy_report_verdict(report), step, reason, expected[0], expected[1], expected[2]);
    if (step && kind != ZY_KIND_STAMPS) {
        outcome.struct_size = sizeof outcome;
        WORKS(zy_report_step(report, step, &outcome, &error));
        if (outcome.reason != reason)
            fail("step %u has ground %u", step, outcome.reason);
    }
    if (is_there(expected[3])) {
        WORKS(zy_report_json(report, ZY_REPORT_TEXTS, &buffer, &error));
        check_digest(buffer, expected[3], "JSON");
        WORKS(zy_report_cbor(report, 0, &buffer, &error));
        check_digest(buffer, expected[4], "CBOR");
    }
}

static void verify(int is_seal)
{
    bytes given = field_bytes(1);
    zy_report *report = NULL;
    uint32_t uncertainty = (uint32_t)number(field[3]);
    if (is_seal)
        WORKS(zy_verify_seal(verifier, given.data, given.size, number(field[2]), uncertainty, &question, &report, &error));
    else
        WORKS(zy_verify(verifier, given.data, given.size, number(field[2]), uncertainty, &question, &report, &error));
    told(report, is_seal ? ZY_KIND_SEAL : ZY_KIND_LICENSE, field + 4);
    zy_report_free(report);
    free(given.data);
}

static void forget_stamps(void)
{
    while (stamps_count)
        zy_report_free(stamps[--stamps_count]);
}

static void verify_stamps(void)
{
    bytes file = field_bytes(1), document = field_bytes(2);
    zy_stamps *stream = NULL;
    zy_report *report = NULL, *whole = NULL;
    int64_t now = number(field[5]);
    uint32_t uncertainty = (uint32_t)number(field[6]);
    bytes seals = field_bytes(4);
    size_t at;
    question.license_type = is_there(field[3]) ? field[3] : NULL;
    question.seals = seals.data;
    question.seals_size = seals.size;
    WORKS(zy_stamps_open(verifier, file.data, file.size, now, uncertainty, &question, &stream, &error));
    if (!is_there(field[2])) {
        WORKS(zy_stamps_finish_without_document(stream, &report, &error));
    } else {
        for (at = 0; at < document.size; at += 7)
            WORKS(zy_stamps_update(stream, document.data + at, document.size - at < 7 ? document.size - at : 7, &error));
        WORKS(zy_stamps_finish(stream, &report, &error));
        WORKS(zy_verify_stamps(verifier, file.data, file.size, document.data, document.size, now, uncertainty, &question, &whole, &error));
        told(whole, ZY_KIND_STAMPS, field + 7);
        zy_report_free(whole);
        reports--;
    }
    zy_stamps_free(stream);
    question.license_type = NULL;
    question.seals = NULL;
    question.seals_size = 0;
    free(seals.data);
    told(report, ZY_KIND_STAMPS, field + 7);
    forget_stamps();
    if (zy_report_stamps_count(report) != (size_t)number(field[12]) || zy_report_stamps_count(report) > MAX_STAMPS)
        fail("%u stamps", (unsigned)zy_report_stamps_count(report));
    for (at = 0; at < zy_report_stamps_count(report); at++, stamps_count++)
        WORKS(zy_report_stamp(report, at, &stamps[at], &error));
    zy_report_free(report);
    free(file.data);
    free(document.data);
}

static void look_at_stamp(void)
{
    char *expected[5], *rest, *item;
    const zy_report *stamp = stamps[number(field[1])];
    uint32_t point = 0;
    memcpy(expected, field + 2, 3 * sizeof *expected);
    memcpy(expected + 3, field + 6, 2 * sizeof *expected);
    told(stamp, ZY_KIND_STAMP, expected);
    for (rest = is_there(field[5]) ? field[5] : NULL; (item = cut(&rest, ',')) != NULL;) {
        char *word = cut(&item, ':');
        zy_outcome outcome;
        outcome.struct_size = sizeof outcome;
        WORKS(zy_report_point(stamp, ++point, &outcome, &error));
        if (outcome.outcome != number(word) || outcome.reason != (item ? number(item) : 0))
            fail("point %u: %u, %u", point, outcome.outcome, outcome.reason);
    }
}

static void flips(void)
{
    bytes given = field_bytes(1);
    size_t bit;
    for (bit = 0; bit <= given.size * 8; bit++) {
        zy_report *report = NULL;
        int is_whole = bit == given.size * 8;
        if (!is_whole)
            given.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        WORKS(zy_verify(verifier, given.data, given.size, number(field[2]), (uint32_t)number(field[3]), &question, &report, &error));
        if ((zy_report_verdict(report) == ZY_VERDICT_VALID) != is_whole)
            fail("bit %u", (unsigned)bit);
        zy_report_free(report);
        if (!is_whole)
            given.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    free(given.data);
}

static void decode(void)
{
    bytes read[300], expected = field_bytes(3);
    const char *texts[300];
    size_t sizes[300], count = 0, at;
    zy_carried carried;
    zy_buffer *found = NULL;
    zy_error *error = NULL;
    char *rest = field[1], *item;
    while ((item = cut(&rest, ',')) != NULL) {
        read[count] = unhex(item, strlen(item));
        texts[count] = (const char *)read[count].data;
        sizes[count] = read[count].size;
        if (++count == 300)
            fail("too many texts");
    }
    memset(&carried, 0, sizeof carried);
    carried.struct_size = sizeof carried;
    if (zy_carrier_decode(texts, sizes, count, &carried, &found, &error) != ZY_OK) {
        if (zy_error_reason(error) != number(field[2]))
            fail("ground %u, expected %s", zy_error_reason(error), field[2]);
        zy_error_free(error);
    } else {
        if (number(field[2]) != 0 || zy_buffer_size(found) != expected.size || memcmp(zy_buffer_data(found), expected.data, expected.size) != 0)
            fail("other bytes");
        if (carried.carrier != number(field[4]) || (is_there(field[5]) && (carried.form != number(field[5]) || carried.parts != number(field[6]))) ||
            (is_there(field[7]) && carried.repaired != number(field[7])))
            fail("carried otherwise");
        zy_buffer_free(found);
    }
    for (at = 0; at < count; at++)
        free(read[at].data);
    free(expected.data);
}

static void run(int count)
{
    zy_buffer *buffer = NULL;
    zy_store *next = NULL;
    call_name = field[0];
    if (strcmp(call_name, "case") == 0) {
        snprintf(name, sizeof name, "%s", field[1]);
        cases++;
    } else if (strcmp(call_name, "store") == 0) {
        WORKS(zy_store_new(field[1], &next, &error));
        keep_store(next);
    } else if (strcmp(call_name, "object") == 0 || strcmp(call_name, "pack") == 0) {
        offer(call_name[0] == 'p');
    } else if (strcmp(call_name, "reload") == 0) {
        WORKS(zy_store_to_bytes(store, &buffer, &error));
        WORKS(zy_store_from_bytes(zy_buffer_data(buffer), zy_buffer_size(buffer), NULL, NULL, &next, &error));
        zy_buffer_free(buffer);
        keep_store(next);
    } else if (strcmp(call_name, "held") == 0) {
        WORKS(zy_store_json(store, &buffer, &error));
        check_digest(buffer, field[1], "what is held");
    } else if (strcmp(call_name, "policy") == 0) {
        make_policy();
    } else if (strcmp(call_name, "question") == 0) {
        make_question();
    } else if (strcmp(call_name, "verifier") == 0) {
        zy_verifier_free(verifier);
        verifier = NULL;
        WORKS(zy_verifier_new(store, policy, &verifier, &error));
    } else if (strcmp(call_name, "replace") == 0) {
        WORKS(zy_verifier_replace_store(verifier, store, &error));
    } else if (strcmp(call_name, "verify") == 0 || strcmp(call_name, "seal") == 0) {
        verify(call_name[0] == 's');
    } else if (strcmp(call_name, "stamps") == 0) {
        verify_stamps();
    } else if (strcmp(call_name, "stamp") == 0) {
        look_at_stamp();
    } else if (strcmp(call_name, "flips") == 0) {
        flips();
    } else if (strcmp(call_name, "decode") == 0) {
        decode();
    } else if (strcmp(call_name, "inspect") == 0) {
        bytes given = field_bytes(1);
        WORKS(zy_inspect(given.data, given.size, &buffer, &error));
        check_digest(buffer, field[2], "what is shown");
        free(given.data);
    } else {
        fail("no such call, with %d fields", count);
    }
}

int main(int count, char **arguments)
{
    FILE *script;
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    if (count != 2 || !(script = fopen(arguments[1], "r"))) {
        fprintf(stderr, "usage: %s SCRIPT\n", arguments[0]);
        return 2;
    }
    while ((length = getline(&line, &size, script)) > 0) {
        char *rest = line;
        int fields = 0;
        line[length - 1] = 0; /* its line feed */
        for (fields = 0; fields < MAX_FIELDS; fields++)
            field[fields] = (char *)(rest ? cut(&rest, '\t') : "-");
        run(fields);
    }
    fclose(script);
    free(line);
    forget_stamps();
    for (size = 0; size < sizeof kept / sizeof *kept; size++)
        free(kept[size].data);
    zy_seen_free(seen);
    zy_verifier_free(verifier);
    zy_policy_free(policy);
    zy_store_free(store);
    printf("C: %ld cases run, %ld reports\n", cases, reports);
    return 0;
}
