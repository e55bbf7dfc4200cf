/* A reply is a list of operations that C plays onto the Lua stack once Swift has returned. */
#ifndef PVL_REPLY_H
#define PVL_REPLY_H

#include "host.h"

typedef enum {
  OP_NIL, OP_BOOLEAN, OP_INTEGER, OP_NUMBER, OP_BYTES, OP_OBJECT, OP_ARGUMENT, OP_KEPT,
  OP_OPEN_TABLE, OP_CLOSE_TABLE, OP_KEY, OP_INTEGER_KEY, OP_MARK_ERROR
} op_kind;

typedef struct {
  op_kind kind;
  int32_t small;                 /* class, stack index, kept reference, array hint */
  union {
    int64_t integer;             /* also record hint */
    double number;
    struct { size_t count; const char *bytes; } text;
    void *object;
  };
} reply_op;

typedef struct block { struct block *next; size_t size; } block;

/* What of a reply owns memory. Lies on the heap, linked to the host, until delivered; `frame` is
   where in the C stack its trampoline stood. */
struct pvl_parcel {
  pvl_parcel *newer, *older;
  pvl_host *host;
  const void *frame;
  block *blocks;
  void **objects;                /* not yet taken over by a handle */
  uint32_t object_count, object_capacity;
  reply_op *ops;                 /* more than fit into the frame */
  uint32_t op_capacity;
};

enum { INLINE_OPS = 4 };

typedef enum { RAISE_VALUE, RAISE_BAD_ARGUMENT, RAISE_MISUSE, RAISE_AGAIN } raise_kind;

struct pvl_reply {
  pvl_host *host;
  const void *frame;
  pvl_parcel *parcel;
  reply_op *ops;
  uint32_t count, capacity;
  bool out_of_memory, waits;
  raise_kind raise;
  int32_t bad_argument;
  void *reserved;
  reply_op inline_ops[INLINE_OPS];
};

/* The reply's parcel, made when first needed; and memory in it. NULL: none, and the reply will say
   so. */
pvl_parcel *pvl_parcel_of(pvl_reply *reply);
void *pvl_block_of(pvl_reply *reply, size_t count);

void pvl_reply_init(pvl_reply *reply, pvl_host *host, const void *frame);
/* Pushes what the reply says. Stack: needs LUA_MINSTACK; leaves the returned number of values. */
int pvl_play_raising(lua_State *L, pvl_reply *reply);

#endif
