/* The target of the rows of scripts/bench for pointer paths: a block of so many MiB in which every
 * 14th word or so points to some place of the block, between small numbers, floats and text; 256
 * statics that point into it; and two chains of 5 pointers from one static to one place.
 *
 *   pointers MEBIBYTES
 *
 * Prints `target=ADDRESS`, `pointers=COUNT` and `ready`, and ends with its standard input. */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { STATICS = 256, HOPS = 5 };

static uint64_t *statics[STATICS];
static uint64_t *root;
static uint64_t state = 0x9e3779b97f4a7c15;

static uint64_t next_random(void) { /* xorshift64* */
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545f4914f6cdd1d;
}

static uint64_t other_word(uint64_t number) {
    float pair[2] = {(float)(number % 1000) / 7, 1.5f};
    uint64_t word;
    switch (number % 4) {
    case 0: return number % 100000;
    case 1: memcpy(&word, pair, sizeof word); return word;
    case 2: memcpy(&word, "some tex", sizeof word); return word;
    default: return 0;
    }
}

int main(int count, char **words) {
    size_t size = (count > 1 ? strtoull(words[1], NULL, 0) : 1024) << 20, pointers = 0;
    uint64_t *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) return perror("mmap"), 1;
    madvise(block, size, MADV_NOHUGEPAGE);
    for (size_t i = 0; i < size / 8; i++) {
        uint64_t number = next_random();
        bool is_pointer = number >> 40 < (1 << 24) / 14;
        block[i] = is_pointer ? (uintptr_t)block + number % size : other_word(number);
        pointers += is_pointer;
    }
    for (int i = 0; i < STATICS; i++) statics[i] = block + next_random() % (size / 8);

    /* Node 1 is reached by two offsets and has two ways on to node 2. */
    uint64_t *nodes[HOPS + 1];
    for (int i = 0; i <= HOPS; i++) nodes[i] = block + (size / 8 / (HOPS + 1)) * i + 64;
    for (int i = 1; i < HOPS; i++) nodes[i][i] = (uintptr_t)nodes[i + 1];
    nodes[1][9] = (uintptr_t)nodes[2];
    root = nodes[1];
    printf("target=%p\npointers=%zu\nready\n", (void *)(nodes[HOPS] + 5), pointers);
    fflush(stdout);
    while (getchar() != EOF) {}
    return root != nodes[1] || statics[0] == NULL;
}
