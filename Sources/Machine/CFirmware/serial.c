/* A 16550 UART (National Semiconductor PC16550D) and QEMU's exit device. */
#if !defined(__linux__)
#include "firmware.h"

static void out8(uint16_t port, uint8_t value) {
  __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static uint8_t in8(uint16_t port) {
  uint8_t value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
  return value;
}

void sice_serial_init(uint16_t port) {
  out8(port + 1, 0x00); /* no interrupts */
  out8(port + 3, 0x80); /* divisor latch */
  out8(port + 0, 0x01); /* 115200 baud */
  out8(port + 1, 0x00);
  out8(port + 3, 0x03); /* 8N1 */
  out8(port + 2, 0x07); /* FIFO on, cleared */
  out8(port + 4, 0x03); /* DTR, RTS */
}

void sice_serial_put(uint16_t port, uint8_t byte) {
  /* Bounded: a machine without the UART must still boot. */
  for (uint32_t tries = 0; tries < 100000 && !(in8(port + 5) & 0x20); tries++) {
  }
  out8(port, byte);
}

void sice_exit(uint8_t code) { __asm__ volatile("outl %0, %1" : : "a"((uint32_t)code), "Nd"((uint16_t)0xF4)); }
#endif
