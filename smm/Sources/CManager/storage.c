/* Fixed memory. There is no heap (I9): what is not here is in the page pool. */
#include "manager.h"

static uint8_t handoff[512] __attribute__((aligned(4096), section(".bss.handoff")));
static uint8_t manager_storage[SICE_MANAGER_SIZE] __attribute__((aligned(64)));
static uint8_t control_blocks[SICE_ENVIRONMENTS][4096] __attribute__((aligned(4096)));
static uint8_t permission_map[SICE_PERMISSION_MAP_SIZE] __attribute__((aligned(4096)));
static uint8_t linux_msr_map[SICE_MSR_MAP_SIZE] __attribute__((aligned(4096)));
static uint8_t guests[SICE_ENVIRONMENTS][SICE_GUEST_SIZE] __attribute__((aligned(64)));
static uint32_t lock;
static uint32_t given_up;

uint8_t *sice_handoff(void) { return handoff; }
void *sice_manager_storage(void) { return manager_storage; }
uint8_t *sice_control_block(uint32_t slot) { return control_blocks[slot % SICE_ENVIRONMENTS]; }
void *sice_guest_state(uint32_t slot) { return guests[slot % SICE_ENVIRONMENTS]; }
uint8_t *sice_permission_map(void) { return permission_map; }
uint8_t *sice_linux_msr_map(void) { return linux_msr_map; }

int sice_lock_try(uint32_t owner) {
  uint32_t free = 0;
  return __atomic_compare_exchange_n(&lock, &free, owner, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}
uint32_t sice_lock_owner(void) { return __atomic_load_n(&lock, __ATOMIC_RELAXED); }
void sice_lock_release(void) { __atomic_store_n(&lock, 0, __ATOMIC_RELEASE); }

void sice_give_up(uint32_t core) { __atomic_fetch_or(&given_up, 1u << core % 32, __ATOMIC_RELEASE); }
uint32_t sice_take_given_up(void) {
  /* Hardly ever set, and looked at in each world switch. */
  if (__atomic_load_n(&given_up, __ATOMIC_RELAXED) == 0) return 0;
  return __atomic_exchange_n(&given_up, 0, __ATOMIC_ACQUIRE);
}
