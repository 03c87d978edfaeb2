/* What only C can say about a shared-window network: TUN interfaces, words of shared memory, the guest's doorbell and its
 * wait for a signal. Functions that return a file or 0 return -1 with errno set when they fail. */
#ifndef SICE_TUNNEL_H
#define SICE_TUNNEL_H
#include <stddef.h>
#include <stdint.h>

/* Makes a TUN interface (IP packets, no header before them), gives it the address and brings it up. `route`: everything that
 * has no other way goes to `peer`. Addresses as numbers, 10.0.0.1 is 0x0A000001. Returns a non-blocking file. */
int sice_tunnel_make(const char *name, uint32_t address, uint32_t peer, uint32_t prefix, uint32_t transfer, int route);

/* One packet between the file and two parts of memory. Returns its length, 0 when there is none (read) or when the kernel did
 * not want it (write), or -1. */
long sice_tunnel_read(int file, void *first, size_t first_count, void *second, size_t second_count);
long sice_tunnel_write(int file, const void *first, size_t first_count, const void *second, size_t second_count);

/* Words of a window. */
static inline uint32_t sice_window_load(const void *word) { return __atomic_load_n((const uint32_t *)word, __ATOMIC_ACQUIRE); }
static inline void sice_window_store(void *word, uint32_t value) { __atomic_store_n((uint32_t *)word, value, __ATOMIC_RELEASE); }
static inline void sice_window_fence(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

/* The manager's service `doorbell`. Raises SIGILL where there is none. */
static inline void sice_doorbell(uint64_t word) {
  uint64_t service = 6;
  __asm__ volatile("vmmcall" : "+a"(service) : "b"(word) : "memory");
}

/* When this process runs: as others do; as they do, but without interrupting one when it wakes; while no other wants to.
 * Returns 0, or -1. */
enum { SICE_RUN_NORMAL, SICE_RUN_BATCH, SICE_RUN_IDLE };
int sice_run(int when);

/* A serial port as a bell. Waits for the next ring; one between two calls is lost. */
int sice_bell_open(const char *path);
int sice_bell_wait(int file);
#endif
