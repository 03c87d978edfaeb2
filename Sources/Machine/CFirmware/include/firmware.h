/* What every bare program of the project (stand-in ROM, payload, probe host) needs below Swift: entry from
 * 32-bit protected mode into long mode, exceptions, a serial port, more cores, and the way back to 32 bits.
 *
 * A program links `sice_entry32` as its entry point and exports `sice_firmware_main`. Its linker script puts it
 * below 4 GiB and defines __image_start, __image_end (bss included), __bss_start and __bss_end (8-aligned).
 * The first 4 GiB are identity-mapped with 2 MiB pages, writable and executable. */
#ifndef SICE_FIRMWARE_H
#define SICE_FIRMWARE_H
#include <stdint.h>

/* Registers at an exception or interrupt, as the stubs push them. */
typedef struct {
  uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax;
  uint64_t vector, error, rip, cs, rflags, rsp, ss;
} sice_exception_frame;

/* Written by the program (Swift: `@c(sice_firmware_main)`): first code in long mode, on a stack of 128 KiB,
 * interrupts off. `table` is the word that the caller left at [esp+4]: the coreboot table's address. */
void sice_firmware_main(uint64_t table);

/* Optional, written by the program: a started core arrives here on a stack of 16 KiB, interrupts off. `index`
 * counts from 1 in the order of arrival. The default halts. */
void sice_core_main(uint64_t index);

/* Optional, written by the program: called for every exception and interrupt before the default; returns 1 when
 * it handled it and execution shall go on at frame->rip. */
int sice_exception_hook(sice_exception_frame *frame);

/* Optional, written by the program: called after an unhandled exception was printed. The default halts. */
void sice_fault_stop(void);

/* Address and size of the real-mode code that starts another core: copy it to a page below 1 MiB and send a
 * SIPI with that page number. It needs nothing patched. Usable for at most 7 cores, any number at once. */
uint64_t sice_core_start_address(void);
uint64_t sice_core_start_size(void);
/* The next core that arrives is number 1 again and takes the first stack: for cores that INIT ended. */
void sice_forget_cores(void);

/* First address of the program and first one after its bss: a loader must not write between them. */
uint64_t sice_image_start(void);
uint64_t sice_image_end(void);

/* Leaves long mode and calls `entry` in flat 32-bit protected mode, paging off, interrupts off, with `table` at
 * [esp+4], as coreboot calls its payload. The stack and the code that switches lie in this program, whose bss is
 * cleared before. */
__attribute__((noreturn)) void sice_enter32(uint32_t entry, uint32_t table);

/* 115200 8N1 on the UART at `port` (0x3F8, 0x2F8). */
void sice_serial_init(uint16_t port);
/* Sends a byte; gives up on a UART that never becomes ready. */
void sice_serial_put(uint16_t port, uint8_t byte);

/* QEMU's isa-debug-exit: ends the machine with exit status `code * 2 + 1`. Without that device it returns. */
void sice_exit(uint8_t code);
/* Interrupts off and halt, for ever. */
__attribute__((noreturn)) void sice_halt(void);

#endif
