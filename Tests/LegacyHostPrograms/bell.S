/* A bare program that rings the doorbell and yields by turns, a hundred times each, and ends with 0 when each of them
 * came back as it should: 0 in RAX, after a yield also 0 in RBX, which is what `sice run` answers. */
    .section .text.sice_start, "ax", @progbits
    .globl sice_start
sice_start:
    mov $100, %r12d
1:  mov $6, %eax    /* doorbell */
    mov $5, %ebx
    vmmcall
    test %rax, %rax
    jne 2f
    mov $1, %eax    /* yield */
    vmmcall
    or %rbx, %rax
    jne 2f
    dec %r12d
    jnz 1b
    xor %ebx, %ebx
    jmp 3f
2:  mov $1, %ebx
3:  mov $2, %eax    /* exit, with the status in RBX */
    vmmcall
    jmp 3b
    .section .note.GNU-stack, "", @progbits
