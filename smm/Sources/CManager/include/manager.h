/* What the security manager has below Swift: fixed memory, the world switch, and BearSSL. */
#ifndef SICE_MANAGER_H
#define SICE_MANAGER_H
#include <stddef.h>
#include <stdint.h>

#define SICE_ENVIRONMENTS 16
#define SICE_DIGESTS (SICE_ENVIRONMENTS + 1)
/* Room for the state of `Manager`; the build's check is in Swift (`MemoryLayout`). */
#define SICE_MANAGER_SIZE 65536

/* The part of a virtual CPU that VMRUN does not keep in the control block: the FXSAVE64 image (512 bytes), then
 * general registers by their number in instruction encodings (RAX and RSP live in the control block). */
#define SICE_GUEST_SIZE 640

/* Fixed memory of the image, zeroed at installation. */
uint8_t *_Nonnull sice_handoff(void);
void *_Nonnull sice_manager_storage(void);
uint8_t *_Nonnull sice_control_block(uint32_t slot);
void *_Nonnull sice_guest_state(uint32_t slot);
/* 12 KiB that serve as I/O and MSR permission maps; filled with ones at the first entry. */
uint8_t *_Nonnull sice_permission_map(void);
#define SICE_PERMISSION_MAP_SIZE 12288

/* 8 KiB: which model-specific registers a Linux guest reaches without an exit. */
uint8_t *_Nonnull sice_linux_msr_map(void);
#define SICE_MSR_MAP_SIZE 8192

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
int sice_lock_try(uint32_t owner);
uint32_t sice_lock_owner(void);
void sice_lock_release(void);
/* Cores that gave up waiting for the lock with a guest's exit in hand, a bit each. Written without the lock; whoever has
 * it takes them. */
void sice_give_up(uint32_t core);
uint32_t sice_take_given_up(void);
#endif
