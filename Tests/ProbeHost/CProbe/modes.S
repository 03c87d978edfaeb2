/* A host in another mode of the CPU (ModeAttacks.swift): leaves long mode, reads an address as that mode sees it,
 * raises an SMI, reads the address again, and comes back. The code runs from a copy below 1 MiB, which real mode can reach.
 *
 * Exceptions meanwhile go through a real-mode vector table, also those that strike in SMM before SMM has tables of its own:
 * the handler tells where it is by reading SMRAM, and leaves SMM by RSM. AMD64 APM volume 2, §1.3, §10.3.3. */
#if !defined(__linux__)
#define BASE 0x60000
#define AT(label) (label - modes_start)
#define LINEAR(label) (BASE + AT(label))
#define BLOCK (BASE + 0x800)
#define STACK 0x2FF0
#define CODE16 0x20
#define MSR_APIC_BASE 0x1B
/* ModeTrip's fields. */
#define CR0 72
#define CR3 76
#define CR4 80
#define EFER 84
#define WIDTH 88
#define TARGET 92
#define APIC_BASE 96
#define BEFORE 100
#define AFTER 104
#define LOOT 108
#define EXCEPTIONS 112
#define MAGIC_AT 116
#define PRIMES 120
#define OLD_APIC_BASE 124
#define BREAKPOINT 128
#define SECOND_BREAKPOINT 132
#define DEBUG_CONTROL 136
#define STEPS 140
#define SIGNALS 144
#define SIGNALS_SEEN 148
#define NOWHERE 152
#include "trip.h"

    .section .text.probe_modes, "ax", @progbits
modes_start:
    /* What all modes do. ESI: the block; DS is flat. Clobbers EAX, EBX, ECX, EDX. */
    .macro body suffix
    movl $BLOCK, %esi
    movl TARGET(%esi), %ebx
    movl $0xFFFFFFFF, BEFORE(%esi)
    cmpl $0, PRIMES(%esi)
    je 1f
    movl (%ebx), %eax
    movl %eax, BEFORE(%esi)
1:  movl $MSR_APIC_BASE, %ecx
    rdmsr
    movl %eax, OLD_APIC_BASE(%esi)
    cmpl $0, APIC_BASE(%esi)
    je 2f
    movl APIC_BASE(%esi), %eax
    wrmsr
2:  movl $(BLOCK + NOWHERE), %edx
    cmpl $0, SIGNALS(%esi)
    je 5f
    movl $0xFEE00300, %edx              /* of the local APIC: an NMI to itself */
5:  movb $0xC5, %al
    cmpl $0, STEPS(%esi)
    jne 3f
    movl $0x4400, (%edx)                /* no jump from here to OUT: an emulator would deliver the NMI there */
    outb %al, $0xB2
    jmp 6f
3:  pushf\suffix
    orw $0x100, (%esp)                  /* TF: the step strikes behind OUT, where the SMI does */
    popf\suffix
    outb %al, $0xB2
6:  movl $200, %ecx                     /* an emulator may deliver the SMI a few instructions later */
4:  pause
    decl %ecx
    jnz 4b
    movl $MSR_APIC_BASE, %ecx
    xorl %edx, %edx
    movl OLD_APIC_BASE(%esi), %eax
    wrmsr
    movl (%ebx), %eax
    movl %eax, AFTER(%esi)
    .endm

    .code32
leave64:
    movl $DATA, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl $(BASE + STACK), %esp
    movl %cr0, %eax
    andl $0x7FFFFFFF, %eax
    movl %eax, %cr0
    movl $BLOCK, %esi
    movl $MSR_EFER, %ecx
    xorl %edx, %edx
    movl EFER(%esi), %eax
    wrmsr
    movl CR4(%esi), %eax
    movl %eax, %cr4
    movl CR3(%esi), %eax
    movl %eax, %cr3
    movl BREAKPOINT(%esi), %eax
    movl %eax, %dr0
    movl SECOND_BREAKPOINT(%esi), %eax
    movl %eax, %dr1
    movl DEBUG_CONTROL(%esi), %eax
    movl %eax, %dr7
    lidt LINEAR(vectors_pointer)
    cmpl $16, WIDTH(%esi)
    je to16
    movl CR0(%esi), %eax
    movl %eax, %cr0
    cmpl $64, WIDTH(%esi)
    je to64
    body l
    jmp back32
to16:
    ljmpl $CODE16, $AT(enter16)
to64:
    ljmpl $CODE64, $LINEAR(enter64)

    .code64
enter64:
    body q
    pushq $CODE32
    pushq $LINEAR(back32)
    lretq

    .code16
enter16:
    movl CR0(%esi), %eax
    movl %eax, %cr0
    testb $1, %al
    jnz protected16
    ljmpw $(BASE >> 4), $AT(real)
real:
    movw $(BASE >> 4), %ax
    movw %ax, %ss
    movl $STACK, %esp
protected16:
    body w
back16:
    movl %cr0, %eax
    orl $1, %eax
    movl %eax, %cr0
    ljmpl $CODE32, $LINEAR(back32)

    .code32
back32:
    movl $DATA, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    restore_mode back64

    .code64
back64:
    end_trip

    .code16
    /* In SMM, whose data segments are flat: what it sees is the attacker's. Outside, a debug exception goes on without
     * single steps, any other ends the trip. */
    .macro handler next
    movl $BLOCK, %esi
    incl EXCEPTIONS(%esi)
    movl MAGIC_AT(%esi), %ebx
    cmpl $MAGIC, (%ebx)
    jne \next
    incl LOOT(%esi)
    rsm
    .endm
debug_exception:
    pushl %esi
    pushl %ebx
    handler 1f
1:  popl %ebx
    popl %esi
    pushw %bp
    movw %sp, %bp
    andw $~0x100, 6(%bp)
    popw %bp
    iretw
nonmaskable:
    pushl %esi
    pushl %ebx
    handler 1f
1:  incl SIGNALS_SEEN(%esi)
    popl %ebx
    popl %esi
    iretw
other_exception:
    handler back16

    .balign 8
descriptors:
    .quad 0
    .quad 0x00AF9A000000FFFF            /* CODE64 */
    .quad 0x00CF92000000FFFF            /* DATA */
    .quad 0x00CF9A000000FFFF            /* CODE32 */
    .quad 0x00009A060000FFFF            /* CODE16, at BASE */
descriptors_end:
descriptors_pointer:
    .word descriptors_end - descriptors - 1
    .quad LINEAR(descriptors)
vectors_pointer:
    .word 32 * 4 - 1
    .long LINEAR(vectors)
    .balign 4
vectors:
    .word AT(other_exception), BASE >> 4
    .word AT(debug_exception), BASE >> 4
    .word AT(nonmaskable), BASE >> 4
    .rept 29
    .word AT(other_exception), BASE >> 4
    .endr
modes_end:

    .code64
    .globl probe_modes_start, probe_modes_size, probe_mode_trip
probe_modes_start:
    movl $modes_start, %eax
    ret
probe_modes_size:
    movl $(modes_end - modes_start), %eax
    ret

    /* Keeps the registers of the System V ABI; interrupts are off. */
probe_mode_trip:
    keep_host
    begin_trip leave64
#endif
