/*
 * What the parts of the test share: it stops at the first check that does not hold.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zhengyin.h>

#define PURPOSE "办理入住"
#define AUDIENCE "示例政务大厅"

#define CHECK(condition)                                                       \
    do {                                                                       \
        checks++;                                                              \
        if (!(condition)) {                                                    \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);    \
            exit(1);                                                           \
        }                                                                      \
    } while (0)

/* The call works, and says nothing of an error. */
#define WORKS(call)                                                            \
    do {                                                                       \
        zy_error *error = (zy_error *)&checks;                                 \
        zy_status status = (call);                                             \
        if (status != ZY_OK)                                                   \
            fprintf(stderr, "%s\n", zy_error_message(error, ZY_LANGUAGE_EN));  \
        CHECK(status == ZY_OK && error == NULL);                               \
    } while (0)

/* The call fails with this status, which its error repeats in two languages. */
#define FAILS(expected, call)                                                  \
    do {                                                                       \
        zy_error *error = NULL;                                                \
        zy_status status = (call);                                             \
        if (status != (expected))                                              \
            fprintf(stderr, "status %u\n", status);                            \
        CHECK(status == (expected));                                           \
        CHECK(zy_error_status(error) == (expected));                           \
        CHECK(strlen(zy_error_message(error, ZY_LANGUAGE_ZH)) > 0);            \
        CHECK(strlen(zy_error_message(error, ZY_LANGUAGE_EN)) > 0);            \
        zy_error_free(error);                                                  \
    } while (0)

/* One byte beside where it should be. */
#define ASKEW(type, pointer) ((type *)(void *)((char *)(void *)(pointer) + 1))
/* A handle of another kind. */
#define OTHER(type, handle) ((type *)(void *)(handle))
#define ABSURD ((size_t)-1)
#define NOT_UTF8 "\xff\xfe"

typedef struct bytes {
    uint8_t *data;
    size_t size;
} bytes;

/* How many checks held. */
extern int checks;
/* What is never written to when a call fails. */
extern char untouched;
#define UNTOUCHED(type) ((type *)(void *)&untouched)

/* Where the license of the scene is used, and when. */
extern char region[16];
extern int64_t now;

/* A file of the scene, to be freed. */
bytes read_file(const char *name);
zy_store *open_store(bytes file);
zy_policy *counter(const char *where);
/* At a counter there, over the store of the file. */
zy_verifier *open_verifier(bytes file, const char *where);

/* stamps.c */
void sealed(void);

#endif
