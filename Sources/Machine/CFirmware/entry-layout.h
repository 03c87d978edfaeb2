/* Constants of the assembly files. */
#define CODE64 0x08
#define DATA 0x10
#define CODE32 0x18
/* For the next program, as Linux's 32-bit boot protocol wants them: it may be a kernel. */
#define NEXT_CODE32 0x10
#define NEXT_DATA 0x18
#define MSR_EFER 0xC0000080
#define EFER_LME 0x100
#define CR0_PE 0x1
#define CR0_NE 0x20
#define CR0_PG 0x80000000
#define CR4_PAE 0x20
#define EXTRA_CORES 7
#define CORE_STACK_SHIFT 14
#define MAIN_STACK 0x20000
