/* The version of everything here, in this one place: the manager's image, the payload, the tools and the packages read it.
 * CHANGELOG.md says what is in it. */
#pragma once
#define SICE_VERSION "0.2.0"

#ifndef __ASSEMBLER__
#include <stdint.h>
/* Its characters, then zeros: programs without a heap have no use for a string of Swift's. */
static inline uint8_t sice_version_character(uint32_t index) {
  return index < sizeof SICE_VERSION ? (uint8_t)SICE_VERSION[index] : 0;
}
#endif
