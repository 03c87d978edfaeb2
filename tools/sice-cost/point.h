/* Instructions that do nothing, and that count.c knows: NOP with an operand that nobody else uses. */
#ifndef POINT_H
#define POINT_H
enum { POINT_BASE = 0x51CE0000, POINT_MODE = 0, POINT_TEST = 16, POINT_END = 32, POINT_LAST = 48 };
#endif
