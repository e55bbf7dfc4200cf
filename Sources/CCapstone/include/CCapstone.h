/* The calls of capstone that disassembling makes.
 *
 * The library is loaded by dlopen(3) at the first use and never unloaded: linked in the ordinary
 * way the program would not start where it is not installed. Its version is that of the header this
 * was built with, since the layout of its structures depends on it. */
#ifndef CCAPSTONE_H
#define CCAPSTONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pvc_machine { PVC_X86_32, PVC_X86_64, PVC_ARM_64 };

/* Part of an instruction: so many bytes from an offset, and the number they make. No bytes: none. */
struct pvc_field {
  uint8_t offset, count;
  uint64_t value;
};

/* One instruction. What stands behind the text is filled in for x86 only. */
struct pvc_instruction {
  uint16_t size;
  char mnemonic[32];
  char operands[160];
  bool jumps, calls, returns, is_conditional;
  struct pvc_field distance;     /* from the end of the instruction to what it names; 4 bytes only */
  struct pvc_field displacement; /* an address, or what is added to registers; 4 or 8 bytes only */
  struct pvc_field immediate;    /* a number; 4 or 8 bytes only */
  bool has_branch, has_memory;
  uint64_t branch; /* where it goes */
  uint64_t memory; /* the address that it names, where no register has a part in it */
};

struct pvc_decoder;

/* Loads the library once, from any thread; NULL, or why it cannot be used, as text for ever. */
const char *pvc_load(void);

/* The version of the header this was built with, as 400. */
int pvc_version(void);

/* A decoder for one thread at a time, after a pvc_load that gave NULL; NULL where there is no
 * memory. `att` chooses the syntax of x86. */
struct pvc_decoder *pvc_open(enum pvc_machine machine, bool att);
void pvc_close(struct pvc_decoder *decoder);

/* Decodes the first instruction of some bytes; false when they do not begin with a whole one. */
bool pvc_decode(struct pvc_decoder *decoder, const uint8_t *bytes, size_t count, uint64_t address,
                struct pvc_instruction *instruction);

#endif
