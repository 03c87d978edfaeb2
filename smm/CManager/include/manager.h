/* What the security manager has below Swift: fixed memory, the world switch, and BearSSL. */
#ifndef SICE_MANAGER_H
#define SICE_MANAGER_H
#include <stddef.h>
#include <stdint.h>

#include "instructions.h"

#define SICE_ENVIRONMENTS 16
#define SICE_DIGESTS (SICE_ENVIRONMENTS + 1)
/* Room for the state of `Manager`; the build's check is in Swift (`MemoryLayout`). */
#define SICE_MANAGER_SIZE 65536

/* The part of a virtual CPU that VMRUN does not keep in the VMCB: the FXSAVE64 image (512 bytes), then
 * general registers by their number in instruction encodings (RAX and RSP live in the VMCB). */
#define SICE_GUEST_SIZE 640

/* 12 KiB that serve as I/O and MSR permission maps; filled with ones at the first entry. */
#define SICE_PERMISSION_MAP_SIZE 12288
/* 8 KiB: which model-specific registers a Linux guest reaches without an exit. */
#define SICE_MSR_MAP_SIZE 8192

/* Fixed memory of the image, zeroed at installation (storage.c). Every world switch asks for it several times: a call for
 * each address would cost more than the address. */
#define SICE_FIXED extern __attribute__((visibility("hidden"))) uint8_t
SICE_FIXED sice_handoff_bytes[512], sice_manager_bytes[SICE_MANAGER_SIZE], sice_permission_bytes[SICE_PERMISSION_MAP_SIZE],
    sice_linux_msr_bytes[SICE_MSR_MAP_SIZE], sice_control_blocks[SICE_ENVIRONMENTS][4096],
    sice_guests[SICE_ENVIRONMENTS][SICE_GUEST_SIZE];
SICE_INLINE uint8_t *_Nonnull sice_handoff(void) { return sice_handoff_bytes; }
SICE_INLINE void *_Nonnull sice_manager_storage(void) { return sice_manager_bytes; }
SICE_INLINE uint8_t *_Nonnull sice_control_block(uint32_t slot) { return sice_control_blocks[slot % SICE_ENVIRONMENTS]; }
SICE_INLINE void *_Nonnull sice_guest_state(uint32_t slot) { return sice_guests[slot % SICE_ENVIRONMENTS]; }
SICE_INLINE uint8_t *_Nonnull sice_permission_map(void) { return sice_permission_bytes; }
SICE_INLINE uint8_t *_Nonnull sice_linux_msr_map(void) { return sice_linux_msr_bytes; }

/* linux_state.S. `features`: bit 0 the CPU has XSAVE, bit 1 protection keys. */
void sice_linux_state_load(void *_Nonnull core_data, uint32_t features);
void sice_linux_state_restore(void *_Nonnull core_data, uint32_t features);

/* switch.S */
void sice_enter_guest(void *_Nonnull core_data, uint64_t control_block, void *_Nonnull guest);

/* Takes the signal (NMI) that is pending, if one is, or halts until one comes. Leaves the global interrupt flag clear. */
void sice_take_signal(int sleep);

/* SHA-256 states, by slot. */
void sice_digest_begin(uint32_t slot);
void sice_digest_update(uint32_t slot, const void *_Nonnull bytes, size_t size);
void sice_digest_finish(uint32_t slot, uint8_t *_Nonnull digest);

/* Randomness and the report key. Results: 1 for success, 0 when the machine had no entropy (or no key). */
int sice_random(void *_Nonnull bytes, size_t size);
int sice_key_make(const uint8_t *_Nonnull entropy, size_t size, uint8_t *_Nonnull public_key);
int sice_key_sign(const uint8_t *_Nonnull digest, uint8_t *_Nonnull signature);
/* Overwrites key and generator. */
void sice_key_destroy(void);

/* The manager's lock: 0 when free, else core index + 1. */
extern __attribute__((visibility("hidden"))) uint32_t sice_lock, sice_given_up;
SICE_INLINE int sice_lock_try(uint32_t owner) {
  uint32_t free = 0;
  return __atomic_compare_exchange_n(&sice_lock, &free, owner, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}
SICE_INLINE uint32_t sice_lock_owner(void) { return __atomic_load_n(&sice_lock, __ATOMIC_RELAXED); }
SICE_INLINE void sice_lock_release(void) { __atomic_store_n(&sice_lock, 0, __ATOMIC_RELEASE); }
/* Cores that gave up waiting for the lock with a guest's exit in hand, a bit each. Written without the lock; whoever has
 * it takes them. */
SICE_INLINE void sice_give_up(uint32_t core) { __atomic_fetch_or(&sice_given_up, 1u << core % 32, __ATOMIC_RELEASE); }
SICE_INLINE uint32_t sice_take_given_up(void) {
  /* Hardly ever set, and looked at in each world switch. */
  if (__atomic_load_n(&sice_given_up, __ATOMIC_RELAXED) == 0) return 0;
  return __atomic_exchange_n(&sice_given_up, 0, __ATOMIC_ACQUIRE);
}
#endif
