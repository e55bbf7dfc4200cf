/* What the files of this room share. Not visible to Swift: it includes readline. */
#ifndef PVM_EDITOR_H
#define PVM_EDITOR_H

#include <stdio.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "CReadline.h"

#endif
