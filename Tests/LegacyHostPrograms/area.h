/* The communication area of the security manager, for programs that talk to it by themselves. */
#ifndef AREA_H
#define AREA_H
#include <stdint.h>

/* Its address, from the ACPI table that names it (CommunicationArea.swift). Ends the process with 70 when there is none. */
uint64_t area_base(void);
/* `size` bytes of it from the start, mapped; or ends the process with 70. */
volatile uint8_t *area_map(uint64_t size);
/* The request words in a mapped area. */
volatile uint64_t *area_words(volatile uint8_t *area);
#endif
