/* Fixed memory. There is no heap (I9): what is not here is in the page pool. */
#include "manager.h"

uint8_t sice_handoff_bytes[512] __attribute__((aligned(4096), section(".bss.handoff")));
uint8_t sice_manager_bytes[SICE_MANAGER_SIZE] __attribute__((aligned(64)));
uint8_t sice_control_blocks[SICE_ENVIRONMENTS][4096] __attribute__((aligned(4096)));
uint8_t sice_permission_bytes[SICE_PERMISSION_MAP_SIZE] __attribute__((aligned(4096)));
uint8_t sice_linux_msr_bytes[SICE_MSR_MAP_SIZE] __attribute__((aligned(4096)));
uint8_t sice_guests[SICE_ENVIRONMENTS][SICE_GUEST_SIZE] __attribute__((aligned(64)));
uint32_t sice_lock, sice_given_up;
