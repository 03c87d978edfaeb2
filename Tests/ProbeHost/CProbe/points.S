/* points.h: the places where tools/profile/count.c looks at its counters. */
#if !defined(__linux__)
#include "points.h"
    .macro point name, number
    .globl \name
\name:
    .byte 0x0F, 0x1F, 0x80              /* nopl disp32(%rax) */
    .long POINT_BASE + \number
    ret
    .endm
    .code64
    .section .text.probe_points, "ax", @progbits
    point probe_point_end, POINT_END
    point probe_point_sample, POINT_SAMPLE
    point probe_point_round_trip, POINT_ROUND_TRIP
    point probe_point_multi_core, POINT_MULTI_CORE
    point probe_point_load, POINT_LOAD
#endif
