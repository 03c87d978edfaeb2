/* Instructions that Swift has no word for. Header-only: compiled into SMRAM, payload, ROM and probe alike;
 * on the host they compile and are never called. Names follow the instruction. */
#ifndef SICE_INSTRUCTIONS_H
#define SICE_INSTRUCTIONS_H
#include <stdint.h>

/* For what a world switch does: a compiler that optimises for size makes a call of each function here. Of no others, as
 * QEMU 7.2 is: from TSEG's black hole, whose model answers 32 bits whatever is asked, MOVZX of a byte gives 0xFFFFFFFF, which only
 * a call's return cuts off; and PAUSE right behind STI lets its interrupt shadow stand. */
#define SICE_INLINE static inline __attribute__((always_inline))

static inline void sice_out8(uint16_t port, uint8_t value) {
  __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}
static inline void sice_out16(uint16_t port, uint16_t value) {
  __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}
static inline void sice_out32(uint16_t port, uint32_t value) {
  __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}
static inline uint8_t sice_in8(uint16_t port) {
  uint8_t value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
  return value;
}
static inline uint16_t sice_in16(uint16_t port) {
  uint16_t value;
  __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port) : "memory");
  return value;
}
static inline uint32_t sice_in32(uint16_t port) {
  uint32_t value;
  __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
  return value;
}
static inline uint64_t sice_rdmsr(uint32_t msr) {
  uint32_t low, high;
  __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr) : "memory");
  return (uint64_t)high << 32 | low;
}
static inline void sice_wrmsr(uint32_t msr, uint64_t value) {
  __asm__ volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)) : "memory");
}
typedef struct {
  uint32_t eax, ebx, ecx, edx;
} sice_cpuid_result;
static inline sice_cpuid_result sice_cpuid(uint32_t leaf, uint32_t subleaf) {
  sice_cpuid_result r;
  __asm__ volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx) : "a"(leaf), "c"(subleaf));
  return r;
}
/* Returns 1 and stores a random value, or 0 when the generator had none (retry a bounded number of times). */
static inline int sice_rdrand(uint64_t *value) {
  unsigned char ok;
  __asm__ volatile("rdrand %0; setc %1" : "=r"(*value), "=qm"(ok) : : "cc");
  return ok;
}
static inline uint64_t sice_rdtsc(void) {
  uint32_t low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
  return (uint64_t)high << 32 | low;
}
static inline void sice_pause(void) { __asm__ volatile("pause" : : : "memory"); }
static inline void sice_hlt(void) { __asm__ volatile("hlt" : : : "memory"); }
static inline void sice_cli(void) { __asm__ volatile("cli" : : : "memory"); }
static inline void sice_sti(void) { __asm__ volatile("sti" : : : "memory"); }
static inline void sice_wbinvd(void) { __asm__ volatile("wbinvd" : : : "memory"); }
SICE_INLINE void sice_invlpg(uint64_t address) {
  __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}
static inline uint64_t sice_read_cr2(void) {
  uint64_t value;
  __asm__ volatile("mov %%cr2, %0" : "=r"(value));
  return value;
}
static inline uint64_t sice_read_cr3(void) {
  uint64_t value;
  __asm__ volatile("mov %%cr3, %0" : "=r"(value));
  return value;
}

/* Volatile access to device registers and to memory that others change. */
static inline uint8_t sice_read8(uint64_t address) { return *(volatile uint8_t *)address; }
static inline uint16_t sice_read16(uint64_t address) { return *(volatile uint16_t *)address; }
static inline uint32_t sice_read32(uint64_t address) { return *(volatile uint32_t *)address; }
static inline uint64_t sice_read64(uint64_t address) { return *(volatile uint64_t *)address; }
static inline void sice_write8(uint64_t address, uint8_t value) { *(volatile uint8_t *)address = value; }
static inline void sice_write16(uint64_t address, uint16_t value) { *(volatile uint16_t *)address = value; }
SICE_INLINE void sice_write32(uint64_t address, uint32_t value) { *(volatile uint32_t *)address = value; }
static inline void sice_write64(uint64_t address, uint64_t value) { *(volatile uint64_t *)address = value; }
/* Sets an aligned word to 0 if it is `word`, in one atomic step; whether it did. */
SICE_INLINE int sice_take_word(uint64_t address, uint64_t word) {
  return __atomic_compare_exchange_n((uint64_t *)address, &word, 0, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/* Copies and clears eight bytes at a time; sizes are multiples of eight. */
static inline void sice_copy_words(uint64_t to, uint64_t from, uint64_t words) {
  __asm__ volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(words) : : "memory");
}
static inline void sice_clear_words(uint64_t to, uint64_t words) {
  __asm__ volatile("rep stosq" : "+D"(to), "+c"(words) : "a"((uint64_t)0) : "memory");
}
#endif
