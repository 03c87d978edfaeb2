/* SDK of isolated workloads (bare programs) for C, and the ground under the Swift SDK.
 *
 * A program defines sice_main(); its return value is the status that the host sees. It owns its regions; the
 * only memory it shares with the host are windows. Whatever a window holds can change between two reads: copy
 * it once with sice_window_read(), then look at the copy.
 *
 * Numbers are those of Sources/Manager/SICEABI (Service, MailboxLayout, MailboxFlags).
 */
#ifndef SICE_WORKLOAD_H
#define SICE_WORKLOAD_H
#include <stddef.h>
#include <stdint.h>

/* The program. Runs with the stack that the manifest sizes; all other memory starts as the image has it. */
uint64_t sice_main(void);

/* ---- services of the security manager (VMMCALL); 0 or an error number of the one table ---- */

enum sice_service {
  SICE_YIELD = 1,
  SICE_EXIT = 2,
  SICE_RANDOM = 3,
  SICE_SET_WORKLOAD_DATA = 4,
  SICE_WINDOW = 5,
  SICE_DOORBELL = 6,
};

/* Gives the core back with a word for the host; returns the word with which the host continues the program. */
static inline uint64_t sice_yield(uint64_t word) {
  uint64_t service = SICE_YIELD;
  __asm__ volatile("vmmcall" : "+a"(service), "+b"(word) : : "memory");
  return word;
}

/* Ends the program. */
static inline void __attribute__((noreturn)) sice_exit(uint64_t status) {
  for (;;) {
    uint64_t service = SICE_EXIT;
    __asm__ volatile("vmmcall" : "+a"(service) : "b"(status) : "memory");
  }
}

/* 32 bytes of the manager's randomness, as four words. */
static inline uint64_t sice_random(uint64_t words[4]) {
  uint64_t service = SICE_RANDOM;
  __asm__ volatile("vmmcall"
                   : "+a"(service), "=b"(words[0]), "=c"(words[1]), "=d"(words[2]), "=S"(words[3])
                   :
                   : "memory");
  return service;
}

/* Sets the 64 bytes that later reports carry. */
static inline uint64_t sice_set_workload_data(const uint64_t words[8]) {
  uint64_t service = SICE_SET_WORKLOAD_DATA;
  register uint64_t r8 __asm__("r8") = words[5];
  register uint64_t r9 __asm__("r9") = words[6];
  register uint64_t r10 __asm__("r10") = words[7];
  __asm__ volatile("vmmcall"
                   : "+a"(service)
                   : "b"(words[0]), "c"(words[1]), "d"(words[2]), "S"(words[3]), "D"(words[4]), "r"(r8), "r"(r9),
                     "r"(r10)
                   : "memory");
  return service;
}

/* A window that the image declares: memory shared with the host. */
typedef struct {
  uint64_t address; /* guest-physical, mapped at the same virtual address */
  uint64_t size;    /* bytes */
} sice_window;

static inline uint64_t sice_get_window(uint64_t index, sice_window *window) {
  uint64_t service = SICE_WINDOW;
  __asm__ volatile("vmmcall" : "+a"(service), "+b"(index), "=c"(window->size) : : "memory");
  window->address = index;
  return service;
}

/* Gives the host a word without waiting for an answer; the program goes on with its next slice. */
static inline uint64_t sice_doorbell(uint64_t word) {
  uint64_t service = SICE_DOORBELL;
  __asm__ volatile("vmmcall" : "+a"(service) : "b"(word) : "memory");
  return service;
}

/* Copies out of and into a window; a range outside it returns 0 and touches nothing. Each byte of the window is
 * accessed exactly once. */
int sice_window_read(const sice_window *window, uint64_t offset, void *to, size_t size);
int sice_window_write(const sice_window *window, uint64_t offset, const void *from, size_t size);

/* ---- mailbox: requests of any size, streamed through a window ---- */

enum {
  SICE_MAILBOX_HEADER = 64,
  SICE_MAILBOX_BEGIN = 1, /* first chunk of a request */
  SICE_MAILBOX_END = 2,   /* last chunk: the program answers */
};

/* One chunk of a request. */
typedef struct {
  uint32_t operation;
  uint32_t flags;
  uint32_t length; /* bytes of data; never more than the window holds */
} sice_chunk;

/* A window with its protocol. The host sends a token with every chunk; the program hands it back when it has
 * dealt with the chunk, so that a host that was interrupted cannot take an old answer for a new one. */
typedef struct {
  sice_window window;
  uint64_t token;
} sice_mailbox;

/* Takes the window with this index as mailbox. Returns 0 or an error number. */
uint64_t sice_mailbox_open(sice_mailbox *mailbox, uint64_t index);
/* Hands the last chunk back and waits for the next one. */
sice_chunk sice_mailbox_next(sice_mailbox *mailbox);
/* Copies a part of the chunk's data out of the window. Returns 0 when the range lies outside the window. */
int sice_mailbox_read(const sice_mailbox *mailbox, uint32_t offset, void *to, size_t size);
/* Writes an answer: a status of the program's own (0: fine) and data. */
int sice_mailbox_answer(const sice_mailbox *mailbox, uint32_t status, const void *data, uint32_t size);
#endif
