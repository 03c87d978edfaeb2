/* The one way out of SMM, for the manager's assembly and the payload's.
 *
 * RSM must leave no translation behind that was made with SMM's rights: whoever raises the next SMI could read and write
 * SMRAM through it. QEMU empties its TLB at RSM only when the CR0 that RSM loads differs from the present one in PG, WP or
 * PE, or when paging is on; a host in real mode gives neither. So CR0.WP is made to differ from the CR0 in the save state
 * (AMD64 APM volume 2, table 10-1: 0xFF58 from SMBASE). On a processor the move changes nothing: RSM loads CR0. */
#ifndef SICE_RSM_H
#define SICE_RSM_H
#define SAVED_CR0 0xFF58

    /* saved_cr0: the operand that holds it. open_label: names the RSM and sets the global interrupt flag just before it,
     * which RSM does not. Clobbers EAX and ECX, which RSM loads. Assembles for 16 and for 64 bits. */
    .macro leave_smm saved_cr0, open_label
    movl \saved_cr0, %ecx
    notl %ecx
    andl $0x10000, %ecx                 /* WP */
    .byte 0x0F, 0x20, 0xC0              /* mov %cr0, %eax */
    andl $~0x10000, %eax
    orl %ecx, %eax
    .byte 0x0F, 0x22, 0xC0              /* mov %eax, %cr0 */
    .ifnb \open_label
    stgi
\open_label:
    .endif
    rsm
    .endm
#endif
