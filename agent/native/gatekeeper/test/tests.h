#ifndef LINEGATE_GATEKEEPER_TESTS_H
#define LINEGATE_GATEKEEPER_TESTS_H

#include "rig.h"

void test_pieces(void);
void test_rules(void);
void test_outputs(void);
void test_early(void);
void test_belt(uint64_t parts);

#endif
