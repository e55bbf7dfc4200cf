/* What names and types of programs take: demangling, and the calls of libdw that read DWARF.
 *
 * libdw is loaded by dlopen(3) at the first use and never unloaded: linked in the ordinary way the
 * program would not start where it is not installed. */
#ifndef CDEBUGINFO_H
#define CDEBUGINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The name as it stands in the source, to be freed; NULL where it is none of the language. Both need
 * the runtime of their language, which every program in Swift has. */
char *pvd_demangle_cxx(const char *name);
char *pvd_demangle_swift(const char *name, size_t count);
void pvd_free(char *text);

/* Loads libdw once, from any thread; NULL, or why it cannot be used, as text for ever. */
const char *pvd_load(void);

/* The debug information of one file. One thread at a time may use what comes from one of them. */
struct pvd_file;

/* An entry of debug information: as large as libdw's own, which it holds. */
struct pvd_entry {
  uint64_t words[4];
};

/* Opens a file, which stays the caller's to close, and must be open as long as this is. NULL where it
 * has no debug information. After a pvd_load that gave NULL. */
struct pvd_file *pvd_open(int descriptor);
void pvd_close(struct pvd_file *file);

/* The next unit; `place` begins at 0. False behind the last one. */
bool pvd_next_unit(struct pvd_file *file, uint64_t *place, struct pvd_entry *unit);

/* The first entry within another, and the one behind it; false for none. */
bool pvd_child(const struct pvd_entry *entry, struct pvd_entry *child);
bool pvd_sibling(const struct pvd_entry *entry, struct pvd_entry *sibling);

/* What an entry is, DW_TAG_*; 0 for nothing. */
int pvd_tag(const struct pvd_entry *entry);
/* Where it stands in its file; what tells one from another. */
uint64_t pvd_offset(const struct pvd_entry *entry);
/* Its own name, NULL for none; and the one that the linker knows it by. Alive as long as the file. */
const char *pvd_name(const struct pvd_entry *entry);
const char *pvd_linkage_name(const struct pvd_entry *entry);
/* The entry that an attribute, DW_AT_*, leads to; its own or that of what it was declared as. */
bool pvd_reference(const struct pvd_entry *entry, unsigned attribute, struct pvd_entry *target);
/* The number of an attribute, of either sign. */
bool pvd_number(const struct pvd_entry *entry, unsigned attribute, int64_t *number);
bool pvd_has(const struct pvd_entry *entry, unsigned attribute);
bool pvd_flag(const struct pvd_entry *entry, unsigned attribute);
/* The address of a variable that lies at one all the time, by the file's own addresses. */
bool pvd_address(const struct pvd_entry *entry, uint64_t *address);
/* How far a member lies from the start of what it is in. */
bool pvd_member_offset(const struct pvd_entry *entry, uint64_t *offset);

/* A stretch of addresses of an entry; `step` begins at 0, and is 0 or less behind the last. */
ptrdiff_t pvd_range(const struct pvd_entry *entry, ptrdiff_t step, uint64_t *base, uint64_t *start,
                    uint64_t *end);

/* The line of an address of a unit; `file` lives as long as the debug information. */
bool pvd_line(const struct pvd_entry *unit, uint64_t address, const char **file, int *line);

#endif
