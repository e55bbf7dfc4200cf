/* Building a reply, which never raises. */
#include "reply.h"

#include <string.h>

void pvl_reply_init(pvl_reply *reply, pvl_host *host, const void *frame) {
  reply->host = host;
  reply->frame = frame;
  reply->parcel = NULL;
  reply->ops = reply->inline_ops;
  reply->count = 0;
  reply->capacity = INLINE_OPS;
  reply->out_of_memory = reply->waits = false;
  reply->raise = RAISE_VALUE;
  reply->reserved = NULL;
}

static bool grow_ops(pvl_reply *reply) {
  pvl_parcel *parcel = pvl_parcel_of(reply);
  if (!parcel) return false;
  uint32_t capacity = reply->capacity * 4;
  reply_op *ops = pvl_allocate(reply->host, parcel->ops, parcel->op_capacity * sizeof *ops,
                               capacity * sizeof *ops);
  if (!ops) {
    reply->out_of_memory = true;
    return false;
  }
  if (!parcel->ops) memcpy(ops, reply->inline_ops, reply->count * sizeof *ops);
  parcel->ops = reply->ops = ops;
  parcel->op_capacity = reply->capacity = capacity;
  return true;
}

static reply_op *append(pvl_reply *reply, op_kind kind) {
  static reply_op nowhere;   /* written and never read: the reply is already lost */
  if (reply->count == reply->capacity && !grow_ops(reply)) return &nowhere;
  reply_op *op = &reply->ops[reply->count++];
  op->kind = kind;
  return op;
}

void pvl_reply_nil(pvl_reply *reply) { append(reply, OP_NIL); }
void pvl_reply_boolean(pvl_reply *reply, bool value) { append(reply, OP_BOOLEAN)->small = value; }
void pvl_reply_integer(pvl_reply *reply, int64_t value) {
  append(reply, OP_INTEGER)->integer = value;
}
void pvl_reply_number(pvl_reply *reply, double value) { append(reply, OP_NUMBER)->number = value; }
void pvl_reply_argument(pvl_reply *reply, int32_t index) {
  append(reply, OP_ARGUMENT)->small = index;
}
void pvl_reply_kept(pvl_reply *reply, int32_t kept) { append(reply, OP_KEPT)->small = kept; }

static void append_text(pvl_reply *reply, op_kind kind, const void *bytes, size_t count) {
  char *copy = count ? pvl_block_of(reply, count) : "";
  if (!copy) return;
  if (count) memcpy(copy, bytes, count);
  reply_op *op = append(reply, kind);
  op->text.bytes = copy;
  op->text.count = count;
}

void pvl_reply_bytes(pvl_reply *reply, const void *bytes, size_t count) {
  append_text(reply, OP_BYTES, bytes, count);
}

void *pvl_reply_reserve(pvl_reply *reply, size_t capacity) {
  return reply->reserved = pvl_block_of(reply, capacity ? capacity : 1);
}

void pvl_reply_commit(pvl_reply *reply, size_t count) {
  if (!reply->reserved) return;
  reply_op *op = append(reply, OP_BYTES);
  op->text.bytes = reply->reserved;
  op->text.count = count;
  reply->reserved = NULL;
}

/* Puts an object into the parcel. False: no memory, and the reference is given up. */
static bool take_over(pvl_reply *reply, void *object) {
  pvl_parcel *parcel = pvl_parcel_of(reply);
  if (parcel && parcel->object_count == parcel->object_capacity) {
    uint32_t capacity = parcel->object_capacity ? parcel->object_capacity * 4 : 2;
    void **objects = pvl_allocate(reply->host, parcel->objects,
                                  parcel->object_capacity * sizeof *objects,
                                  capacity * sizeof *objects);
    if (objects) {
      parcel->objects = objects;
      parcel->object_capacity = capacity;
    } else {
      reply->out_of_memory = true;
      parcel = NULL;
    }
  }
  if (!parcel) {
    reply->host->options.release(object);
    return false;
  }
  parcel->objects[parcel->object_count++] = object;
  return true;
}

void pvl_reply_hold(pvl_reply *reply, void *object) { take_over(reply, object); }

void pvl_reply_object(pvl_reply *reply, int32_t class_id, void *object, size_t weight) {
  if (!take_over(reply, object)) return;
  reply_op *op = append(reply, OP_OBJECT);
  op->small = class_id;
  op->integer = reply->parcel->object_count - 1;
  reply->host->outside_bytes += weight;
}

void pvl_reply_open_table(pvl_reply *reply, int32_t array_hint, int32_t record_hint) {
  reply_op *op = append(reply, OP_OPEN_TABLE);
  op->small = array_hint;
  op->integer = record_hint;
}
void pvl_reply_key(pvl_reply *reply, const char *name, size_t length) {
  append_text(reply, OP_KEY, name, length);
}
void pvl_reply_integer_key(pvl_reply *reply, int64_t key) {
  append(reply, OP_INTEGER_KEY)->integer = key;
}
void pvl_reply_close_table(pvl_reply *reply) { append(reply, OP_CLOSE_TABLE); }
void pvl_reply_raise_again(pvl_reply *reply, int32_t index) {
  pvl_reply_clear(reply);
  reply->raise = RAISE_AGAIN;
  pvl_reply_argument(reply, index);
}
void pvl_reply_mark_error(pvl_reply *reply) { append(reply, OP_MARK_ERROR); }

void pvl_reply_wait(pvl_reply *reply) { reply->waits = true; }

void pvl_reply_clear(pvl_reply *reply) {
  reply->count = 0;
  reply->reserved = NULL;
}

static void turn_into(pvl_reply *reply, raise_kind raise, const char *text, size_t length) {
  pvl_reply_clear(reply);
  reply->raise = raise;
  append_text(reply, OP_BYTES, text, length);
}

void pvl_reply_bad_argument(pvl_reply *reply, int32_t index, const char *text, size_t length) {
  reply->bad_argument = index;
  turn_into(reply, RAISE_BAD_ARGUMENT, text, length);
}

void pvl_reply_misuse(pvl_reply *reply, const char *text, size_t length) {
  turn_into(reply, RAISE_MISUSE, text, length);
}
