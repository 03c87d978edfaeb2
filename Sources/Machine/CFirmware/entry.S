/* From coreboot's payload convention (32-bit protected mode, flat, [esp+4] = coreboot table) into long mode,
 * and from the real mode in which a started core wakes up. Intel SDM vol. 3A, 10.8.5 (long mode activation). */
#if !defined(__linux__)
#include "entry-layout.h"

    .section .text.sice_entry32, "ax", @progbits
    .code32
    .globl sice_entry32
sice_entry32:
    cli
    cld
    movl 4(%esp), %ebp              /* the caller's stack may vanish; read it once, here */
    lgdt gdt_pointer
    movw $DATA, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    /* Nothing is assumed about the loader: clear bss (the page tables lie in it). */
    movl $__bss_start, %edi
    movl $__bss_end, %ecx
    subl %edi, %ecx
    shrl $2, %ecx
    xorl %eax, %eax
    rep stosl
    movl $(page_tables + 0x1000 + 3), page_tables
    /* Four page directory pointers, then 2,048 pages of 2 MiB: present, writable, large. */
    movl $(page_tables + 0x2000 + 3), %eax
    movl $(page_tables + 0x1000), %edi
    movl $4, %ecx
1:  movl %eax, (%edi)
    addl $0x1000, %eax
    addl $8, %edi
    loop 1b
    movl $0x83, %eax
    movl $(page_tables + 0x2000), %edi
    movl $2048, %ecx
2:  movl %eax, (%edi)
    addl $0x200000, %eax
    addl $8, %edi
    loop 2b
    movl $start64, %ebx
    jmp enter_long_mode

/* In: ebx = 64-bit continuation. Changes eax, ecx, edx. */
enter_long_mode:
    movl $CR4_PAE, %eax
    movl %eax, %cr4
    movl $page_tables, %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    rdmsr
    orl $EFER_LME, %eax
    wrmsr
    movl $(CR0_PG | CR0_NE | CR0_PE), %eax
    movl %eax, %cr0
    ljmp $CODE64, $1f
    .code64
1:  movl $DATA, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    xorl %eax, %eax
    movl %eax, %fs
    movl %eax, %gs
    jmpq *%rbx

start64:
    movl $stack_end, %esp
    call sice_exceptions_init
    movl %ebp, %edi
    call sice_firmware_main
    jmp sice_halt

    /* A started core: CS = page << 8, IP = 0. Everything but the local jump is absolute. */
    .section .text.sice_core_start, "ax", @progbits
    .code16
core_start:
    cli
    cld
    movw %cs, %ax
    movw %ax, %ds
    lgdtl (core_gdt_pointer - core_start)
    movl %cr0, %eax
    andl $0x9FFFFFFF, %eax          /* a core wakes with its caches off: clear CD and NW */
    orl $CR0_PE, %eax
    movl %eax, %cr0
    ljmpl $CODE32, $core_start32
    .balign 4
core_gdt_pointer:
    .word gdt_end - gdt - 1
    .long gdt
core_start_end:

    .code32
core_start32:
    movw $DATA, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movl $core_start64, %ebx
    jmp enter_long_mode
    .code64
core_start64:
    movl $1, %edi
    lock xaddl %edi, cores_started
    incl %edi
    cmpl $EXTRA_CORES, %edi
    ja sice_halt                    /* no stack for it */
    movl %edi, %esp
    shll $CORE_STACK_SHIFT, %esp
    addl $core_stacks, %esp
    lidt sice_idt_pointer
    call sice_core_main
    jmp sice_halt

    .section .text.sice_core_start_address, "ax", @progbits
    .globl sice_core_start_address
sice_core_start_address:
    movl $core_start, %eax
    ret
    .globl sice_core_start_size
sice_core_start_size:
    movl $(core_start_end - core_start), %eax
    ret

    .section .text.sice_forget_cores, "ax", @progbits
    .globl sice_forget_cores
sice_forget_cores:
    movl $0, cores_started
    ret

    .section .text.sice_image_start, "ax", @progbits
    .globl sice_image_start
sice_image_start:
    movl $__image_start, %eax
    ret
    .globl sice_image_end
sice_image_end:
    movl $__image_end, %eax
    ret

    .section .text.sice_halt, "ax", @progbits
    .globl sice_halt
sice_halt:
    cli
    hlt
    jmp sice_halt

    /* Back to 32 bits: edi = entry, esi = argument. SDM vol. 3A, 10.8.5.4 (leaving IA-32e mode). The argument is on the
     * stack, where coreboot's payloads look for its table, and in esi, where Linux looks for its boot parameters; it wants
     * the other registers zero (Documentation/arch/x86/boot.rst). */
    .section .text.sice_enter32, "ax", @progbits
    .globl sice_enter32
sice_enter32:
    cli
    cld
    lgdt next_gdt_pointer
    movl $stack_end, %esp
    pushq $NEXT_CODE32
    pushq $1f
    lretq
    .code32
1:  movl $NEXT_DATA, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    movl %eax, %ss
    movl $(CR0_NE | CR0_PE), %eax
    movl %eax, %cr0
    movl $MSR_EFER, %ecx
    rdmsr
    andl $~EFER_LME, %eax
    wrmsr
    xorl %eax, %eax
    movl %eax, %cr4
    /* What this program held (keys, random numbers, copies of either on its stack) is not for the next one. */
    movl %edi, %ebx
    movl $__bss_start, %edi
    movl $__bss_end, %ecx
    subl %edi, %ecx
    shrl $2, %ecx
    rep stosl
    movl %ebx, %eax
    xorl %ebx, %ebx
    xorl %edi, %edi
    xorl %ebp, %ebp
    movl $stack_end, %esp
    pushl $0
    pushl $0
    pushl $0
    pushl %esi
    calll *%eax
2:  cli
    hlt
    jmp 2b

    .section .rodata.sice_gdt, "a", @progbits
    .balign 8
gdt:
    .quad 0
    .quad 0x00AF9A000000FFFF        /* CODE64 */
    .quad 0x00CF92000000FFFF        /* DATA */
    .quad 0x00CF9A000000FFFF        /* CODE32 */
gdt_end:
next_gdt:
    .quad 0, 0
    .quad 0x00CF9A000000FFFF        /* NEXT_CODE32 */
    .quad 0x00CF92000000FFFF        /* NEXT_DATA */
next_gdt_end:
gdt_pointer:
    .word gdt_end - gdt - 1
    .quad gdt
next_gdt_pointer:
    .word next_gdt_end - next_gdt - 1
    .quad next_gdt

    .section .bss.sice_entry, "aw", @nobits
    .balign 4096
page_tables:
    .skip 6 * 0x1000
core_stacks:
    .skip EXTRA_CORES << CORE_STACK_SHIFT
    .skip MAIN_STACK
stack_end:
cores_started:
    .skip 8
#endif
