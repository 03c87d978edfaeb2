/* The interrupt descriptor table and what happens on an exception nobody expected. */
#if !defined(__linux__)
#include "firmware.h"

extern const uint8_t sice_exception_stubs[256][16];

typedef struct {
  uint16_t offset0, selector, attributes, offset1;
  uint32_t offset2, reserved;
} gate;

static gate idt[256] __attribute__((aligned(16)));

struct __attribute__((packed)) {
  uint16_t limit;
  uint64_t base;
} sice_idt_pointer;

void sice_exceptions_init(void) {
  for (int vector = 0; vector < 256; vector++) {
    uint64_t address = (uint64_t)sice_exception_stubs[vector];
    /* Present 64-bit interrupt gate, code segment 8 (APM vol. 2, 4.8.4). */
    idt[vector] = (gate){(uint16_t)address, 8, 0x8E00, (uint16_t)(address >> 16), (uint32_t)(address >> 32), 0};
  }
  sice_idt_pointer.limit = sizeof idt - 1;
  sice_idt_pointer.base = (uint64_t)idt;
  __asm__ volatile("lidt %0" : : "m"(sice_idt_pointer));
}

__attribute__((weak)) int sice_exception_hook(sice_exception_frame *frame) {
  (void)frame;
  return 0;
}

__attribute__((weak)) void sice_fault_stop(void) {}

__attribute__((weak)) void sice_core_main(uint64_t index) { (void)index; }

static void print(const char *text) {
  for (; *text; text++) sice_serial_put(0x3F8, (uint8_t)*text);
}

static void print_hex(const char *label, uint64_t value) {
  print(label);
  for (int shift = 60; shift >= 0; shift -= 4) {
    uint8_t digit = value >> shift & 15;
    sice_serial_put(0x3F8, digit < 10 ? '0' + digit : 'a' + digit - 10);
  }
}

void sice_exception(sice_exception_frame *frame) {
  if (sice_exception_hook(frame)) return;
  uint64_t cr2;
  __asm__ volatile("mov %%cr2, %0" : "=r"(cr2));
  print("sice: exception");
  print_hex(" vector=", frame->vector);
  print_hex(" error=", frame->error);
  print_hex(" rip=", frame->rip);
  print_hex(" cr2=", cr2);
  print_hex(" rsp=", frame->rsp);
  print("\r\n");
  sice_fault_stop();
  sice_halt();
}
#endif
