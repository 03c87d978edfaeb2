/* The reset vector: from real mode at 0xFFFFFFF0 to 32-bit protected mode, copy the bootblock's body from flash
 * to RAM, and enter it as any bare program of the project is entered. Intel SDM vol. 3A, 11.1.4.
 * Only the body's own linker script knows the addresses __body_*. */
#if !defined(__linux__)
/* Offset of this section in the last 64 KiB, which CS covers at reset. */
#define RESET_OFFSET 0xFF00
    .section .reset, "ax", @progbits
    .code16
    .globl reset_start
reset_start:
    cli
    cld
    lgdtl %cs:(reset_gdt_pointer - reset_start + RESET_OFFSET)
    movl %cr0, %eax
    andl $0x9FFFFFFF, %eax          /* caches on: clear CD and NW */
    orl $1, %eax
    movl %eax, %cr0
    ljmpl $0x08, $1f
    .code32
1:  movw $0x10, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %gs
    movw %ax, %ss
    movl $__body_flash, %esi
    movl $__body_start, %edi
    movl $__body_words, %ecx
    rep movsl
    /* As a caller that has no coreboot table: [esp+4] = 0 at the entry. */
    movl $0x7000, %esp
    pushl $0
    pushl $0
    movl $sice_entry32, %eax
    jmpl *%eax

    .balign 8
reset_gdt:
    .quad 0
    .quad 0x00CF9A000000FFFF
    .quad 0x00CF92000000FFFF
reset_gdt_pointer:
    .word reset_gdt_pointer - reset_gdt - 1
    .long reset_gdt

    /* The last 16 bytes of flash. */
    .section .resetvector, "ax", @progbits
    .code16
    .globl reset_vector
reset_vector:
    jmp reset_start
    .balign 16, 0
#endif
