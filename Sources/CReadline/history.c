#include <stdlib.h>
#include <string.h>

#include "editor.h"

/* Swift hands over text with a zero at its end; readline copies it. */
void pvm_history_load(const char *entry) { add_history(entry); }

void pvm_history_add(const char *entry) {
  HIST_ENTRY **list = history_list();
  for (int i = history_length - 1; list && i >= 0; i--) {
    if (strcmp(list[i]->line, entry) != 0) continue;
    free_history_entry(remove_history(i));
    break;
  }
  add_history(entry);
}

void pvm_history_limit(int count) {
  using_history();
  stifle_history(count);
}
