/*
 * What one verification costs from C, in nanoseconds for which the thread was at work: `cost SCENE ROUNDS`. The least of the rounds, each of 200.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <zhengyin.h>

static uint8_t bytes[1 << 20];

static size_t read_file(const char *folder, const char *name)
{
    char path[4096];
    size_t size;
    FILE *file;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return size;
}

static double spent(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int main(int count, char **arguments)
{
    zy_store *store = NULL;
    zy_policy *policy = NULL;
    zy_verifier *verifier = NULL;
    double least = 1e18;
    size_t size;
    int round, at;
    if (count != 3)
        return 2;
    size = read_file(arguments[1], "in-force.store");
    if (zy_store_from_bytes(bytes, size, NULL, NULL, &store, NULL) != ZY_OK || zy_policy_new("counter", "990102", &policy, NULL) != ZY_OK ||
        zy_verifier_new(store, policy, &verifier, NULL) != ZY_OK)
        return 1;
    size = read_file(arguments[1], "license.zyl");
    for (round = 0; round < atoi(arguments[2]); round++) {
        double began = spent(), each;
        for (at = 0; at < 200; at++) {
            zy_report *report = NULL;
            if (zy_verify(verifier, bytes, size, 1790820000, ZY_UNCERTAINTY_USUAL, NULL, &report, NULL) != ZY_OK)
                return 1;
            if (zy_report_verdict(report) != ZY_VERDICT_VALID)
                return 1;
            zy_report_free(report);
        }
        each = (spent() - began) / 200;
        least = each < least ? each : least;
    }
    printf("%.0f\n", least);
    zy_verifier_free(verifier);
    zy_policy_free(policy);
    zy_store_free(store);
    return 0;
}
