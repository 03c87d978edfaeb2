/* A host in virtual-8086 mode (VirtualTrip.swift): leaves long mode for protected mode, with or without 32-bit paging, enters a
 * task in virtual-8086 mode, raises an SMI there, and comes back through the general protection exception of a HLT. AMD64 APM
 * volume 2, §12.2 (I/O permission bitmap) and appendix on virtual-8086 mode. The code runs from a copy below 1 MiB.
 *
 * RAX, RBX and R8 are loaded in 64-bit code and left alone on the way, so that a task without paging can hold a whole request.
 * Swift writes the task state and an interrupt table that serves protected mode by gates 1, 2 and 13, and real mode, which SMM
 * begins in, by the other words. */
#if !defined(__linux__)
#include "virtual8086.h"
#define BASE PROBE_VIRTUAL
#define AT(label) (label - virtual_start)
#define LINEAR(label) (BASE + AT(label))
#define BLOCK PROBE_VIRTUAL_TRIP
#define SEGMENT (BASE >> 4)
#define BLOCK_SEGMENT (BLOCK >> 4)
#define WINDOW_SEGMENT (PROBE_VIRTUAL_WINDOW >> 4)
#define APIC_COMMAND 0x1300             /* of the local APIC's page, which lies behind the window's first one */
#define TASK 0x28
#include "trip.h"

    .section .text.probe_virtual, "ax", @progbits
    .code32
virtual_start:
leave64:
    movl $DATA, %ecx
    movl %ecx, %ds
    movl %ecx, %es
    movl %ecx, %ss
    movl $(PROBE_VIRTUAL_TASK - 0x10), %esp
    movl %cr0, %ecx
    andl $0x7FFFFFFF, %ecx
    movl %ecx, %cr0
    movl $BLOCK, %esi
    movl PROBE_VIRTUAL_BREAKPOINT(%esi), %ecx
    movl %ecx, %dr0
    movl PROBE_VIRTUAL_SECOND_BREAKPOINT(%esi), %ecx
    movl %ecx, %dr1
    movl PROBE_VIRTUAL_DEBUG_CONTROL(%esi), %ecx
    movl %ecx, %dr7
    movl PROBE_VIRTUAL_CR4(%esi), %ecx
    movl %ecx, %cr4
    cmpl $0, PROBE_VIRTUAL_PAGED(%esi)
    je 1f
    movl PROBE_VIRTUAL_CR3(%esi), %ecx
    movl %ecx, %cr3
    movl $MSR_EFER, %ecx                /* paging with EFER.LME would be long mode */
    xorl %eax, %eax
    xorl %edx, %edx
    wrmsr
    movl PROBE_VIRTUAL_RAX(%esi), %eax
    movl $0x13572468, %edx
    movl $0x80010011, %ecx
    movl %ecx, %cr0
1:  lidt LINEAR(interrupt_pointer)
    andb $~2, LINEAR(descriptors) + TASK + 5
    movl $TASK, %ecx
    ltr %cx
    pushl $0x4321                       /* GS, FS, DS, ES, SS, ESP, EFLAGS, CS, EIP */
    pushl $0x1234
    pushl $WINDOW_SEGMENT
    pushl $BLOCK_SEGMENT
    pushl $SEGMENT
    pushl $0xFF0
    pushl PROBE_VIRTUAL_FLAGS(%esi)
    pushl $SEGMENT
    pushl $AT(task)
    iretl

    .code16
    /* DS: the window; ES: the block. */
task:
    movw %es:PROBE_VIRTUAL_OFFSET, %si
    cmpw $0, %es:PROBE_VIRTUAL_PRIMES
    je 1f
    movl (%si), %ecx
    movl %ecx, %es:PROBE_VIRTUAL_BEFORE
1:  cmpw $0, %es:PROBE_VIRTUAL_SIGNALS
    je 2f
    movl $0x4400, APIC_COMMAND          /* an NMI to itself */
2:  outb %al, $0xB2
    movw $200, %bp                      /* an emulator may deliver the SMI a few instructions later */
3:  pause
    decw %bp
    jnz 3b
    movl %eax, %es:PROBE_VIRTUAL_EAX
    movl %ebx, %es:PROBE_VIRTUAL_EBX
    movl %ecx, %es:PROBE_VIRTUAL_ECX
    movl %edx, %es:PROBE_VIRTUAL_EDX
    movl %edi, %es:PROBE_VIRTUAL_EDI
    movw %es:PROBE_VIRTUAL_OFFSET, %si
    movl (%si), %ecx
    movl %ecx, %es:PROBE_VIRTUAL_AFTER
task_end:
    hlt

    /* In SMM, by way of real mode's table: data segments are flat there. */
thief:
    movl $BLOCK, %esi
    movl PROBE_VIRTUAL_MAGIC_AT(%esi), %ebx
    cmpl $MAGIC, (%ebx)
    jne 1f
    incl PROBE_VIRTUAL_LOOT(%esi)
1:  rsm

    .code32
step:
    incl %ss:(BLOCK + PROBE_VIRTUAL_STEPS)
    iretl
signal:
    incl %ss:(BLOCK + PROBE_VIRTUAL_NMIS)
    iretl
ended:
    addl $4, %esp                       /* the error code */
    movl $DATA, %ecx
    movl %ecx, %ds
    movl %ecx, %es
    movl $BLOCK, %esi
    xorl %edx, %edx
1:  popl PROBE_VIRTUAL_FRAME(%esi, %edx, 4)
    incl %edx
    cmpl $9, %edx
    jb 1b
    restore_mode back64

    .code64
back64:
    end_trip

    .balign 8
descriptors:
    .quad 0
    .quad 0x00AF9A000000FFFF            /* CODE64 */
    .quad 0x00CF92000000FFFF            /* DATA */
    .quad 0x00CF9A000000FFFF            /* CODE32 */
    .quad 0
    .quad 0x0000890640002088            /* TASK: at PROBE_VIRTUAL_TASK, with its bitmap */
descriptors_end:
descriptors_pointer:
    .word descriptors_end - descriptors - 1
    .quad LINEAR(descriptors)
interrupt_pointer:
    .word 32 * 8 - 1
    .long PROBE_VIRTUAL_TABLE
virtual_end:

    .code64
    .globl probe_virtual_start, probe_virtual_size, probe_virtual_trip, probe_virtual_entries
probe_virtual_start:
    movl $virtual_start, %eax
    ret
probe_virtual_size:
    movl $(virtual_end - virtual_start), %eax
    ret
    /* Offsets of the entries by number: step, signal, end, thief, and the last instruction of the task. */
probe_virtual_entries:
    movl $entries, %eax
    ret
entries:
    .long AT(step), AT(signal), AT(ended), AT(thief), AT(task_end)

    /* Keeps the registers of the System V ABI; interrupts are off. */
probe_virtual_trip:
    keep_host
    movl $0x13572468, %edx
    movl $0x24681357, %edi
    movq PROBE_VIRTUAL_RAX(%rsi), %rax
    movq PROBE_VIRTUAL_RBX(%rsi), %rbx
    movq PROBE_VIRTUAL_R8(%rsi), %r8
    begin_trip leave64
#endif
