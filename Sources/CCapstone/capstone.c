#ifdef PVM_DISASSEMBLY /* set by the trait Disassembly; without it this room is empty */
#include "CCapstone.h"

#include <capstone/capstone.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_OF(number) #number
#define LIBRARY(major) "libcapstone.so." TEXT_OF(major)
static const char name[] = LIBRARY(CS_API_MAJOR);

/* Each function of the library, under its own type from capstone.h. */
#define EACH_FUNCTION(X)                                                                    \
  X(cs_version) X(cs_open) X(cs_close) X(cs_option) X(cs_malloc) X(cs_free) X(cs_disasm_iter)

static struct {
#define DECLARE(name) __typeof__(&name) name;
  EACH_FUNCTION(DECLARE)
} library;

static char failure[512];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool find(void *handle, const char *function, void *place) {
  void *found = dlsym(handle, function);
  if (found == NULL) snprintf(failure, sizeof failure, "%s has no %s", name, function);
  memcpy(place, &found, sizeof found);
  return found != NULL;
}

static void load(void) {
  void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) {
    snprintf(failure, sizeof failure, "%s could not be loaded: %s", name, dlerror());
    return;
  }
#define FIND(name) if (!find(handle, #name, &library.name)) return;
  EACH_FUNCTION(FIND)
  int major = 0, minor = 0;
  library.cs_version(&major, &minor);
  if (major != CS_API_MAJOR)
    snprintf(failure, sizeof failure, "%s is of version %d.%d", name, major, minor);
}

const char *pvc_load(void) {
  pthread_once(&once, load);
  return failure[0] == 0 ? NULL : failure;
}

int pvc_version(void) { return CS_API_MAJOR * 100 + CS_API_MINOR; }

struct pvc_decoder {
  csh handle;
  cs_insn *instruction;
  enum pvc_machine machine;
};

static cs_err open_handle(enum pvc_machine machine, csh *handle) {
  switch (machine) {
    case PVC_X86_32: return library.cs_open(CS_ARCH_X86, CS_MODE_32, handle);
    case PVC_X86_64: return library.cs_open(CS_ARCH_X86, CS_MODE_64, handle);
    case PVC_ARM_64: return library.cs_open(CS_ARCH_ARM64, CS_MODE_ARM, handle);
  }
  return CS_ERR_ARCH;
}

struct pvc_decoder *pvc_open(enum pvc_machine machine, bool att) {
  struct pvc_decoder *decoder = calloc(1, sizeof *decoder);
  if (decoder == NULL) return NULL;
  decoder->machine = machine;
  if (open_handle(machine, &decoder->handle) != CS_ERR_OK) {
    free(decoder);
    return NULL;
  }
  if (att && machine != PVC_ARM_64)
    library.cs_option(decoder->handle, CS_OPT_SYNTAX, CS_OPT_SYNTAX_ATT);
  library.cs_option(decoder->handle, CS_OPT_DETAIL, CS_OPT_ON);
  decoder->instruction = library.cs_malloc(decoder->handle);
  if (decoder->instruction != NULL) return decoder;
  pvc_close(decoder);
  return NULL;
}

void pvc_close(struct pvc_decoder *decoder) {
  if (decoder->instruction != NULL) library.cs_free(decoder->instruction, 1);
  library.cs_close(&decoder->handle);
  free(decoder);
}

static bool in_group(const cs_detail *detail, uint8_t group) {
  for (int i = 0; i < detail->groups_count; i++)
    if (detail->groups[i] == group) return true;
  return false;
}

/* What stands at an offset, where that is the number expected there and nothing else: version 4 gives
 * the wrong length to some, and offset 0 to what the instruction only implies. */
static struct pvc_field field(const cs_insn *from, unsigned offset, unsigned count, uint64_t value) {
  struct pvc_field field = {0, 0, 0};
  uint64_t found = 0;
  if (offset == 0 || count > 8 || offset + count > from->size) return field;
  memcpy(&found, from->bytes + offset, count);
  uint64_t mask = count == 8 ? UINT64_MAX : ((uint64_t)1 << 8 * count) - 1;
  if (found != (value & mask)) return field;
  field.offset = (uint8_t)offset;
  field.count = (uint8_t)count;
  field.value = value & mask;
  return field;
}

static void read_immediate(const cs_insn *from, const cs_x86_op *operand,
                           struct pvc_instruction *to) {
  const cs_x86_encoding *place = &from->detail->x86.encoding;
  uint64_t end = from->address + from->size;
  if (in_group(from->detail, CS_GRP_BRANCH_RELATIVE)) {
    to->has_branch = true;
    to->branch = (uint64_t)operand->imm;
    if (place->imm_size == 4) to->distance = field(from, place->imm_offset, 4, to->branch - end);
  } else if (place->imm_size == 4 || place->imm_size == 8) {
    to->immediate = field(from, place->imm_offset, place->imm_size, (uint64_t)operand->imm);
  }
}

static void read_memory(const cs_insn *from, const cs_x86_op *operand, struct pvc_instruction *to) {
  const cs_x86 *x86 = &from->detail->x86;
  unsigned offset = x86->encoding.disp_offset;
  uint64_t displacement = (uint64_t)operand->mem.disp, end = from->address + from->size;
  bool is_relative = operand->mem.base == X86_REG_RIP || operand->mem.base == X86_REG_EIP;
  if (is_relative) {
    to->has_memory = true;
    to->memory = end + displacement;
    to->distance = field(from, offset, 4, displacement);
    return;
  }
  bool has_registers = operand->mem.base != X86_REG_INVALID || operand->mem.index != X86_REG_INVALID;
  bool in_segment = operand->mem.segment == X86_REG_FS || operand->mem.segment == X86_REG_GS;
  to->displacement = field(from, offset, 8, displacement);
  if (to->displacement.count == 0) to->displacement = field(from, offset, 4, displacement);
  if (to->displacement.count == 0 || has_registers || in_segment) return;
  to->has_memory = true;
  to->memory = displacement;
}

static void read_x86(const cs_insn *from, bool is_wide, struct pvc_instruction *to) {
  const cs_x86 *x86 = &from->detail->x86;
  to->jumps = in_group(from->detail, CS_GRP_JUMP);
  to->calls = in_group(from->detail, CS_GRP_CALL);
  to->returns = in_group(from->detail, CS_GRP_RET) || in_group(from->detail, CS_GRP_IRET);
  to->is_conditional = to->jumps && from->id != X86_INS_JMP && from->id != X86_INS_LJMP;
  for (int i = 0; i < x86->op_count; i++) {
    const cs_x86_op *operand = &x86->operands[i];
    if (operand->type == X86_OP_IMM) read_immediate(from, operand, to);
    if (operand->type == X86_OP_MEM) read_memory(from, operand, to);
  }
  if (is_wide) return;
  to->branch &= UINT32_MAX;
  to->memory &= UINT32_MAX;
}

bool pvc_decode(struct pvc_decoder *decoder, const uint8_t *bytes, size_t count, uint64_t address,
                struct pvc_instruction *instruction) {
  const uint8_t *rest = bytes;
  cs_insn *from = decoder->instruction;
  memset(instruction, 0, sizeof *instruction);
  if (!library.cs_disasm_iter(decoder->handle, &rest, &count, &address, from)) return false;
  instruction->size = from->size;
  snprintf(instruction->mnemonic, sizeof instruction->mnemonic, "%s", from->mnemonic);
  snprintf(instruction->operands, sizeof instruction->operands, "%s", from->op_str);
  if (decoder->machine != PVC_ARM_64)
    read_x86(from, decoder->machine == PVC_X86_64, instruction);
  return true;
}
#endif
