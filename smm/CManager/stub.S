/* Entry stub: the first instructions of every SMI. The installer copies it to SMBASE + 0x8000 of each core and
 * fills in the parameters (StubParametersLayout). It starts in 16-bit mode, paging off, CS base = SMBASE
 * (AMD64 APM volume 2, §10.3.3), and writes nothing: its page is executable, so nothing may write to it (I2).
 * It is only ever run as a copy, so that every address here is an offset from the start of the page. */
#include "core_data.h"
#include "rsm.h"

/* PG, WP, NE, ET, MP, PE: whatever the host or a guest had in CR0. */
#define MANAGER_CR0 0x80010033

#define AT(label) (BLOCK_ENTRY + (label) - sice_stub)
#define PARAMETER(offset) (BLOCK_ENTRY + sice_stub_parameters - sice_stub + (offset))

    .section .rodata.stub, "a", @progbits
    .balign 16
    .globl sice_stub, sice_stub_end, sice_stub_parameters
    .code16
sice_stub:
    /* The descriptor tables are still the host's. From here on no exception takes a way that the host laid (a WRMSR to
     * EFER would fault under VM_CR.SVMDIS): with an empty table it shuts the CPU down. */
    lidtl %cs:PARAMETER(STUB_NO_INTERRUPTS)
    /* I10: the local APIC's registers can be laid over SMRAM by its base MSR (the "memory sinkhole"). Then the
     * stack, the tables or the save state would be device registers that the host chooses. */
    movl $0x1B, %ecx
    rdmsr
    testl %edx, %edx                    /* window above 4 GiB: SMRAM is below */
    jnz 2f
    testl $(1 << 11), %eax              /* disabled, or in x2APIC mode: no window */
    jz 2f
    testl $(1 << 10), %eax
    jnz 2f
    andl $0xFFFFF000, %eax
    movl %eax, %ebx
    subl %cs:PARAMETER(STUB_SMRAM_BASE), %eax
    cmpl %cs:PARAMETER(STUB_SMRAM_SIZE), %eax
    jae 2f
    subl %cs:PARAMETER(STUB_BLOCK_ADDRESS), %ebx
    cmpl $BLOCK_SIZE, %ebx
    jae 1f
    /* Over this core's own block: the save state may be the host's invention, and RSM would believe it. */
0:  hlt
    jmp 0b
    /* Elsewhere in SMRAM: leave with nothing done; the host sees an SMI without an answer. */
1:  leave_smm %cs:SAVED_CR0

2:  lgdtl %cs:PARAMETER(STUB_TABLE_POINTER)
    movl $0x620, %eax                   /* PAE, OSFXSR, OSXMMEXCPT */
    movl %eax, %cr4
    movl %cs:PARAMETER(STUB_PAGE_TABLE_ROOT), %eax
    movl %eax, %cr3
    movl $0xC0000080, %ecx              /* EFER */
    movl %cs:PARAMETER(STUB_EFER), %eax
    xorl %edx, %edx
    wrmsr
    movl $MANAGER_CR0, %eax
    movl %eax, %cr0
    ljmpl *%cs:PARAMETER(STUB_LONG_MODE_TARGET)

    .code64
stub_long_mode:
    movl $0x10, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    xorl %eax, %eax
    movl %eax, %fs
    movl %eax, %gs
    movl sice_stub_parameters + STUB_CORE(%rip), %edi
    movq sice_stub_parameters + STUB_STACK_TOP(%rip), %rsp
    movq sice_stub_parameters + STUB_ENTRY64(%rip), %rax
    jmpq *%rax

    /* The middle of the world switch (switch.S). It is here because this page is mapped at its physical address: with the
     * control registers of some guests #VMEXIT does not turn paging on (seen in QEMU 7.2: CR0.PG and CR4.PAE clear under
     * EFER.LME), and the instruction after VMRUN is fetched from the physical address that RIP names.
     * RAX: the VMCB. ZF clear: multi-core mode. Stack: core data, VMCB.
     *
     * From VMLOAD to VMLOAD the task register is the guest's; the interrupt table of the switch uses no stack of its own,
     * so that no fault here would find its stack through the guest's task state. Interrupts on, so that a pending host
     * interrupt ends the slice (INTR intercept); the shadow of STI covers VMRUN, so that none is ever taken. In multi-core
     * mode they stay off: the host's interrupts wait until the core is the host's again. After #VMEXIT the global interrupt
     * flag is clear. */
stub_switch:
    vmload %rax
    jne 1f
    sti
1:  vmrun %rax
    movl $MANAGER_CR0, %eax             /* the same bytes in every mode; before it nothing touches memory */
    .byte 0x0F, 0x22, 0xC0              /* mov %eax, %cr0 */
    cli
    movq 8(%rsp), %rax
    vmsave %rax
    movq (%rsp), %rax
    movq CORE_DATA_BLOCK_ADDRESS(%rax), %rax
    addq $BLOCK_HOST_STATE, %rax
    vmload %rax
    movabsq $sice_guest_stopped, %rax
    jmpq *%rax
    .globl sice_switch_entry
    .set sice_switch_entry, AT(stub_switch)

    .balign 8
stub_descriptors:                       /* accessed bits are set: the CPU must not write here either */
    .quad 0
    .quad 0x00AF9B000000FFFF            /* 0x08: 64-bit code */
    .quad 0x00CF93000000FFFF            /* 0x10: data */

    .balign 8
sice_stub_parameters:
    .quad 0                             /* entry64 */
    .quad 0                             /* stack top */
    .long 0                             /* page-table root */
    .long 0                             /* EFER */
    .long 0                             /* core */
    .long 0                             /* SMRAM base */
    .long 0                             /* SMRAM size */
    .long 0                             /* this core's block */
    .word 3 * 8 - 1                     /* descriptor table: limit, base */
    .long stub_descriptors - sice_stub
    .long stub_long_mode - sice_stub    /* far pointer: offset, selector */
    .word 0x08
    .word 0                             /* no interrupt table: limit, base */
    .long 0
    .balign 8
sice_stub_end:
