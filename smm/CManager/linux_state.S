/* State of the host that only a Linux guest could change or see, beside the world switch: XCR0, set to x87 and SSE, so that
 * AVX and what came later faults whatever the guest writes to CR4.OSXSAVE, and FXSAVE stays all of the vector state; PKRU,
 * set to 0, which a guest that sets CR4.PKE could read and write. */
#include "core_data.h"

#define HAS_XSAVE 1
#define HAS_PROTECTION_KEYS 2
#define CR4_OSXSAVE (1 << 18)
#define CR4_PKE (1 << 22)

    .code64
    .section .text.linux_state, "ax", @progbits

    /* void sice_linux_state_load(core data, features) */
    .globl sice_linux_state_load
sice_linux_state_load:
    movl %esi, %r9d
    movq %cr4, %r8
    testl $HAS_XSAVE, %r9d
    jz 1f
    movq %r8, %rax
    orq $CR4_OSXSAVE, %rax
    movq %rax, %cr4
    xorl %ecx, %ecx
    xgetbv
    movl %eax, CORE_DATA_HOST_EXTENDED_CONTROL(%rdi)
    movl %edx, CORE_DATA_HOST_EXTENDED_CONTROL + 4(%rdi)
    movl $3, %eax
    xorl %edx, %edx
    xsetbv
1:  testl $HAS_PROTECTION_KEYS, %r9d
    jz 2f
    movq %r8, %rax
    orq $CR4_PKE, %rax
    movq %rax, %cr4
    xorl %ecx, %ecx
    rdpkru
    movl %eax, CORE_DATA_HOST_PROTECTION_KEYS(%rdi)
    xorl %eax, %eax
    xorl %edx, %edx
    wrpkru
2:  movq %r8, %cr4
    movl $1, CORE_DATA_HAS_LINUX_STATE(%rdi)
    ret

    /* void sice_linux_state_restore(core data, features): gives the host back its own; nothing when none is set aside. */
    .globl sice_linux_state_restore
sice_linux_state_restore:
    cmpl $0, CORE_DATA_HAS_LINUX_STATE(%rdi)
    je 4f
    movl %esi, %r9d
    movq %cr4, %r8
    testl $HAS_XSAVE, %r9d
    jz 2f
    movq %r8, %rax
    orq $CR4_OSXSAVE, %rax
    movq %rax, %cr4
    xorl %ecx, %ecx
    movl CORE_DATA_HOST_EXTENDED_CONTROL(%rdi), %eax
    movl CORE_DATA_HOST_EXTENDED_CONTROL + 4(%rdi), %edx
    xsetbv
2:  testl $HAS_PROTECTION_KEYS, %r9d
    jz 3f
    movq %r8, %rax
    orq $CR4_PKE, %rax
    movq %rax, %cr4
    xorl %ecx, %ecx
    xorl %edx, %edx
    movl CORE_DATA_HOST_PROTECTION_KEYS(%rdi), %eax
    wrpkru
3:  movq %r8, %cr4
    movl $0, CORE_DATA_HAS_LINUX_STATE(%rdi)
4:  ret
