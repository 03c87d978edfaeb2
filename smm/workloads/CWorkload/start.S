/* First instruction of a bare program: 64-bit mode, RSP from the image header, everything else zero. */
    .section .text.sice_start, "ax", @progbits
    .globl sice_start
    .type sice_start, @function
sice_start:
    xor %ebp, %ebp
    and $-16, %rsp
    call sice_main
    mov %rax, %rbx
1:  mov $2, %eax        /* SICE_EXIT; does not come back */
    vmmcall
    jmp 1b
    .size sice_start, . - sice_start
    .section .note.GNU-stack, "", @progbits
