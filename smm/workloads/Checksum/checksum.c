/* CRC-32 (IEEE 802.3) of whatever the host streams in: the smallest program that has state between chunks.
 * Operation 1; the answer is four bytes, most significant first. */
#include "sice_workload.h"

enum { OPERATION_CRC32 = 1, STATUS_UNKNOWN_OPERATION = 1, STATUS_OUT_OF_ORDER = 2 };

static uint32_t update(uint32_t crc, const uint8_t *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (0xEDB88320u & -(crc & 1));
  }
  return crc;
}

static uint32_t take(const sice_mailbox *mailbox, uint32_t crc, uint32_t length) {
  static uint8_t buffer[4096];
  for (uint32_t done = 0; done < length;) {
    uint32_t part = length - done < sizeof buffer ? length - done : sizeof buffer;
    sice_mailbox_read(mailbox, done, buffer, part);
    crc = update(crc, buffer, part);
    done += part;
  }
  return crc;
}

uint64_t sice_main(void) {
  sice_mailbox mailbox;
  uint64_t error = sice_mailbox_open(&mailbox, 0);
  if (error != 0) return error;
  uint32_t crc = 0;
  int open = 0;
  for (;;) {
    sice_chunk chunk = sice_mailbox_next(&mailbox);
    if (chunk.operation != OPERATION_CRC32) {
      sice_mailbox_answer(&mailbox, STATUS_UNKNOWN_OPERATION, "", 0);
      open = 0;
      continue;
    }
    if (chunk.flags & SICE_MAILBOX_BEGIN) {
      crc = 0xFFFFFFFFu;
      open = 1;
    }
    if (!open) {
      sice_mailbox_answer(&mailbox, STATUS_OUT_OF_ORDER, "", 0);
      continue;
    }
    crc = take(&mailbox, crc, chunk.length);
    uint32_t value = ~crc;
    uint8_t answer[4] = {value >> 24, value >> 16, value >> 8, value};
    int last = (chunk.flags & SICE_MAILBOX_END) != 0;
    sice_mailbox_answer(&mailbox, 0, answer, last ? sizeof answer : 0);
    open = !last;
  }
}
