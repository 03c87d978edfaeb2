/* How the other cores come from wait-for-SIPI to a halt loop in memory that stays reserved. A core parked in the
 * payload's own memory would execute whatever the next program puts there when an SMI wakes it. */
    .section .rodata.sice_wake, "a", @progbits
    .balign 16
    .globl sice_wake_start, sice_wake_end
    .code16
sice_wake_start:
    jmp wake
    .org sice_wake_start + 4        /* SICE_WAKE_PARK_PAGE */
park_page:
    .long 0
    .word 8                         /* with the field before it, the operand of the far jump: code segment */
table_pointer:
    .word 3 * 8 - 1
    .long 0                         /* SICE_WAKE_TABLE */
wake:
    cli
    cld
    movw %cs, %ax
    movw %ax, %ds
    movl park_page - sice_wake_start, %ebp
    lgdtl table_pointer - sice_wake_start
    movl %cr0, %eax
    andl $0x9FFFFFFF, %eax          /* a core wakes with its caches off: clear CD and NW */
    orl $1, %eax
    movl %eax, %cr0
    ljmpl *(park_page - sice_wake_start)
sice_wake_end:

    /* ebp = the page itself. */
    .balign 16
    .globl sice_park_start, sice_park_end
    .code32
sice_park_start:
    movw $0x10, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movl $1, %edi
    lock xaddl %edi, 0x500(%ebp)
    cmpl $8, %edi
    jae 1f                          /* the count says that there are too many */
    movl $1, %eax
    cpuid                           /* EBX[31:24]: local APIC identifier (APM vol. 3, Fn0000_0001) */
    shrl $24, %ebx
    movl %ebx, 0x508(%ebp,%edi,4)
    lock incl 0x504(%ebp)
    /* Until it is released, the core shows that it runs: it does not while it is in SMM. */
2:  pause
    incl 0x528(%ebp,%edi,4)
    cmpl $0, 0x54C(%ebp)            /* SICE_PARK_RESTORE: a race against core 0, if the platform has it */
    je 4f
    movl $64, %ecx
3:  fldenv 0x560(%ebp)
    decl %ecx
    jnz 3b
4:  cmpl $0, 0x548(%ebp)
    je 2b
1:  cli
    hlt
    jmp 1b
    .org sice_park_start + 0x400    /* SICE_PARK_TABLE */
    .quad 0
    .quad 0x00CF9A000000FFFF        /* 0x08: 32-bit code, flat */
    .quad 0x00CF92000000FFFF        /* 0x10: data, flat */
sice_park_end:
