/* Instructions that do nothing, and that tools/profile/count.c knows: NOP with an operand that nobody else uses. A part of a
 * benchmark starts with its number and ends with POINT_END; each sample in it starts with POINT_SAMPLE. */
#ifndef POINTS_H
#define POINTS_H
#define POINT_BASE 0x51CE0100
#define POINT_END 0
#define POINT_SAMPLE 1
#define POINT_ROUND_TRIP 2
#define POINT_MULTI_CORE 3
#define POINT_LOAD 4
#define POINT_LAST 5
#if !defined(__ASSEMBLER__)
void probe_point_end(void);
void probe_point_sample(void);
void probe_point_round_trip(void);
void probe_point_multi_core(void);
void probe_point_load(void);
#endif
#endif
