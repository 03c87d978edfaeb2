/* State of the host that an SMI must leave as it was (invariant I6). */
#if !defined(__linux__)
#include "probe.h"

/* AMD APM vol. 2, appendix A: SVM, system calls, segments, memory types. */
static const uint32_t registers[] = {
    0xC0010117, /* VM_HSAVE_PA */
    0xC0000081, /* STAR */
    0xC0000082, /* LSTAR */
    0xC0000083, /* CSTAR */
    0xC0000084, /* SFMASK */
    0xC0000100, /* FS base */
    0xC0000101, /* GS base */
    0xC0000102, /* KernelGSBase */
    0x174,      /* SYSENTER_CS */
    0x175,      /* SYSENTER_ESP */
    0x176,      /* SYSENTER_EIP */
    0x277,      /* PAT */
    0xC0000080, /* EFER */
    0xC0000103, /* TSC_AUX */
    0x1B,       /* APIC base */
};
enum { register_count = sizeof registers / sizeof registers[0] };

static uint64_t rdmsr(uint32_t msr) {
  uint32_t low, high;
  __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
  return (uint64_t)high << 32 | low;
}

static void wrmsr(uint32_t msr, uint64_t value) {
  __asm__ volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

#define READ(what, into) __asm__ volatile("mov %%" what ", %0" : "=r"(into))
#define WRITE(what, from) __asm__ volatile("mov %0, %%" what : : "r"((uint64_t)(from)))

void probe_read_state(uint64_t *state) {
  for (int i = 0; i < register_count; i++) *state++ = rdmsr(registers[i]);
  READ("cr0", *state++);
  READ("cr2", *state++);
  READ("cr3", *state++);
  READ("cr4", *state++);
  READ("dr0", *state++);
  READ("dr1", *state++);
  READ("dr2", *state++);
  READ("dr3", *state++);
  READ("dr6", *state++);
  READ("dr7", *state++);
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  *state++ = (uint64_t)high << 32 | low;
  struct __attribute__((packed)) {
    uint16_t limit;
    uint64_t base;
  } table;
  __asm__ volatile("sgdt %0" : "=m"(table));
  *state++ = table.base ^ (uint64_t)table.limit << 48;
  __asm__ volatile("sidt %0" : "=m"(table));
  *state++ = table.base ^ (uint64_t)table.limit << 48;
  uint64_t selectors[8];
  __asm__ volatile("mov %%cs, %0" : "=r"(selectors[0]));
  __asm__ volatile("mov %%ds, %0" : "=r"(selectors[1]));
  __asm__ volatile("mov %%es, %0" : "=r"(selectors[2]));
  __asm__ volatile("mov %%ss, %0" : "=r"(selectors[3]));
  __asm__ volatile("mov %%fs, %0" : "=r"(selectors[4]));
  __asm__ volatile("mov %%gs, %0" : "=r"(selectors[5]));
  __asm__ volatile("str %0" : "=r"(selectors[6]));
  __asm__ volatile("sldt %0" : "=r"(selectors[7]));
  *state = 0;
  for (int i = 0; i < 8; i++) *state = *state << 8 ^ selectors[i];
  state++;
  uint64_t flags;
  __asm__ volatile("pushfq; pop %0" : "=r"(flags));
  *state++ = flags & ~0x8D5ull; /* all but the arithmetic ones, which this code itself changes */
}

void probe_set_state(uint64_t hsave) {
  wrmsr(0xC0000080, rdmsr(0xC0000080) | 1 << 12 | 1); /* SVME and SCE: a host that runs KVM itself */
  wrmsr(0xC0010117, hsave);
  for (int i = 1; i < 8; i++) {
    /* Canonical and different from each other and from what the manager may use. */
    wrmsr(registers[i], 0x0000123400005000 + (uint64_t)i * 0x111000);
  }
  wrmsr(0xC0000084, 0x47700);
  wrmsr(0x174, 0x10);
  wrmsr(0x175, 0x123450);
  wrmsr(0x176, 0x234560);
  wrmsr(0x277, 0x0007040600070406 | 0x0100000000000000);
  wrmsr(0xC0000103, 0x5A5A);
  __asm__ volatile("pushfq; orq $0x240000, (%%rsp); popfq" : : : "cc", "memory"); /* AC and ID */
  WRITE("cr2", 0x1122334455667788);
  WRITE("dr0", 0x1000);
  WRITE("dr1", 0x2008);
  WRITE("dr2", 0x3010);
  WRITE("dr3", 0x4018);
}
void probe_set_breakpoints(const uint64_t *addresses, uint64_t control) {
  WRITE("dr0", addresses[0]);
  WRITE("dr1", addresses[1]);
  WRITE("dr2", addresses[2]);
  WRITE("dr3", addresses[3]);
  WRITE("dr7", control);
}
#endif
