/* What the rows of scripts/bench for searching are measured against: memory that is only copied,
 * and the least that searching it must do besides.
 *
 *   raw copy PID FIRST BYTES BLOCK THREADS PASSES    copies a range in blocks of so many bytes
 *   raw keep PID FIRST BYTES BLOCK THREADS PASSES    the same into new memory on huge pages, at least
 *                                                    as large blocks
 *   raw pages PID FIRST BYTES BLOCK THREADS PASSES   the first for its populated pages only
 *   raw compare PID FIRST BYTES BLOCK THREADS PASSES the first, and every i32 with one number
 *   raw changes PID FIRST BYTES BLOCK THREADS PASSES the first, and every i32 with a copy made before
 *   raw memory PID FIRST BYTES BLOCK THREADS PASSES  two copies of it in our memory with each other
 *   raw count PID FIRST BYTES i32 LOW HIGH STEP      values from LOW to HIGH, one each STEP bytes
 *   raw count PID FIRST BYTES f32 LOW HIGH           aligned values from LOW to below HIGH
 *   raw count PID FIRST BYTES bytes "48 8b ??"       places where these bytes stand
 *
 * The first six print nanoseconds by the wall clock, the median of so many passes, starting the
 * threads, mapping memory and finding the pages included; but for `keep`, buffers are used again in
 * every pass. The others print a count, by the plainest of loops. Numbers are as C writes them.
 * Linux 6.7 for the populated pages, _GNU_SOURCE. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_THREADS = 256, MOST_PASSES = 1000, MOST_PIECES = 64, PATTERN = 64, WINDOW = 1 << 20,
    HUGE_PAGE = 2 << 20
};

/* PAGEMAP_SCAN of ioctl_pagemap_scan(2), which older headers lack. */
struct page_region_found { uint64_t start, end, categories; };
struct page_scan {
    uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
    uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
#define SCAN_PAGES _IOWR('f', 16, struct page_scan)
enum { PRESENT = 1 << 3, SWAPPED = 1 << 4, ZERO_PAGE = 1 << 5 };

/* One call: some pieces of the other process, one after the other in a buffer. */
struct task { struct iovec *pieces; int count; };

static struct {
    pid_t pid;
    size_t block;
    struct iovec *pieces;
    struct task *tasks;
    size_t piece_count, piece_room, task_count, task_room;
    atomic_size_t next_task;
    char *kept; /* everything, a block for each task */
    char *other;
    enum how { COPY, KEEP, PAGES, COMPARE, CHANGES, MEMORY } how;
    atomic_size_t found;
} work;

static void give_up(const char *what) {
    perror(what);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static void *enlarged(void *array, size_t *room, size_t size) {
    *room = *room ? 2 * *room : 4096;
    array = realloc(array, *room * size);
    if (!array) give_up("realloc");
    return array;
}

static void add_range(uint64_t first, uint64_t behind) {
    while (first < behind) {
        size_t count = least(work.block, behind - first);
        if (work.piece_count == work.piece_room)
            work.pieces = enlarged(work.pieces, &work.piece_room, sizeof *work.pieces);
        work.pieces[work.piece_count++] = (struct iovec){(void *)(uintptr_t)first, count};
        first += count;
    }
}

/* Pieces that follow each other make a task as long as they fit a block. */
static void make_tasks(void) {
    size_t filled = 0;
    work.task_count = 0;
    for (size_t i = 0; i < work.piece_count; i++) {
        struct task *last = work.task_count ? &work.tasks[work.task_count - 1] : NULL;
        if (last && last->count < MOST_PIECES && filled + work.pieces[i].iov_len <= work.block) {
            last->count++;
            filled += work.pieces[i].iov_len;
            continue;
        }
        if (work.task_count == work.task_room)
            work.tasks = enlarged(work.tasks, &work.task_room, sizeof *work.tasks);
        work.tasks[work.task_count++] = (struct task){&work.pieces[i], 1};
        filled = work.pieces[i].iov_len;
    }
    atomic_store(&work.next_task, 0);
}

static void find_pages(uint64_t first, uint64_t behind) {
    enum { REGIONS = 4096 };
    static struct page_region_found regions[REGIONS];
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/pagemap", work.pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) give_up(path);
    struct page_scan scan = {
        .size = sizeof scan, .start = first, .end = behind, .vec = (uintptr_t)regions,
        .vec_len = REGIONS, .category_inverted = ZERO_PAGE, .category_mask = ZERO_PAGE,
        .category_anyof_mask = PRESENT | SWAPPED, .return_mask = PRESENT};
    int found;
    do {
        found = ioctl(file, SCAN_PAGES, &scan);
        if (found < 0) give_up("PAGEMAP_SCAN");
        for (int i = 0; i < found; i++) add_range(regions[i].start, regions[i].end);
        /* The end of the last range is right where walk_end need not be. */
        if (found > 0) scan.start = regions[found - 1].end;
    } while (found == REGIONS);
    close(file);
}

static size_t equal(const int32_t *values, int32_t wanted, size_t count) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += values[i] == wanted;
    return found;
}

static size_t different(const int32_t *values, const int32_t *kept, size_t count) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += values[i] != kept[i];
    return found;
}

static void *copy_tasks(void *buffer) {
    size_t found = 0;
    for (;;) {
        size_t number = atomic_fetch_add(&work.next_task, 1);
        if (number >= work.task_count) break;
        struct task task = work.tasks[number];
        char *kept = work.kept + number * work.block;
        if (work.how == MEMORY) {
            size_t place = number * work.block;
            found += memcmp(kept, work.other + place, task.pieces->iov_len) != 0;
            continue;
        }
        struct iovec to = {work.how == KEEP ? kept : buffer, work.block};
        ssize_t bytes = process_vm_readv(work.pid, &to, 1, task.pieces, task.count, 0);
        if (bytes <= 0) give_up("process_vm_readv");
        if (work.how == COMPARE) found += equal(buffer, 1515896030, bytes / 4);
        if (work.how == CHANGES) found += different(buffer, (int32_t *)kept, bytes / 4);
    }
    atomic_fetch_add(&work.found, found);
    return NULL;
}

static void map_room(void) { /* in `kept` */
    work.kept = mmap(NULL, work.task_count * work.block, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (work.kept == MAP_FAILED) give_up("mmap");
    madvise(work.kept, work.task_count * work.block, MADV_HUGEPAGE);
}

static double one_pass(uint64_t first, uint64_t behind, char **buffers, int threads) {
    pthread_t ids[MOST_THREADS];
    double start = now();
    work.piece_count = 0;
    if (work.how == PAGES)
        find_pages(first, behind);
    else
        add_range(first, behind);
    make_tasks();
    if (work.how == KEEP) map_room();
    for (int i = 1; i < threads; i++)
        if (pthread_create(&ids[i], NULL, copy_tasks, buffers[i])) give_up("pthread_create");
    copy_tasks(buffers[0]);
    for (int i = 1; i < threads; i++) pthread_join(ids[i], NULL);
    double time = now() - start;
    if (work.how == KEEP) munmap(work.kept, work.task_count * work.block);
    return time;
}

static int by_size(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double copy(uint64_t first, uint64_t behind, int threads, int passes) {
    char *buffers[MOST_THREADS];
    double times[MOST_PASSES];
    for (int i = 0; i < threads; i++) {
        buffers[i] = aligned_alloc(4096, work.block);
        if (!buffers[i]) give_up("aligned_alloc");
        memset(buffers[i], 1, work.block);
    }
    enum how how = work.how;
    if (how == CHANGES || how == MEMORY) { /* what is compared */
        work.how = KEEP;
        add_range(first, behind);
        for (int copies = how == MEMORY ? 2 : 1; copies > 0; copies--) {
            work.other = work.kept;
            make_tasks();
            map_room();
            copy_tasks(NULL);
        }
        work.how = how;
    }
    for (int i = 0; i < passes; i++) times[i] = one_pass(first, behind, buffers, threads);
    qsort(times, passes, sizeof times[0], by_size);
    return times[passes / 2];
}

/* What is counted: a number or bytes, one candidate every `step` bytes. */
struct wanted {
    enum { INTEGER, REAL, BYTES } kind;
    size_t width, step;
    double low, high;
    uint8_t bytes[PATTERN], mask[PATTERN];
};

static struct wanted parse(char **words) {
    struct wanted wanted = {.width = 4, .step = 4};
    if (strcmp(words[0], "bytes") == 0) {
        wanted = (struct wanted){.kind = BYTES, .step = 1};
        for (char *text = strtok(words[1], " "); text && wanted.width < PATTERN;
             text = strtok(NULL, " "), wanted.width++) {
            bool known = strcmp(text, "??") != 0;
            wanted.mask[wanted.width] = known ? 0xff : 0;
            wanted.bytes[wanted.width] = known ? strtoul(text, NULL, 16) : 0;
        }
        return wanted;
    }
    wanted.kind = strcmp(words[0], "f32") == 0 ? REAL : INTEGER;
    wanted.low = strtod(words[1], NULL);
    wanted.high = strtod(words[2], NULL);
    if (words[3]) wanted.step = strtoul(words[3], NULL, 0);
    return wanted;
}

static bool matches(const struct wanted *wanted, const uint8_t *candidate) {
    int32_t integer;
    float real;
    switch (wanted->kind) {
    case INTEGER:
        memcpy(&integer, candidate, sizeof integer);
        return wanted->low <= integer && integer <= wanted->high;
    case REAL:
        memcpy(&real, candidate, sizeof real);
        return wanted->low <= real && real < wanted->high;
    default:
        for (size_t i = 0; i < wanted->width; i++)
            if ((candidate[i] & wanted->mask[i]) != wanted->bytes[i]) return false;
        return true;
    }
}

static uint64_t count_matches(pid_t pid, uint64_t first, uint64_t behind, struct wanted wanted) {
    static uint8_t window[WINDOW];
    uint64_t found = 0;
    while (behind - first >= wanted.width) {
        size_t bytes = least(sizeof window, behind - first);
        struct iovec to = {window, bytes}, from = {(void *)(uintptr_t)first, bytes};
        if (process_vm_readv(pid, &to, 1, &from, 1, 0) != (ssize_t)bytes)
            give_up("process_vm_readv");
        size_t place = 0;
        for (; place + wanted.width <= bytes; place += wanted.step)
            found += matches(&wanted, window + place);
        first += place;
    }
    return found;
}

int main(int count, char **words) {
    if (count < 7) return 2;
    uint64_t first = strtoull(words[3], NULL, 0);
    uint64_t behind = first + strtoull(words[4], NULL, 0);
    work.pid = atoi(words[2]);
    if (strcmp(words[1], "count") == 0) {
        printf("%ju\n", (uintmax_t)count_matches(work.pid, first, behind, parse(words + 5)));
        return 0;
    }
    if (count < 8) return 2;
    work.block = strtoull(words[5], NULL, 0);
    int threads = atoi(words[6]), passes = atoi(words[7]);
    if (work.block == 0 || threads < 1 || threads > MOST_THREADS || passes < 1 ||
        passes > MOST_PASSES)
        return 2;
    const char *names[] = {"copy", "keep", "pages", "compare", "changes", "memory"};
    for (int i = COPY; i <= MEMORY; i++)
        if (strcmp(words[1], names[i]) == 0) work.how = i;
    /* Of a huge page that two threads write to first, both would clear one. */
    if (work.how == KEEP && work.block < HUGE_PAGE) work.block = HUGE_PAGE;
    printf("%.1f\n", copy(first, behind, threads, passes));
    return 0;
}
