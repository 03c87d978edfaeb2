/* The reset vector has no interface: the linker script places it. */
#ifndef SICE_RESET_H
#define SICE_RESET_H
#endif
