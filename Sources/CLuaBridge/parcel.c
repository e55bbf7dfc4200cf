/* What replies own: memory and objects that are not delivered yet. Never raises. */
#include "reply.h"

void pvl_drop_parcel(pvl_parcel *parcel) {
  pvl_host *host = parcel->host;
  if (parcel->newer) parcel->newer->older = parcel->older;
  else host->parcels = parcel->older;
  if (parcel->older) parcel->older->newer = parcel->newer;
  host->parcel_count -= 1;
  for (block *b = parcel->blocks; b;) {
    block *next = b->next;
    pvl_free(host, b, b->size);
    b = next;
  }
  for (uint32_t i = 0; i < parcel->object_count; i++)
    if (parcel->objects[i]) host->options.release(parcel->objects[i]);
  pvl_free(host, parcel->objects, parcel->object_capacity * sizeof *parcel->objects);
  pvl_free(host, parcel->ops, parcel->op_capacity * sizeof *parcel->ops);
  pvl_free(host, parcel, sizeof *parcel);
}

/* Coroutines run on the same C stack, and it grows downwards. A parcel whose frame lies at or below
   ours therefore belongs to a delivery that an error jumped out of. */
void pvl_reap_parcels(pvl_host *host, const void *frame) {
  while (host->parcels && (uintptr_t)host->parcels->frame <= (uintptr_t)frame)
    pvl_drop_parcel(host->parcels);
}

pvl_parcel *pvl_parcel_of(pvl_reply *reply) {
  if (reply->parcel || reply->out_of_memory) return reply->parcel;
  pvl_host *host = reply->host;
  pvl_parcel *parcel = pvl_allocate(host, NULL, 0, sizeof *parcel);
  if (!parcel) {
    reply->out_of_memory = true;
    return NULL;
  }
  *parcel = (pvl_parcel){.host = host, .frame = reply->frame, .older = host->parcels};
  if (host->parcels) host->parcels->newer = parcel;
  host->parcels = parcel;
  host->parcel_count += 1;
  return reply->parcel = parcel;
}

void *pvl_block_of(pvl_reply *reply, size_t count) {
  pvl_parcel *parcel = pvl_parcel_of(reply);
  size_t size = sizeof(block) + count;
  block *b = parcel && size > count ? pvl_allocate(reply->host, NULL, 0, size) : NULL;
  if (!b) {
    reply->out_of_memory = true;
    return NULL;
  }
  b->size = size;
  b->next = parcel->blocks;
  parcel->blocks = b;
  return b + 1;
}
