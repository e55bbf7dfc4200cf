/* What the rows of scripts/bench are measured against: the bare system call, used as well as C can.
 *
 *   reference read_u32 PID ADDRESS           one call for four bytes, in a loop
 *   reference bulk PID ADDRESS BLOCK         1 GiB in blocks of so many bytes
 *   reference scatter PID ADDRESS STRIDE     10 000 values of 8 bytes, in as few calls as possible
 *   reference paced PID ADDRESS STRIDE       the same 20 times a second, with caches grown cold
 *   reference naive PID ADDRESS STRIDE       the same with a call for each
 *   reference start PROGRAM ARGUMENT...      start a program and wait for it
 *   reference sync FILE BYTES                so many bytes into a new file, and fdatasync(2)
 *
 * Prints nanoseconds of processor time for one value, one GiB, one round of 10 000, or (by the
 * wall clock) one start or file. Numbers are read as C writes them. Linux, _GNU_SOURCE. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { VALUES = 10000, ELEMENTS = 1024, MERGE_GAP = 2048, ROUNDS = 50, STARTS = 21 };

static const uint64_t gibibyte = (uint64_t)1 << 30;

static void give_up(const char *what) {
    perror(what);
    exit(1);
}

static double nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1e9 + now.tv_nsec;
}

static double processor_time(void) { return nanoseconds(CLOCK_PROCESS_CPUTIME_ID); }

static void read_exactly(pid_t pid, void *local, uint64_t remote, size_t count) {
    struct iovec to = {local, count}, from = {(void *)(uintptr_t)remote, count};
    if (process_vm_readv(pid, &to, 1, &from, 1, 0) != (ssize_t)count) give_up("process_vm_readv");
}

static double read_u32(pid_t pid, uint64_t address) {
    enum { CALLS = 300000 };
    uint32_t value = 0, sum = 0;
    double start = processor_time();
    for (int i = 0; i < CALLS; i++) {
        read_exactly(pid, &value, address, sizeof value);
        sum += value;
    }
    double time = processor_time() - start;
    fprintf(stderr, "%u\n", sum);
    return time / CALLS;
}

static double bulk(pid_t pid, uint64_t address, size_t block) {
    char *buffer = malloc(block);
    if (!buffer) give_up("malloc");
    memset(buffer, 1, block);
    double start = processor_time();
    for (uint64_t done = 0; done < gibibyte; done += block)
        read_exactly(pid, buffer, address + done, block);
    double time = processor_time() - start;
    free(buffer);
    return time;
}

/* Neighbours merged into spans; a value knows where in the local buffer it will be. */
struct plan {
    int span_count;
    size_t byte_count;
    struct iovec spans[VALUES];
    size_t places[VALUES];
};

static void compile(struct plan *plan, uint64_t address, uint64_t stride) {
    uint64_t span_start = 0, span_end = 0;
    for (int i = 0; i < VALUES; i++) {
        uint64_t value = address + i * stride;
        if (i == 0 || value - span_end > MERGE_GAP) {
            if (i > 0) plan->byte_count += span_end - span_start;
            plan->span_count++;
            span_start = value;
        }
        plan->places[i] = plan->byte_count + (value - span_start);
        span_end = value + 8;
        plan->spans[plan->span_count - 1] =
            (struct iovec){(void *)(uintptr_t)span_start, span_end - span_start};
    }
    plan->byte_count += span_end - span_start;
}

static void gather(pid_t pid, struct plan *plan, char *buffer, uint64_t *values) {
    size_t filled = 0;
    for (int first = 0; first < plan->span_count; first += ELEMENTS) {
        int count = plan->span_count - first < ELEMENTS ? plan->span_count - first : ELEMENTS;
        struct iovec to = {buffer + filled, plan->byte_count - filled};
        ssize_t got = process_vm_readv(pid, &to, 1, plan->spans + first, count, 0);
        if (got < 0) give_up("process_vm_readv");
        filled += got;
    }
    for (int i = 0; i < VALUES; i++) memcpy(&values[i], buffer + plan->places[i], 8);
}

static double scatter(pid_t pid, uint64_t address, uint64_t stride, long pause) {
    static struct plan plan;
    static uint64_t values[VALUES];
    compile(&plan, address, stride);
    char *buffer = malloc(plan.byte_count);
    if (!buffer) give_up("malloc");
    gather(pid, &plan, buffer, values);
    double start = processor_time();
    for (int round = 0; round < ROUNDS; round++) {
        if (pause > 0) nanosleep(&(struct timespec){0, pause}, NULL);
        gather(pid, &plan, buffer, values);
    }
    double time = processor_time() - start;
    free(buffer);
    return time / ROUNDS;
}

static double naive(pid_t pid, uint64_t address, uint64_t stride) {
    static uint64_t values[VALUES];
    double start = processor_time();
    for (int i = 0; i < VALUES; i++) read_exactly(pid, &values[i], address + i * stride, 8);
    return processor_time() - start;
}

static int by_size(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double start_up(char **arguments) {
    extern char **environ;
    double times[STARTS];
    for (int i = 0; i < STARTS; i++) {
        pid_t child;
        int status;
        double start = nanoseconds(CLOCK_MONOTONIC);
        if (posix_spawnp(&child, arguments[0], NULL, NULL, arguments, environ) != 0)
            give_up(arguments[0]);
        waitpid(child, &status, 0);
        times[i] = nanoseconds(CLOCK_MONOTONIC) - start;
        if (status != 0) give_up("the program failed");
    }
    qsort(times, STARTS, sizeof times[0], by_size);
    return times[STARTS / 2];
}

static double sync_file(char **arguments) {
    size_t count = strtoull(arguments[1], NULL, 0);
    char *bytes = calloc(count, 1);
    double times[STARTS];
    for (int i = 0; i < STARTS; i++) {
        unlink(arguments[0]);
        double start = nanoseconds(CLOCK_MONOTONIC);
        int file = open(arguments[0], O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (file < 0 || write(file, bytes, count) != (ssize_t)count || fdatasync(file) != 0)
            give_up(arguments[0]);
        times[i] = nanoseconds(CLOCK_MONOTONIC) - start;
        close(file);
    }
    unlink(arguments[0]);
    free(bytes);
    qsort(times, STARTS, sizeof times[0], by_size);
    return times[STARTS / 2];
}

static double measure(const char *row, char **arguments) {
    if (strcmp(row, "start") == 0) return start_up(arguments);
    if (strcmp(row, "sync") == 0) return sync_file(arguments);
    pid_t pid = atoi(arguments[0]);
    uint64_t address = strtoull(arguments[1], NULL, 0);
    uint64_t number = arguments[2] ? strtoull(arguments[2], NULL, 0) : 0;
    if (strcmp(row, "read_u32") == 0) return read_u32(pid, address);
    if (strcmp(row, "bulk") == 0) return bulk(pid, address, number);
    if (strcmp(row, "scatter") == 0) return scatter(pid, address, number, 0);
    if (strcmp(row, "paced") == 0) return scatter(pid, address, number, 50000000);
    if (strcmp(row, "naive") == 0) return naive(pid, address, number);
    fprintf(stderr, "reference: no row %s\n", row);
    exit(2);
}

int main(int count, char **arguments) {
    if (count < 3) return 2;
    printf("%.1f\n", measure(arguments[1], arguments + 2));
    return 0;
}
