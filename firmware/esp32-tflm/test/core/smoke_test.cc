#include "linegate/classifier.h"
#include "linegate/clock.h"
#include "linegate/edges.h"
#include "linegate/flash.h"
#include "linegate/frame_source.h"
#include "linegate/gate.h"
#include "linegate/guard.h"
#include "linegate/platform.h"
#include "linegate/record_store.h"
#include "linegate/transport.h"
#include "support/test.h"

extern "C" {
#include "preprocess.h"
#include "track.h"
}

TEST(statuses_have_names) { EXPECT_TEXT(linegate::NameOf(linegate::Status::kNoSpace), "no-space"); }
TEST(tracker_is_small) { EXPECT(sizeof(struct track) < 8000); }
