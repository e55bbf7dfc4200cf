/* What the tests of RemoteMemory need from the kernel and Swift cannot say. */
#ifndef REMOTE_MEMORY_FIXTURES_H
#define REMOTE_MEMORY_FIXTURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Makes process_vm_readv(2) and process_vm_writev(2) fail with `number` from now on, by seccomp(2). */
int fixture_refuse_calls(int number);

/* Makes pidfd_open(2), close_range(2) and PROCMAP_QUERY fail from now on as on an older kernel. */
int fixture_be_old_kernel(void);

/* Puts this process into a Landlock domain of its own. -errno where the kernel has none. */
int fixture_enter_landlock(void);

/* Gives up CAP_SYS_PTRACE and whatever else `keep` has no bit for. */
int fixture_keep_capabilities(uint64_t keep);

/* Becomes another user for good, as a plain program would after exec: dumpable again. */
int fixture_become(uint32_t uid);

/* A child with exactly this number, by clone3(2) with set_tid: it maps a page of `fill` at `address`
 * and waits. -errno, above all -EPERM without privilege. */
pid_t fixture_clone_with_pid(pid_t pid, uint64_t address, uint8_t fill);

/* A child that has ended already and is not waited for. */
pid_t fixture_zombie(void);

/* Ends a child of the two functions above and waits for it. */
void fixture_end(pid_t pid);

/* What a program for tests of shared memory does: fills memory with the pattern of pvm-target, says
 * where (`memory=0x...`) and obeys lines on its input, with a line of answer each, until that ends:
 * `fork` and `fork partly` (a child shares all of it, or has replaced every other page: `forked`),
 * `faults` (four pages registered with userfaultfd(2): `faults=0x...`, or `faults=(nil)`). */
int fixture_run_family(size_t size, bool huge);

/* A program that counts signals: prints `ready`, has a child queue so many of one real-time signal to
 * it at the line `send`, and answers every other line by how many have come. */
int fixture_run_signals(int count);

/* A program that never ends to start threads, each of which adds 1 to the first and then to the second
 * of two u64 at the address that it prints (`words=0x...`); until its input ends. */
int fixture_run_spawner(void);

/* A program whose first thread has called vfork(2), for a child that lives until its input ends. */
int fixture_run_vfork(void);

/* The system call itself on one of our children, for comparison. */
ssize_t fixture_writev(pid_t pid, const void *local, unsigned long local_count, const void *remote,
                       unsigned long remote_count, unsigned long flags);

/* How many descriptors this process has open. */
int fixture_open_descriptors(void);

uint32_t fixture_uid(void);

/* Lets this process make no file longer than that, by setrlimit(2) with RLIMIT_FSIZE. */
int fixture_limit_files(uint64_t bytes);

/* Puts an empty disk of 1 MiB over a folder, which this process alone sees. -errno, above all -EPERM
 * without privilege. */
int fixture_mount_small_disk(const char *folder);

/* How many files a folder holds; -errno. */
int fixture_count_files(const char *folder);

/* FNV-1a of 64 bits, which would take seconds in Swift that is not optimized. */
uint64_t fixture_fnv1a(const void *bytes, size_t count);

/* --- confined.c: what a program tries that was taken over ---------------------------------------- */

/* A thread that waits for fixture_try_calls. 0, or -errno. */
int fixture_begin_thread(void);
/* Makes system calls that a sandbox refuses, against itself, nothing, and a process that lets itself be
 * read; prints a line each: its name, and "done" or the name of an errno. */
void fixture_try_calls(int other);
/* The same for one by the numbers of 32 bits. */
void fixture_call_as_32_bits(void);

#endif
