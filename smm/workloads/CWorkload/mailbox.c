#include "include/sice_workload.h"

/* MailboxLayout: operation, flags, length, status, each 32 bits, little-endian. */
struct header {
  uint32_t operation, flags, length, status;
};

uint64_t sice_mailbox_open(sice_mailbox *mailbox, uint64_t index) {
  mailbox->token = 0;
  return sice_get_window(index, &mailbox->window);
}

sice_chunk sice_mailbox_next(sice_mailbox *mailbox) {
  struct header header = {0, 0, 0, 0};
  mailbox->token = sice_yield(mailbox->token);
  /* One copy, then checks on the copy: the host can change the window at any time. */
  sice_window_read(&mailbox->window, 0, &header, sizeof header);
  sice_chunk chunk = {header.operation, header.flags, header.length};
  uint64_t room = mailbox->window.size - SICE_MAILBOX_HEADER;
  if (chunk.length > room) chunk.length = (uint32_t)room;
  return chunk;
}

int sice_mailbox_read(const sice_mailbox *mailbox, uint32_t offset, void *to, size_t size) {
  return sice_window_read(&mailbox->window, (uint64_t)SICE_MAILBOX_HEADER + offset, to, size);
}

int sice_mailbox_answer(const sice_mailbox *mailbox, uint32_t status, const void *data, uint32_t size) {
  struct header header = {0, SICE_MAILBOX_END, size, status};
  return sice_window_write(&mailbox->window, SICE_MAILBOX_HEADER, data, size) &&
         sice_window_write(&mailbox->window, 0, &header, sizeof header);
}
