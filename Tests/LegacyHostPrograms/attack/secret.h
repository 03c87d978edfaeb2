/* Words that an isolated environment computes. Only masked ones are anywhere outside of it. */
#ifndef SECRET_H
#define SECRET_H
#define secret_seed 0x5DEECE66D7654321
#define secret_factor 6364136223846793005
#define secret_steps 777
#define secret_mask 0x3C5AA5C30FF0E187
/* The word after so many steps, and the one after that, masked. */
#define secret_first 0x99D8EBC3406998E1
#define secret_next 0xC505F5141E611168
#endif
