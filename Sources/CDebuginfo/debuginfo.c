#ifdef PVM_DEBUGINFO /* set by the trait Debuginfo; without it only demangling is here */
#include "CDebuginfo.h"

#include <dlfcn.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char name[] = "libdw.so.1";

/* Each function of libdw, and of libelf which it brings along, under its own type. */
#define EACH_FUNCTION(X)                                                                         \
  X(elf_version) X(elf_begin) X(elf_end) X(dwarf_begin_elf) X(dwarf_end) X(dwarf_next_unit)      \
  X(dwarf_offdie) X(dwarf_child) X(dwarf_siblingof) X(dwarf_tag) X(dwarf_dieoffset)              \
  X(dwarf_diename) X(dwarf_attr) X(dwarf_attr_integrate) X(dwarf_formstring) X(dwarf_formref_die) \
  X(dwarf_formudata) X(dwarf_formsdata) X(dwarf_formflag) X(dwarf_hasattr) X(dwarf_getlocation)  \
  X(dwarf_ranges) X(dwarf_getsrc_die) X(dwarf_linesrc) X(dwarf_lineno) X(dwarf_formaddr)         \
  X(dwarf_whatform) X(dwarf_getlocation_attr)

static struct {
#define DECLARE(name) __typeof__(&name) name;
  EACH_FUNCTION(DECLARE)
} library;

_Static_assert(sizeof(Dwarf_Die) == sizeof(struct pvd_entry), "an entry holds one of libdw's");

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
  if (library.elf_version(EV_CURRENT) == EV_NONE)
    snprintf(failure, sizeof failure, "%s knows no ELF files of version %d", name, EV_CURRENT);
}

const char *pvd_load(void) {
  pthread_once(&once, load);
  return failure[0] == 0 ? NULL : failure;
}

struct pvd_file {
  Elf *elf;
  Dwarf *dwarf;
};

/* Not mapped: a file that somebody cuts off would end us. */
struct pvd_file *pvd_open(int descriptor) {
  struct pvd_file *file = calloc(1, sizeof *file);
  if (file == NULL) return NULL;
  file->elf = library.elf_begin(descriptor, ELF_C_READ, NULL);
  if (file->elf != NULL) file->dwarf = library.dwarf_begin_elf(file->elf, DWARF_C_READ, NULL);
  if (file->dwarf != NULL) return file;
  pvd_close(file);
  return NULL;
}

void pvd_close(struct pvd_file *file) {
  if (file->dwarf != NULL) library.dwarf_end(file->dwarf);
  if (file->elf != NULL) library.elf_end(file->elf);
  free(file);
}

static Dwarf_Die *inside(const struct pvd_entry *entry, Dwarf_Die *room) {
  memcpy(room, entry, sizeof *room);
  return room;
}

static bool give(const Dwarf_Die *die, struct pvd_entry *entry) {
  memcpy(entry, die, sizeof *die);
  return true;
}

bool pvd_next_unit(struct pvd_file *file, uint64_t *place, struct pvd_entry *unit) {
  for (;;) {
    Dwarf_Off next = 0;
    size_t header = 0;
    Dwarf_Die die;
    if (library.dwarf_next_unit(file->dwarf, *place, &next, &header, NULL, NULL, NULL, NULL, NULL,
                                NULL) != 0)
      return false;
    Dwarf_Off first = *place + header;
    if (next <= *place) return false;
    *place = next;
    if (library.dwarf_offdie(file->dwarf, first, &die) != NULL) return give(&die, unit);
  }
}

bool pvd_child(const struct pvd_entry *entry, struct pvd_entry *child) {
  Dwarf_Die die, found;
  return library.dwarf_child(inside(entry, &die), &found) == 0 && give(&found, child);
}

bool pvd_sibling(const struct pvd_entry *entry, struct pvd_entry *sibling) {
  Dwarf_Die die, found;
  return library.dwarf_siblingof(inside(entry, &die), &found) == 0 && give(&found, sibling);
}

int pvd_tag(const struct pvd_entry *entry) {
  Dwarf_Die die;
  int tag = library.dwarf_tag(inside(entry, &die));
  return tag == DW_TAG_invalid ? 0 : tag;
}

uint64_t pvd_offset(const struct pvd_entry *entry) {
  Dwarf_Die die;
  return library.dwarf_dieoffset(inside(entry, &die));
}

static bool attribute(const struct pvd_entry *entry, unsigned which, Dwarf_Attribute *found) {
  Dwarf_Die die;
  return library.dwarf_attr_integrate(inside(entry, &die), which, found) != NULL;
}

const char *pvd_name(const struct pvd_entry *entry) {
  Dwarf_Attribute found;
  return attribute(entry, DW_AT_name, &found) ? library.dwarf_formstring(&found) : NULL;
}

const char *pvd_linkage_name(const struct pvd_entry *entry) {
  Dwarf_Attribute found;
  if (!attribute(entry, DW_AT_linkage_name, &found) &&
      !attribute(entry, DW_AT_MIPS_linkage_name, &found))
    return NULL;
  return library.dwarf_formstring(&found);
}

bool pvd_reference(const struct pvd_entry *entry, unsigned which, struct pvd_entry *target) {
  Dwarf_Attribute found;
  Dwarf_Die die;
  return attribute(entry, which, &found) && library.dwarf_formref_die(&found, &die) != NULL &&
         give(&die, target);
}

bool pvd_number(const struct pvd_entry *entry, unsigned which, int64_t *number) {
  Dwarf_Attribute found;
  Dwarf_Word value = 0;
  Dwarf_Sword sign = 0;
  if (!attribute(entry, which, &found)) return false;
  switch (library.dwarf_whatform(&found)) {
    case DW_FORM_sdata:
    case DW_FORM_implicit_const:
      if (library.dwarf_formsdata(&found, &sign) != 0) return false;
      *number = sign;
      return true;
    default:
      if (library.dwarf_formudata(&found, &value) != 0) return false;
      *number = (int64_t)value;
      return true;
  }
}

bool pvd_has(const struct pvd_entry *entry, unsigned which) {
  Dwarf_Attribute found;
  return attribute(entry, which, &found);
}

bool pvd_flag(const struct pvd_entry *entry, unsigned which) {
  Dwarf_Attribute found;
  bool value = false;
  return attribute(entry, which, &found) && library.dwarf_formflag(&found, &value) == 0 && value;
}

bool pvd_address(const struct pvd_entry *entry, uint64_t *address) {
  Dwarf_Attribute found, value;
  Dwarf_Op *operations = NULL;
  size_t count = 0;
  if (!attribute(entry, DW_AT_location, &found)) return false;
  if (library.dwarf_getlocation(&found, &operations, &count) != 0 || count != 1) return false;
  if (operations[0].atom == DW_OP_addr) {
    *address = operations[0].number;
    return true;
  }
  if (operations[0].atom != DW_OP_addrx && operations[0].atom != DW_OP_GNU_addr_index) return false;
  return library.dwarf_getlocation_attr(&found, &operations[0], &value) == 0 &&
         library.dwarf_formaddr(&value, address) == 0;
}

bool pvd_member_offset(const struct pvd_entry *entry, uint64_t *offset) {
  Dwarf_Attribute found;
  Dwarf_Op *operations = NULL;
  size_t count = 0;
  Dwarf_Word value = 0;
  if (!attribute(entry, DW_AT_data_member_location, &found)) return false;
  if (library.dwarf_formudata(&found, &value) == 0) {
    *offset = value;
    return true;
  }
  if (library.dwarf_getlocation(&found, &operations, &count) != 0 || count != 1 ||
      operations[0].atom != DW_OP_plus_uconst)
    return false;
  *offset = operations[0].number;
  return true;
}

ptrdiff_t pvd_range(const struct pvd_entry *entry, ptrdiff_t step, uint64_t *base, uint64_t *start,
                    uint64_t *end) {
  Dwarf_Die die;
  return library.dwarf_ranges(inside(entry, &die), step, base, start, end);
}

bool pvd_line(const struct pvd_entry *unit, uint64_t address, const char **file, int *line) {
  Dwarf_Die die;
  Dwarf_Line *found = library.dwarf_getsrc_die(inside(unit, &die), address);
  if (found == NULL || library.dwarf_lineno(found, line) != 0) return false;
  *file = library.dwarf_linesrc(found, NULL, NULL);
  return *file != NULL;
}
#endif
